"""An amount in euro, written the Italian way: 1.234,56."""

import re
from decimal import Decimal

from babel.numbers import NumberFormatError, format_decimal, parse_decimal

from parsers.fields.confusions import digits
from parsers.fields.folding import squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse

NUMBER = re.compile(r"[0-9][0-9.,]*")
DECIMALS = 2
CURRENCY = re.compile(r"€|\beuro\b|\beur\b|[\s'_|]", re.IGNORECASE)
REASON = "L'importo va scritto con la virgola e due decimali, per esempio 1.234,56."


def compact(raw: str) -> str:
    """Strip currency, spaces and apostrophes.

    >>> compact("€ 1.234,56")
    '1.234,56'
    """
    return CURRENCY.sub("", squeeze(raw))


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take an amount of at most two decimals, as a decimal string.

    >>> from datetime import date
    >>> parse("1.234,56", Context(date(2026, 1, 1))).value
    '1234.56'
    """
    text = compact(raw)
    value = _italian(text)
    if value is not None:
        return Parsed(value)
    return refuse(REASON, *_repairs(text))


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show the Italian way, with the decimals that it has.

    >>> format("1234.50")
    '1.234,50'
    """
    number = Decimal(str(value))
    pattern = "#,##0." + "0" * max(0, -int(number.as_tuple().exponent))
    return format_decimal(number, format=pattern.rstrip("."), locale="it_IT")


def _italian(text: str) -> str | None:
    """Parse strictly: without ``strict`` babel 2.18 reads 1234.56 as 123456 and 1,234.56 as 1.23456."""
    if not NUMBER.fullmatch(text):
        return None
    try:
        number = parse_decimal(text, locale="it_IT", strict=True)
    except NumberFormatError:
        return None
    decimals = -int(number.as_tuple().exponent)
    return f"{number:f}" if decimals <= DECIMALS and len(text) <= 20 else None


def _repairs(text: str) -> tuple[str, ...]:
    """Offer the amount with letters read as digits, or with comma and point swapped (foreign keyboards)."""
    figures = digits(text).rstrip(".,-=")
    swapped = figures.translate(str.maketrans(",.", ".,"))
    return tuple(v for v in map(_italian, (figures, swapped)) if v is not None)
