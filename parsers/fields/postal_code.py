"""CAP: five digits, kept as text because leading zeros count."""

import re

from parsers.fields.confusions import digits
from parsers.fields.folding import code
from parsers.fields.parsed import Context, Parsed, Parts, refuse

SHAPE = re.compile(r"[0-9]{5}")


def compact(raw: str) -> str:
    """Strip separators.

    >>> compact("0 0 1 9 7")
    '00197'
    """
    bare = code(raw)
    return bare[1:] if bare.startswith("I") and SHAPE.fullmatch(bare[1:]) else bare  # I-00197, the old postal style


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take five digits; lost leading zeros are only proposed."""
    cap = compact(raw)
    if SHAPE.fullmatch(cap):
        return Parsed(cap)
    repaired = digits(cap).zfill(5) if len(cap) in {3, 4, 5} else ""
    return refuse(
        "Il CAP ha cinque cifre, zeri iniziali compresi, per esempio 00197.",
        *((repaired,) if SHAPE.fullmatch(repaired) else ()),
    )


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)
