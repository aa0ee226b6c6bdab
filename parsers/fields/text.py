"""A line of free text."""

from parsers.fields.folding import squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse

NOTHING = "Il campo contiene solo segni: serve un testo leggibile."


def compact(raw: str) -> str:
    """Reduce to one space between words.

    >>> compact("  Sportello   Luce S.p.A. ")
    'Sportello Luce S.p.A.'
    """
    return squeeze(raw)


def parse(raw: str, context: Context) -> Parsed:
    """Take any text that has a letter or a digit and is not too long."""
    text = compact(raw)
    if not any(c.isalnum() for c in text):
        return refuse(NOTHING)
    if 0 < context.max_length < len(text):
        return refuse(
            f"Il testo ha {len(text)} caratteri e il campo ne ammette {context.max_length}: riportare solo il dato."
        )
    return Parsed(text)


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)
