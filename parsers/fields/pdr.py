"""PDR, the point of delivery of gas: 14 digits, the first four of the distributor, no check digit."""

import re

from parsers.fields import pod
from parsers.fields.confusions import digits
from parsers.fields.folding import code
from parsers.fields.parsed import Context, Parsed, Parts, refuse

SHAPE = re.compile(r"[0-9]{14}")
SPREADSHEET = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)


def compact(raw: str) -> str:
    """Strip separators, and the ``IT`` that some write before it.

    >>> compact("IT 0012 3456 789012")
    '00123456789012'
    """
    bare = code(raw)
    return bare[2:] if bare.startswith("IT") and SHAPE.fullmatch(bare[2:]) else bare


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take 14 digits; lost leading zeros are never filled in silently."""
    pdr = compact(raw)
    if SHAPE.fullmatch(pdr):
        return Parsed(pdr)
    if pod.SHAPE.fullmatch(pdr):
        return refuse("Questo è un codice POD (luce), non un PDR: spostarlo nella casella POD.")
    if SPREADSHEET.fullmatch(pdr):
        return refuse("Il codice PDR è stato rovinato da un foglio di calcolo: riscrivere le 14 cifre dalla bolletta.")
    return refuse(
        "Il codice PDR ha 14 cifre, zeri iniziali compresi, per esempio 00123456789012.", *_repairs(digits(pdr))
    )


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)


def _repairs(figures: str) -> tuple[str, ...]:
    """Offer look-alikes read as digits, and up to two lost leading zeros."""
    padded = figures.zfill(14)
    near = len(figures) >= len(padded) - 2
    return (padded,) if near and SHAPE.fullmatch(padded) else ()
