"""Marks as people make them in and around a tick box, drawn on a grey picture of the sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np

from pages.page import MM_PER_INCH, Box, Picture

Point = tuple[float, float]
"""In box widths and heights from the box's top left corner."""
SHIFT = 4
"""Binary digits behind the point of the line drawing."""


@dataclass(frozen=True, slots=True)
class Pen:
    """What is written with: ``width_mm`` of its line, ``grey`` 0 (black) to 255."""

    width_mm: float = 0.45
    grey: int = 30


def pen(rng: Random, style: str) -> Pen:
    """Draw a pen: ballpoint, felt-tip or, for the style that asks for it, a faint pencil."""
    if style == "pencil":
        return Pen(rng.uniform(0.35, 0.6), rng.randint(120, 170))
    if style == "thin":
        return Pen(rng.uniform(0.18, 0.26), rng.randint(40, 95))
    return Pen(rng.uniform(0.3, 0.75), rng.randint(10, 75))


class Paper:
    """A sheet under the pen: a picture of ``dpi``, changed in place."""

    def __init__(self, picture: Picture, dpi: float) -> None:
        self.picture = picture
        self._per_mm = dpi / MM_PER_INCH

    def stroke(self, box: Box, points: Sequence[Point], tool: Pen) -> None:
        """Draw a line through points given in widths and heights of a box."""
        spots = [(box.left + x * box.width, box.top + y * box.height) for x, y in points]
        ends = np.array([[round((v * self._per_mm - 0.5) * 2**SHIFT) for v in spot] for spot in spots], np.int32)
        layer = np.full_like(self.picture, 255)
        width = max(1, round(tool.width_mm * self._per_mm))
        cv2.polylines(layer, [ends.reshape(-1, 1, 2)], False, (tool.grey,), width, cv2.LINE_AA, SHIFT)
        np.minimum(self.picture, layer, out=self.picture)


def mark(paper: Paper, box: Box, style: str, rng: Random) -> None:
    """Make a mark of ``style``, a key of ``STYLES``."""
    STYLES[style](paper, box, pen(rng, style), rng)


Make = Callable[[Paper, Box, Pen, Random], None]


def _shaken(points: Sequence[Point], rng: Random, by: float = 0.07) -> list[Point]:
    return [(x + rng.uniform(-by, by), y + rng.uniform(-by, by)) for x, y in points]


def _cross(reach: float) -> Make:
    def make(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
        low, high = 0.5 - reach, 0.5 + reach
        paper.stroke(box, _shaken([(low, low), (0.5, 0.52), (high, high)], rng), tool)
        paper.stroke(box, _shaken([(high, low), (0.5, 0.48), (low, high)], rng), tool)

    return make


def _check(tail: float) -> Make:
    def make(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
        end = (0.4 + 0.5 * tail, 0.82 - 0.72 * tail)
        paper.stroke(box, _shaken([(0.15, 0.5), (0.4, 0.82), end], rng), tool)

    return make


def _slash(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
    paper.stroke(box, _shaken([(0.1, 0.92), (0.5, 0.5), (0.9, 0.08)], rng), tool)


def _filled(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
    rows = [0.08 + 0.84 * i / 11 for i in range(12)]
    points = [(0.1 if (i + side) % 2 else 0.9, y) for i, y in enumerate(rows) for side in (0, 1)]
    paper.stroke(box, _shaken(points, rng, 0.04), Pen(max(tool.width_mm, 0.45), tool.grey))


def _dot(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
    x, y = rng.uniform(0.35, 0.65), rng.uniform(0.35, 0.65)
    size = rng.uniform(0.06, 0.14)
    ring = [(x + size * np.cos(a), y + size * np.sin(a)) for a in np.linspace(0, 7, 12)]
    paper.stroke(box, ring, tool)


def _circled(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
    wide, tall = rng.uniform(0.72, 0.95), rng.uniform(0.7, 0.85)
    turn = rng.uniform(0, 6.28)
    angles = np.linspace(turn, turn + rng.uniform(6.0, 7.2), 40)
    points = [(0.5 + wide * float(np.cos(a)), 0.5 + tall * float(np.sin(a))) for a in angles]
    paper.stroke(box, points, tool)


def _scribbled(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
    """Make a cross, and then a zigzag over it that goes out of the box."""
    _cross(0.4)(paper, box, tool, rng)
    count = rng.randint(7, 12)
    points = [(-0.2 + 1.4 * i / count, -0.15 if i % 2 else 1.15) for i in range(count + 1)]
    paper.stroke(box, _shaken(points, rng, 0.1), tool)
    points = [(-0.2 if i % 2 else 1.2, 0.05 + 0.9 * i / 6) for i in range(7)]
    paper.stroke(box, _shaken(points, rng, 0.1), tool)


def _from_below(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
    """Tick the box below with a tail that runs into this one, which is not meant."""
    below = Box(box.left, box.top + PITCH_MM, box.width, box.height)
    end = (rng.uniform(0.6, 1.0), rng.uniform(-1.25, -0.7))
    paper.stroke(below, _shaken([(0.15, 0.5), (0.4, 0.82), end], rng), tool)


def _specks(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
    for _ in range(rng.randint(1, 4)):
        x, y = rng.uniform(0, 1), rng.uniform(0, 1)
        paper.stroke(box, [(x, y), (x + 0.01, y)], Pen(rng.uniform(0.08, 0.2), tool.grey))


def _nothing(paper: Paper, box: Box, tool: Pen, rng: Random) -> None:
    """Leave the box empty."""


PITCH_MM = 6.4
"""From one row of boxes to the next, as in the forms' lists."""

STYLES: Mapping[str, Make] = {
    "empty": _nothing,
    "specks": _specks,
    "from-below": _from_below,
    "scribbled": _scribbled,
    "cross": _cross(0.38),
    "cross-out": _cross(0.75),
    "small-cross": _cross(0.2),
    "check": _check(1.0),
    "check-out": _check(1.7),
    "slash": _slash,
    "thin": _cross(0.38),
    "pencil": _cross(0.38),
    "filled": _filled,
    "circled": _circled,
    "dot": _dot,
}
MEANT: Mapping[str, bool] = {style: style not in {"empty", "specks", "from-below", "scribbled"} for style in STYLES}
"""Whether the box is meant by who made the mark."""
