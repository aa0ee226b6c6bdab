"""A province of two letters. NA is Napoli and NO is Novara: never "not applicable", never "no"."""

from parsers.fields.confusions import look_alikes
from parsers.fields.folding import code, key
from parsers.fields.parsed import Context, Parsed, Parts, refuse
from parsers.fields.provinces import ABROAD, GONE, NAMES, OTHER_NAMES, REPLACED, WITHDRAWN

BY_NAME = {key(name): sign for sign, name in NAMES.items()} | {key(name): sign for name, sign in OTHER_NAMES.items()}


def compact(raw: str) -> str:
    """Find the two letters of a code or of a name.

    >>> compact("(na)"), compact("Napoli"), compact("PS")
    ('NA', 'NA', 'PU')
    """
    sign = code(raw).strip("()[],;'\"*")
    sign = BY_NAME.get(key(raw), sign)
    return REPLACED.get(sign, sign)


def parse(raw: str, context: Context) -> Parsed:
    """Take an active province, or a withdrawn Sardinian one; ``EE`` and the lost ones only for a birth."""
    sign = compact(raw)
    if sign in NAMES or sign in WITHDRAWN:
        return Parsed(sign)
    if context.birth and (sign == ABROAD or sign in GONE):
        return Parsed(sign)
    if sign == ABROAD:
        return refuse("EE vale solo per chi è nato all'estero: indicare la provincia italiana, per esempio RM.")
    return refuse("La provincia non esiste: scrivere la sigla di due lettere, per esempio RM o NA.", *_repairs(sign))


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)


def _repairs(sign: str) -> tuple[str, ...]:
    """Offer provinces that look like what was written (R0 for RO, 10 for TO)."""
    if len(sign) != len("RM"):
        return ()
    first, last = ((c, *look_alikes(c)) for c in sign)
    return tuple(a + b for a in first for b in last if a + b in NAMES)[:4]
