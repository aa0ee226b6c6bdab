"""Names for fields and options: small letters, digits and underscores, no two alike."""

import re
from collections.abc import Container

from templates.draft.guess import folded

ARTICLES = ("il", "lo", "la", "i", "gli", "le", "l", "un", "una")
LINKS = (
    "di",
    "del",
    "della",
    "dello",
    "dei",
    "delle",
    "da",
    "dal",
    "a",
    "al",
    "alla",
    "e",
    "ed",
    "o",
    "in",
    "per",
    "con",
)
STOP = frozenset(ARTICLES + LINKS)
MOST_WORDS = 5
MOST_LETTERS = 40
SHORTER = (("il sottoscritto", "sottoscritto"), ("la sottoscritta", "sottoscritto"), ("e-mail", "email"))


def slug(text: str, fallback: str, *, digits: bool = False) -> str:
    """Make a name of a label: ``Comune di nascita`` -> ``comune_nascita``; the fallback where nothing is left.

    Names of fields begin with a letter; values of options need not (``digits``).
    """
    words = folded(re.sub(r"\([^)]*\)", " ", text) if len(text) > 12 else text)
    for long, short in SHORTER:
        words = words.replace(long, short)
    parts = [part for part in re.findall(r"[a-z0-9]+", words.replace("'", " ")) if part not in STOP]
    name = "_".join(parts[:MOST_WORDS])[:MOST_LETTERS].strip("_")
    if not name or (len(name) < 2 and not digits):
        return fallback
    return name if digits or name[0].isalpha() else f"{fallback}_{name}"


def unique(name: str, taken: Container[str], prefix: str = "") -> str:
    """Make a name that is not taken yet: with its section's first word before it, else with a number behind it."""
    if name not in taken:
        return name
    longer = f"{prefix}_{name}" if prefix and not name.startswith(prefix) else ""
    if longer and longer not in taken:
        return longer
    base = longer or name
    return next(f"{base}_{i}" for i in range(2, 10_000) if f"{base}_{i}" not in taken)
