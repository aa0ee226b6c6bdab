"""A list of entries, such as bill numbers."""

import re

from parsers.fields.folding import squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse
from parsers.fields.text import NOTHING

SEPARATORS = re.compile(r"[;,\n\r]|\s+e\s+")


def compact(raw: str) -> str:
    """Write the entries with semicolons between them.

    >>> compact("FT 12/2025, FT 13/2025 e FT 14/2025")
    'FT 12/2025; FT 13/2025; FT 14/2025'
    """
    return "; ".join(_entries(raw))


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take one entry or more, in their order.

    >>> from datetime import date
    >>> parse("101; 102", Context(date(2026, 1, 1))).value
    ('101', '102')
    """
    entries = _entries(raw)
    return Parsed(entries) if entries else refuse(NOTHING)


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show with semicolons."""
    return value if isinstance(value, str) else "; ".join(value)


def _entries(raw: str) -> tuple[str, ...]:
    # Folding may itself make a separator (a full-width comma), so it comes first, line by line.
    lines = "\n".join(squeeze(line) for line in raw.splitlines())
    parts = (" ".join(part.split()) for part in SEPARATORS.split(lines))
    return tuple(part for part in parts if any(c.isalnum() for c in part))
