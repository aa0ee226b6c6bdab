"""Cascade: readers of single lines from the quickest to the most thorough; the next is asked where a doubt is left.

Two readers that share nothing err in other places: where our own and Tesseract read alike they were wrong in 1 of 190
fields of scans and 2 of 180 of fine faxes; PP-OCRv6 alone, at .9 or more, in 0 of 200 and 4 of 190, at twice the cost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocr.alphabet import ALPHABETS
from ocr.engine import Engine, Recognised
from pages.page import Picture
from templates.form import Kind

DOUBTFUL = 0.5
"""Below this a reading of our own is a guess, and one that agrees with it may be the same guess."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one engine read of a line."""

    engine: Engine
    read: Recognised


Check = Callable[[Kind, Recognised], bool | None]
"""Tells whether a reading passes the check of its kind (a digit, an official list); None where that says nothing."""


def no_check(kind: Kind, read: Recognised) -> None:  # noqa: ARG001 - one shape for all
    """Have every line read by two readers at least."""
    return


@dataclass(frozen=True, slots=True)
class Cascade:
    """``quick`` reads every line, ``second`` what no check confirms, ``thorough`` what these two read apart.

    What fails the check of its kind is read by all three.
    """

    quick: Engine
    second: Engine
    thorough: Engine
    check: Check = no_check

    def read(self, picture: Picture, kind: Kind, allowed: str = "") -> tuple[Heard, ...]:
        """Read a line: the reading to go by first, then what others said, those that agree before those that do not."""
        quick = Heard(self.quick, self.quick.read_line(picture, allowed))
        passes = self.check(kind, quick.read)
        if passes:
            return (quick,)
        second = Heard(self.second, self.second.read_line(picture, ALPHABETS.get(kind, "")))
        if passes is None and quick.read.confidence >= DOUBTFUL and alike(quick.read.text, second.read.text):
            return (quick, second)
        first = Heard(self.thorough, self.thorough.read_line(picture, allowed))
        others = sorted((second, quick), key=lambda other: not alike(first.read.text, other.read.text))
        return (first, *(other for other in others if other.read.text))


def side_by_side(parts: Sequence[tuple[Heard, ...]]) -> tuple[Heard, ...]:
    """Join the readings of the words of one line: the best of each, and beside it what was said second of all."""
    joined = [_joined([part[0] for part in parts])]
    if all(len(part) > 1 for part in parts):
        joined.append(_joined([part[1] for part in parts]))
    return tuple(joined)


def _joined(words: Sequence[Heard]) -> Heard:
    text, sure = " ".join(word.read.text for word in words), min(word.read.confidence for word in words)
    # The least certain word's engine answers for all of them.
    return Heard(min(words, key=lambda word: word.read.confidence).engine, Recognised(text, sure))


def alike(one: str, other: str) -> bool:
    """Tell whether two readings are the same but for spaces."""
    return "".join(one.split()) == "".join(other.split()) != ""
