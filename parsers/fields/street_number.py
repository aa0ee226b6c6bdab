"""A house number: 12, 12/A, 12 bis, SNC."""

import re

from parsers.fields.folding import key, squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse

PREFIX = re.compile(r"^(?:n\.?r?\.?°?|n°|nr\.?|num\.?|numero|civ\.?|civico)\s*(?=[0-9])", re.IGNORECASE)
WITHOUT = {"snc", "sn", "senzanumero", "senzanumerocivico"}
LONGEST = 20


def compact(raw: str) -> str:
    """Strip the word for number and write ``SNC`` for a house without one.

    >>> compact("n. 12/A"), compact("s.n.c.")
    ('12/A', 'SNC')
    """
    text = squeeze(raw).strip(" _|,;:")
    return "SNC" if key(text) in WITHOUT else PREFIX.sub("", text)


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take a number with its additions, or ``SNC``."""
    text = compact(raw)
    if text == "SNC" or (any(c in "0123456789" for c in text) and len(text) <= LONGEST):
        return Parsed(text)
    return refuse("Il numero civico deve contenere una cifra, per esempio 12 o 12/A; se non c'è, scrivere SNC.")


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)
