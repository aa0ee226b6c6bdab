"""Find phrases in text that an engine read, with a slip or two."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from parsers.clues import Clue
from parsers.fields.folding import fold

LONG_ENOUGH = 10
"""Characters from which a phrase may have slips: in a shorter one a slip makes another word."""
LIKE = 88.0
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Weighed:
    """How much speaks for something, and the phrases that do."""

    weight: float
    found: tuple[str, ...]


def ready(text: str) -> str:
    """Fold a page's text for searching; of a very long one the beginning.

    >>> ready("Carta  d’IDENTITÀ")
    "carta d'identita"
    """
    return fold(text[:LONGEST])


def weigh(text: str, clues: Iterable[Clue]) -> Weighed:
    """Add the weights of the clues that stand in a ready text; the second and later ones count half.

    >>> weigh(ready("RICEVUTA Dl PAGAMENTO"), [Clue("ricevuta di pagamento", 1.1)]).weight
    1.1
    """
    found = sorted((c for c in clues if contains(text, c.phrase)), key=lambda c: -c.weight)
    total = sum(c.weight / (2 if i else 1) for i, c in enumerate(found))
    return Weighed(round(total, 3), tuple(c.phrase for c in found))


def contains(text: str, phrase: str) -> bool:
    """Tell whether a phrase stands in a ready text as words, or nearly if it is long enough."""
    if f" {phrase}" in f" {text}":
        return True
    return len(phrase) >= LONG_ENOUGH and len(text) >= len(phrase) and fuzz.partial_ratio(phrase, text) >= LIKE
