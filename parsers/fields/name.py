"""A person's surname or given name."""

import re

from parsers.fields.confusions import letters
from parsers.fields.folding import squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse

SHAPE = re.compile(r"[^\W\d_](?:[^\W\d_]|['. \-])*")
LONGEST = 80


def compact(raw: str) -> str:
    """Trim to the name as written, without the lines and dots of the boxes.

    >>> compact(" _D’Esempio_ |")
    "D'Esempio"
    """
    return squeeze(squeeze(raw).strip(" _|.,;:·-"))


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take letters, apostrophes, hyphens and full stops; a name with digits is a misreading or no name."""
    name = compact(raw)
    if SHAPE.fullmatch(name) and len(name) <= LONGEST:
        return Parsed(name)
    repaired = compact(letters(name.upper()))
    proposals = (repaired,) if SHAPE.fullmatch(repaired) and len(repaired) <= LONGEST else ()
    return refuse("Il nome contiene segni che un nome non ha: scrivere solo lettere, per esempio ROSSI.", *proposals)


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)
