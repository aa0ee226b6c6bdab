"""An address given as "come sopra": the holder's address, said in two words."""

from collections.abc import Mapping
from dataclasses import replace

from parsers.fields.folding import key
from parsers.reading import State, Value

SAME = frozenset({"comesopra", "cs", "idem", "vedisopra", "comeindirizzodiresidenza", "stessoindirizzo", "residenza"})
PARTS = ("street", "street_number", "postal_code", "municipality", "province")
PREFIXES = ("supply", "mailing", "delegate")


def spread(values: Mapping[str, Value]) -> dict[str, Value]:
    """Copy the holder's address to each other address whose street says that it is the same.

    The raw text and the box stay those of the ink; a part that has a value of its own keeps it.
    """
    out = dict(values)
    for prefix in PREFIXES:
        street = values.get(f"{prefix}_street")
        if street is not None and key(street.raw) in SAME:
            out |= {v.field: v for part in PARTS if (v := _copied(values, prefix, part)) is not None}
    return out


def _copied(values: Mapping[str, Value], prefix: str, part: str) -> Value | None:
    own, holder = values.get(f"{prefix}_{part}"), values.get(f"holder_{part}")
    if own is None or holder is None or holder.state is not State.FILLED:
        return None
    if part != "street" and own.state is not State.EMPTY and key(own.raw) not in SAME:
        return None
    sure = min(own.confidence, holder.confidence)
    return replace(own, value=holder.value, state=State.FILLED, confidence=sure, reason="", proposals=())
