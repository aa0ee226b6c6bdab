"""A telephone number, stored as E.164, with ``;ext=`` for an extension (RFC 3966)."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from parsers.fields.confusions import digits
from parsers.fields.folding import DASHES, squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse

LABEL = re.compile(r"^(?:tel|cell|fax|telefono|cellulare|mobile|n)\b[.:°]*\s*", re.IGNORECASE)
EXTENSION = re.compile(r"[\s,;.]*(?:;ext=|\bint(?:erno)?\b\.?|\best\b\.?|\bext\b\.?)\s*([0-9]{1,6})$", re.IGNORECASE)
SIGNS = re.compile(r"\+?[0-9 ()./\-]+")
BETWEEN_NUMBERS = re.compile(r"\s*(?:[/;,]|\s-\s|\bo\b|\be\b)\s*", re.IGNORECASE)
SHORTEST_OF_TWO = 6
REASON = "Il numero di telefono non è valido: scrivere prefisso e numero, per esempio 06 55555555 o 333 1234567."


def compact(raw: str) -> str:
    """Strip labels and the lines of the boxes.

    >>> compact("Tel. 06 5555 5555")
    '06 5555 5555'
    """
    return LABEL.sub("", squeeze(raw).translate(DASHES).strip(" _|")).replace("_", "").replace("|", "")


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take one number, Italian unless it has a country code; of two in a box the first, offering the second.

    >>> from datetime import date
    >>> parse("02 1234567 int. 5", Context(date(2026, 1, 1))).value
    '+39021234567;ext=5'
    """
    text = compact(raw)
    number = _number(text)
    if number:
        return Parsed(number)
    both = _split(text)
    if both:
        return Parsed(both[0], "Nella casella ci sono due numeri di telefono.", both)
    repaired = _number(digits(text)) if not SIGNS.fullmatch(text) else None
    return refuse(REASON, *((repaired,) if repaired else ()))


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show in the international way.

    >>> format("+39021234567;ext=5")
    '+39 02 123 4567 int. 5'
    """
    plain, _, extension = str(value).partition(";ext=")
    shown = phonenumbers.format_number(phonenumbers.parse(plain, "IT"), PhoneNumberFormat.INTERNATIONAL)
    return f"{shown} int. {extension}" if extension else shown


def _number(text: str) -> str | None:
    found = EXTENSION.search(text)
    plain = text[: found.start()] if found else text
    # Letters would be taken as vanity digits, and a letter O before the number would be dropped.
    if not SIGNS.fullmatch(plain):
        return None
    try:
        number = phonenumbers.parse(plain, "IT")
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) + (f";ext={found[1]}" if found else "")


def _split(text: str) -> tuple[str, ...]:
    """Split two whole numbers; the stroke of 333/1234567 does not separate numbers."""
    parts = [p for p in BETWEEN_NUMBERS.split(text) if sum(c.isdigit() for c in p) >= SHORTEST_OF_TWO]
    numbers = tuple(n for n in map(_number, parts) if n)
    return numbers if len(numbers) == len(parts) > 1 else ()
