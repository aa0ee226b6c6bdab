"""How a text looks in block capitals: accents become an apostrophe after the letter."""

import unicodedata


def in_capitals(text: str) -> str:
    """Write a text in capitals without accents, as people fill in forms.

    >>> in_capitals("Forlì, via Nicolò 3")
    "FORLI', VIA NICOLO' 3"
    """
    marked = unicodedata.normalize("NFD", text.upper())
    return "".join("'" if unicodedata.combining(c) else c for c in marked).replace("’", "'")
