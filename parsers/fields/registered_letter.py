"""The number of a registered letter: 12 digits inland, or UPU S10 (two letters, nine digits, country)."""

import re

from parsers.fields.folding import code
from parsers.fields.parsed import Context, Parsed, Parts, refuse

INLAND = re.compile(r"[0-9]{12}")
ABROAD = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def compact(raw: str) -> str:
    """Strip separators, upper case.

    >>> compact("rr 473 124 829 it")
    'RR473124829IT'
    """
    return code(raw)


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take an inland number unchecked (its check rule is not known), or an S10 number that passes."""
    number = compact(raw)
    if INLAND.fullmatch(number):
        return Parsed(number)
    if ABROAD.fullmatch(number):
        good = check_digit(number[2:10]) == number[10]
        return Parsed(number) if good else refuse("La cifra di controllo della raccomandata non torna: rileggerla.")
    return refuse("Il numero della raccomandata ha 12 cifre, oppure due lettere, nove cifre e due lettere.")


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)


def check_digit(serial: str) -> str:
    """Compute the S10 check digit of an eight-digit serial.

    >>> check_digit("47312482"), check_digit("00000000"), check_digit("00000003")
    ('9', '5', '1')
    """
    remainder = 11 - sum(int(d) * w for d, w in zip(serial, WEIGHTS, strict=True)) % 11
    return {10: "0", 11: "5"}.get(remainder, str(remainder))
