"""Partita IVA: 11 digits with a Luhn check digit and an office code (Agenzia delle Entrate; python-stdnum)."""

import re

from stdnum.it import iva

from parsers.fields.confusions import digits, respellings
from parsers.fields.folding import code
from parsers.fields.parsed import Context, Parsed, Parts, refuse

SHAPE = re.compile(r"[0-9]{11}")


def compact(raw: str) -> str:
    """Strip separators and the country prefix.

    >>> compact("IT 12345670017")
    '12345670017'
    """
    return code(raw).removeprefix("IT")


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take 11 ASCII digits that pass the check."""
    number = compact(raw)
    if is_valid(number):
        return Parsed(number)
    if not SHAPE.fullmatch(number):
        repaired = digits(number)
        return refuse(
            "La partita IVA ha 11 cifre, per esempio 12345670017.", *((repaired,) if is_valid(repaired) else ())
        )
    return refuse("La cifra di controllo della partita IVA non torna: rileggere le 11 cifre.", *repairs(number))


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)


def is_valid(number: str) -> bool:
    """Tell whether 11 digits pass Luhn and carry a known office code."""
    return bool(SHAPE.fullmatch(number)) and bool(iva.is_valid(number))


def repairs(number: str) -> tuple[str, ...]:
    """List the numbers one look-alike away that pass the check, four at most."""
    return tuple(r for r in respellings(number) if is_valid(r))[:4]
