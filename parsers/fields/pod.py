"""POD, the point of delivery of electricity.

``IT`` + 3 digits of the distributor + ``E`` + 8 characters, and a 15th control character set by the distributor whose
algorithm is not public. Rome (distributor 002) has 7 digits and the letter A. There is no check digit.
"""

import re

from parsers.fields.confusions import digits
from parsers.fields.folding import code
from parsers.fields.parsed import Context, Parsed, Parts, refuse

SHAPE = re.compile(r"IT[0-9]{3}E[0-9A-Z]{8,9}")
PDR_SHAPE = re.compile(r"[0-9]{14}")
SHORTEST, LONGEST = 14, 15
HEAD = {"1T", "LT", "17", "I7", "L7", "IT", "TT", "JT"}


def compact(raw: str) -> str:
    """Strip separators, upper case.

    >>> compact("it 002 E 1234567-A")
    'IT002E1234567A'
    """
    return code(raw)


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take a POD of 14 or 15 characters; repair proposals touch only the six fixed positions."""
    pod = compact(raw)
    if SHAPE.fullmatch(pod):
        return Parsed(pod)
    if PDR_SHAPE.fullmatch(pod):
        return refuse("Questo è un codice PDR (gas), non un POD: spostarlo nella casella PDR.")
    return refuse(
        "Il codice POD inizia con IT, tre cifre e la lettera E, e ha 14 o 15 caratteri, per esempio IT001E12345678.",
        *_repairs(pod),
    )


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show in groups, as on bills.

    >>> format("IT001E12345678")
    'IT 001 E 12345678'
    """
    pod = str(value)
    return f"{pod[:2]} {pod[2:5]} {pod[5]} {pod[6:]}" if SHAPE.fullmatch(pod) else pod


def same(one: str, other: str) -> bool:
    """Compare two PODs on the first 14 characters, since the control character is often left out."""
    return compact(one)[:SHORTEST] == compact(other)[:SHORTEST]


def _repairs(pod: str) -> tuple[str, ...]:
    """Repair the fixed positions only: the tail has no rule, so nothing can be told about it."""
    if not SHORTEST <= len(pod) <= LONGEST:
        return ()
    head = "IT" if pod[:2] in HEAD else pod[:2]
    letter = "E" if pod[5] in "F3E6" else pod[5]
    repaired = head + digits(pod[2:5]) + letter + pod[6:]
    return (repaired,) if SHAPE.fullmatch(repaired) else ()
