"""The marks by which a customer says that a field does not concern him."""

import re

from parsers.fields.folding import DASHES, fold, squeeze
from templates.form import Kind

STROKES = re.compile(r"[-/\\_=~.\s]*[-/\\=~][-/\\_=~.\s]*")
WORDS = frozenset({"n/a", "n.a.", "n.a", "nessuno", "nessuna", "non applicabile"})
OF_PROVINCES = WORDS - {"n.a.", "n.a"}
"""NA is Napoli, with or without full stops, and NO is Novara."""


def says_not_applicable(text: str, kind: Kind) -> bool:
    """Tell whether a text is a stroke or a word for "does not concern me".

    >>> says_not_applicable("N/A", Kind.TEXT), says_not_applicable("—", Kind.PROVINCE)
    (True, True)
    >>> says_not_applicable("NA", Kind.PROVINCE), says_not_applicable("n.a.", Kind.PROVINCE)
    (False, False)
    """
    plain = squeeze(text).translate(DASHES)
    words = OF_PROVINCES if kind is Kind.PROVINCE else WORDS
    return bool(STROKES.fullmatch(plain)) or fold(plain) in words
