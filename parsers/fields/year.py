"""A year of four digits."""

import re

from parsers.fields.confusions import digits
from parsers.fields.folding import code
from parsers.fields.parsed import Context, Parsed, Parts, refuse

SHAPE = re.compile(r"[0-9]{4}")
EARLIEST = 1900


def compact(raw: str) -> str:
    """Strip what stands around the digits.

    >>> compact("2 0 2 5")
    '2025'
    """
    return code(raw).replace("'", "")


def parse(raw: str, context: Context) -> Parsed:
    """Take a year from 1900 to the next one; two digits are only a proposal."""
    year = compact(raw)
    if SHAPE.fullmatch(year) and EARLIEST <= int(year) <= context.today.year + 1:
        return Parsed(year)
    repaired = digits(year)
    full = f"20{repaired}" if len(repaired) == len("25") else repaired
    possible = SHAPE.fullmatch(full) and EARLIEST <= int(full) <= context.today.year + 1
    example = context.today.year
    return refuse(f"Serve un anno di quattro cifre, per esempio {example}.", *((full,) if possible else ()))


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)
