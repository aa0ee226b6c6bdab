"""Place: somewhere on a blank that seems made to be written into or ticked, and the words around it."""

from dataclasses import dataclass
from enum import StrEnum

from pages.page import Box


class Shape(StrEnum):
    """What a place looks like."""

    LINE = "line"
    BOX = "box"
    CELLS = "cells"
    AREA = "area"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words with no wide gap between them, on one line, or on several ``lines`` where they fill a cell of a table."""

    text: str
    box: Box
    bold: bool = False
    lines: int = 1

    @property
    def height(self) -> float:
        """Height of a line in mm, for telling headings."""
        return self.box.height / self.lines


@dataclass(frozen=True, slots=True)
class Place:
    """A place on ``page`` (from 1). ``found`` says in plain words by what it was found.

    ``widget`` is the name of its form field in the PDF, ``state`` what switches it on there (buttons),
    ``group`` tells radio buttons that belong together. ``inner`` is a label that is printed inside its cell,
    ``head`` one that fills the cell to its left or over its column, in whose ``row`` it is (from 1; 0: the only one).
    ``dated`` tells a line that strokes part into day, month, year.
    """

    page: int
    box: Box
    shape: Shape
    found: str
    cells: int = 0
    lines: int = 1
    max_length: int = 0
    widget: str = ""
    state: str = ""
    group: str = ""
    tip: str = ""
    inner: str = ""
    head: Phrase | None = None
    row: int = 0
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was found on one page."""

    page: int
    width_mm: float
    height_mm: float
    places: tuple[Place, ...]
    phrases: tuple[Phrase, ...]

    @property
    def items(self) -> tuple[Place | Phrase, ...]:
        """Give places and phrases together."""
        return (*self.places, *self.phrases)


def overlap(one: Box, other: Box) -> float:
    """Answer which share of the smaller box the two have in common."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / min(one.width * one.height, other.width * other.height)


def around(boxes: list[Box]) -> Box:
    """Give the smallest box around several."""
    left, top = min(b.left for b in boxes), min(b.top for b in boxes)
    return Box(left, top, max(b.right for b in boxes) - left, max(b.bottom for b in boxes) - top)
