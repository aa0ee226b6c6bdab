"""Codice fiscale: 16 characters of a person, or 11 digits (provisional, or of an entity).

Rules: DM 23/12/1976 and the Agenzia delle Entrate's omocodia. python-stdnum guesses the century within 1920-2019 and
does not check the birthplace; python-codicefiscale transliterates silently. So both are used only for what they are
sure of: the check digit of the 11 digits, and the list of cadastral codes.
"""

import re
from collections.abc import Callable
from datetime import date

from stdnum import luhn

from parsers.fields import checksums, places, vat
from parsers.fields.confusions import respellings
from parsers.fields.folding import code
from parsers.fields.parsed import Context, Parsed, Parts, refuse
from parsers.fields.tax_code_shape import OMOCODIA, SHAPE, birth_dates, plain, to_shape

ELEVEN = re.compile(r"[0-9]{11}")
LENGTH = 16
REMEDY = "ricopiarlo dalla tessera sanitaria."
RULES: tuple[tuple[Callable[[str, date], object], str], ...] = (
    (
        lambda number, _: checksums.letter(number[:15]) == number[15],
        f"Il carattere di controllo del codice fiscale (l'ultimo) non torna: {REMEDY}",
    ),
    (birth_dates, f"Il codice fiscale contiene una data di nascita che non esiste: {REMEDY}"),
    (
        lambda number, _: plain(number)[11:15] in places.codes(),
        f"Il codice fiscale contiene un luogo di nascita che non esiste: {REMEDY}",
    ),
)
"""What must hold of 16 characters of the right shape, and what to say where it does not."""


def compact(raw: str) -> str:
    """Strip separators, upper case.

    >>> compact("rssmra 80a01 h501u")
    'RSSMRA80A01H501U'
    """
    return code(raw)


def parse(raw: str, context: Context) -> Parsed:
    """Take a code whose shape, check character, date and birthplace are right; 11 digits need Luhn only.

    >>> from datetime import date
    >>> parse("RSSMRA80A01H501U", Context(date(2026, 1, 1))).value
    'RSSMRA80A01H501U'
    """
    number = compact(raw)
    reason = fault(number, context.today)
    return Parsed(number) if not reason else refuse(reason, *repairs(number, context.today))


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)


def fault(number: str, today: date) -> str:
    """Say in Italian what is wrong with a compact code, or "" if nothing is."""
    if ELEVEN.fullmatch(number):
        return "" if luhn.is_valid(number) and int(number) else "La cifra di controllo del codice fiscale non torna."
    if len(number) != LENGTH:
        return f"Il codice fiscale ha 16 caratteri, qui se ne leggono {len(number)}: {REMEDY}"
    if not SHAPE.fullmatch(number):
        return "Il codice fiscale ha lettere e cifre fuori posto: la forma giusta è come RSSMRA80A01H501U."
    return next((reason for holds, reason in RULES if not holds(number, today)), "")


def repairs(number: str, today: date) -> tuple[str, ...]:
    """List valid codes that look like this one: letters and digits put in their places, then single look-alikes."""
    if len(number) == len("97123450153") and ELEVEN.fullmatch(number):
        return tuple(r for r in respellings(number) if not fault(r, today))[:4]
    if len(number) != LENGTH or not number.isascii() or not number.isalnum():
        return ()
    shaped = to_shape(number)
    if not fault(shaped, today):
        return (shaped,)
    return tuple(r for r in respellings(shaped) if not fault(r, today))[:4]


def is_person(number: str) -> bool:
    """Tell the 16 characters of a person from the 11 digits of an entity or a provisional code."""
    return len(number) == LENGTH


def needs_review(number: str) -> bool:
    """Tell an 11-digit code whose office is not in the list, or that belongs to an entity (8 or 9 leads)."""
    return bool(ELEVEN.fullmatch(number)) and (not vat.is_valid(number) or number[0] in "89")


def has_omocodia(number: str) -> bool:
    """Tell whether letters stand for digits in a 16-character code."""
    return is_person(number) and any(number[i] in OMOCODIA for i in (6, 7, 9, 10, 12, 13, 14))
