"""Penman: somebody who fills in forms by hand, in block capitals; each writes in a way of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import cos, radians, sin, tan
from random import Random
from typing import Protocol

from samples.alphabet import GLYPHS, Point, Stroke, glyph
from samples.respelled import in_capitals

Strokes = tuple[Stroke, ...]


class Penman(Protocol):
    """Writes single characters: strokes in millimetres, x right and y down, the base of a capital's left edge at 0."""

    @property
    def pen_mm(self) -> float:
        """Width of the pen's line."""
        ...

    def write(self, character: str, rng: Random) -> Strokes:
        """Write one character; one that the penman does not know gives no stroke."""
        ...


@dataclass(frozen=True, slots=True)
class Style:
    """How a penman of ours writes; ``loose`` is how far points stray, as a share of the height."""

    seed: int
    height_mm: float
    aspect: float
    slant: float
    turn: float
    loose: float
    pen_mm: float


def draw_style(rng: Random) -> Style:
    """Draw a way of writing that people can read."""
    return Style(
        seed=rng.randrange(2**31),
        height_mm=rng.uniform(3.3, 4.6),
        aspect=rng.uniform(0.85, 1.2),
        slant=rng.gauss(4, 7),
        turn=rng.gauss(0, 1.5),
        loose=rng.uniform(0.012, 0.035),
        pen_mm=rng.uniform(0.3, 0.65),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A penman who writes our own alphabet: one variant of each character, bent alike each time, and a little loose."""

    style: Style
    habits: Mapping[str, Strokes] = field(repr=False)

    @classmethod
    def of(cls, style: Style) -> "Drawn":
        """Choose the variants and the lasting bends of a style."""
        rng = Random(style.seed)
        return cls(style, {c: _strayed(glyph(rng.choice(v)), rng, style.loose * 1.5) for c, v in GLYPHS.items()})

    @property
    def pen_mm(self) -> float:
        """Width of the pen's line."""
        return self.style.pen_mm

    def write(self, character: str, rng: Random) -> Strokes:
        """Write one character."""
        strokes = _strayed(self.habits.get(character, ()), rng, self.style.loose)
        size = self.style.height_mm * rng.uniform(0.93, 1.07)
        angle = self.style.turn + rng.gauss(0, 1.5)
        return tuple(tuple(_placed(p, size, self.style, angle) for p in stroke) for stroke in strokes)


def _placed(point: Point, size: float, style: Style, angle: float) -> Point:
    x, y = point[0] * style.aspect * size, (point[1] - 1) * size
    x -= y * tan(radians(style.slant))
    turn = radians(angle)
    return x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)


def _strayed(strokes: Strokes, rng: Random, loose: float) -> Strokes:
    """Let each stroke go astray as a whole, and bend it by a slow wave, as a hand does."""
    return tuple(_bent(stroke, rng, loose) for stroke in strokes)


def _bent(stroke: Stroke, rng: Random, loose: float) -> Stroke:
    dx, dy = rng.gauss(0, loose), rng.gauss(0, loose)
    ax, ay, px, py = rng.gauss(0, loose), rng.gauss(0, loose), rng.uniform(0, 6.3), rng.uniform(0, 6.3)
    return tuple((x + dx + ax * sin(5 * y + px), y + dy + ay * sin(5 * x + py)) for x, y in stroke)


def span(strokes: Strokes) -> tuple[float, float, float, float]:
    """Answer left, top, right and bottom of strokes (mm)."""
    xs, ys = [x for s in strokes for x, _ in s], [y for s in strokes for _, y in s]
    return min(xs), min(ys), max(xs), max(ys)


def spelled(penman: Penman, text: str, rng: Random) -> list[tuple[str, Strokes]]:
    """Write a text in capitals, character by character; spaces and unknown signs have no strokes."""
    return [(c, penman.write(c, rng)) for c in in_capitals(text)]
