"""A whole number, such as the members of a household."""

import re

from parsers.fields.confusions import digits
from parsers.fields.folding import code, fold
from parsers.fields.parsed import Context, Parsed, Parts, refuse

SHAPE = re.compile(r"[0-9]{1,9}")
WORDS = ("zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci")


def compact(raw: str) -> str:
    """Strip what stands around the digits.

    >>> compact(" 0 4 ")
    '04'
    """
    return code(raw)


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take digits, or an Italian number word up to ten.

    >>> from datetime import date
    >>> parse("quattro", Context(date(2026, 1, 1))).value
    '4'
    """
    number = compact(raw)
    if SHAPE.fullmatch(number):
        return Parsed(str(int(number)))
    word = fold(raw)
    if word in WORDS:
        return Parsed(str(WORDS.index(word)))
    repaired = digits(number)
    proposals = (str(int(repaired)),) if SHAPE.fullmatch(repaired) else ()
    return refuse("Serve un numero intero in cifre, per esempio 3.", *proposals)


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)
