"""Draw characters as ink on a canvas of 128 pixels: pen strokes and glyphs of fonts, bent as hands bend them."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from training.handprint.strokes import Stroke

CANVAS_PX = 128
GLYPH_PX = 64.0
FINE = 16
"""Sixteenths of a pixel, as OpenCV counts them."""

Canvas = npt.NDArray[np.uint8]
"""Ink 255 on 0."""
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Bend:
    """How one drawing differs from its source: slant and such as a matrix, then a smooth wave."""

    matrix: npt.NDArray[np.float32]
    waves: npt.NDArray[np.float32]

    def of(self, points: Stroke) -> Stroke:
        """Bend points around 0; the larger side of the character is about 1."""
        moved = points @ self.matrix.T
        phase = moved[:, ::-1] * self.waves[2:4] + self.waves[4:6]
        return np.asarray(moved + self.waves[0:2] * np.sin(phase), dtype=np.float32)


def draw_bend(rng: Random) -> Bend:
    """Draw rotation N(0, 5 degrees), shear N(0, .14), aspect exp N(0, .13) and a wave of up to 4.5 % of the size."""
    angle = np.radians(np.clip(rng.normal(0, 5), -14, 14))
    shear = np.clip(rng.normal(0, 0.14), -0.4, 0.4)
    aspect = np.exp(rng.normal(0, 0.13) / 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, -shear], [0, 1]]) @ np.diag([aspect, 1 / aspect])
    waves = np.concatenate([rng.uniform(0, 0.045, 2), rng.uniform(2, 7, 2), rng.uniform(0, 2 * np.pi, 2)])
    return Bend(matrix.astype(np.float32), waves.astype(np.float32))


def pen_width(rng: Random) -> float:
    """Draw a width as a share of the larger side: log-normal, median 8.5 %, from 3 to 24 %."""
    return float(np.clip(0.085 * np.exp(rng.normal(0, 0.4)), 0.03, 0.24))


def bent(strokes: Sequence[Stroke], rng: Random) -> list[Stroke]:
    """Bend a character, and shift its strokes against each other in three of ten."""
    bend, loose = draw_bend(rng), len(strokes) > 1 and rng.random() < 0.3
    return [bend.of(_smooth(stroke) + (rng.normal(0, 0.02, 2) if loose else 0)) for stroke in strokes]


def draw_strokes(strokes: Sequence[Stroke], width: float) -> Canvas:
    """Draw strokes in the middle of a canvas: the larger side of the whole about 64 pixels."""
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    thick = max(2, round(width * GLYPH_PX))
    size = float(np.clip(thick / width, 50, 80)) / max(float((high - low).max()), 1e-3)
    canvas = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    for stroke in strokes:
        spots = (stroke - (low + high) / 2) * size + CANVAS_PX / 2
        fine = np.rint(spots * FINE).astype(np.int32).reshape(-1, 1, 2)
        if len(fine) == 1:
            fine = np.concatenate([fine, fine + FINE // 4])
        cv2.polylines(canvas, [fine], isClosed=False, color=255, thickness=thick, lineType=cv2.LINE_AA, shift=4)
    return canvas


def bend_glyph(glyph: Canvas, rng: Random) -> Canvas:
    """Bend a font's glyph as strokes are bent, and make it bolder or, if half of it is left, finer."""
    bend = draw_bend(rng)
    side = np.arange(CANVAS_PX, dtype=np.float32)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    where = bend.of((grid - CANVAS_PX / 2) / GLYPH_PX) * GLYPH_PX + CANVAS_PX / 2
    across, down = (where[:, i].reshape(CANVAS_PX, CANVAS_PX) for i in (0, 1))
    drawn = np.asarray(cv2.remap(glyph, across, down, cv2.INTER_LINEAR), dtype=np.uint8)
    return _pressed(drawn, rng)


def _pressed(drawn: Canvas, rng: Random) -> Canvas:
    chance, side = rng.random(), int(rng.integers(2, 6))
    if chance < 0.4:
        return np.asarray(cv2.dilate(drawn, _disc(side)), dtype=np.uint8)
    if chance < 0.55:
        finer = np.asarray(cv2.erode(drawn, _disc(2 + side % 2)), dtype=np.uint8)
        return finer if 2 * int(finer.sum()) > int(drawn.sum()) else drawn
    return drawn


def _disc(side: int) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8)


def _smooth(stroke: Stroke) -> Stroke:
    if len(stroke) < 3:
        return stroke
    inner = (stroke[:-2] + 2 * stroke[1:-1] + stroke[2:]) / 4
    return np.concatenate([stroke[:1], inner, stroke[-1:]])
