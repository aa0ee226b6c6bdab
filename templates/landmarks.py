"""Landmarks: the printed words of a page that stand on it once, each a fixed point."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pages.page import Word


def landmarks(words: Sequence[Word]) -> Mapping[str, tuple[float, float]]:
    """Answer the left base point (mm) of every word of two letters or more that stands exactly once."""
    counts = Counter(word.text for word in words)
    return {w.text: base(w) for w in words if counts[w.text] == 1 and len(w.text) > 1}


def base(word: Word) -> tuple[float, float]:
    """Answer where a word begins on its line (mm)."""
    return word.box.left, word.box.bottom
