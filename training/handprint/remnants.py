"""What a cell leaves around its character: pieces of its frame, specks, a piece of the neighbour's stroke."""

import cv2
import numpy as np

from training.handprint.draw import CANVAS_PX, FINE, Canvas, Random

SHARE = 0.3
NEAR_PX = 40
FAR_PX = 58


def with_remnants(canvas: Canvas, rng: Random) -> Canvas:
    """Add remnants to three of ten canvases."""
    if rng.random() >= SHARE:
        return canvas
    drawn = canvas.copy()
    for _ in range(int(rng.integers(1, 4))):
        _MAKERS[int(rng.choice(len(_MAKERS), p=(0.5, 0.3, 0.2)))](drawn, rng)
    return drawn


def _frame(drawn: Canvas, rng: Random) -> None:
    """Draw a piece of a cell's frame beside, above or below the character."""
    place = CANVAS_PX / 2 + rng.choice([-1, 1]) * rng.uniform(NEAR_PX, FAR_PX)
    start, end = np.sort(rng.uniform(10, CANVAS_PX - 10, 2))
    ends = [[start, place], [end, place + rng.normal(0, 1)]]
    if rng.random() < 0.6:
        ends = [spot[::-1] for spot in ends]
    _line(drawn, ends, int(rng.integers(2, 6)), rng)


def _speck(drawn: Canvas, rng: Random) -> None:
    x, y = rng.integers(8, CANVAS_PX - 8, 2)
    cv2.circle(drawn, (int(x), int(y)), int(rng.integers(1, 4)), int(rng.integers(80, 256)), -1)


def _neighbour(drawn: Canvas, rng: Random) -> None:
    """Draw the end of a stroke that comes over from the next cell."""
    side = rng.choice([-1, 1])
    x, y = CANVAS_PX / 2 + side * rng.uniform(NEAR_PX + 4, FAR_PX), rng.uniform(20, CANVAS_PX - 20)
    ends = [[x, y], [x + side * rng.uniform(4, 16), y + rng.normal(0, 10)]]
    _line(drawn, ends, int(rng.integers(4, 8)), rng)


_MAKERS = (_frame, _speck, _neighbour)


def _line(drawn: Canvas, ends: list[list[float]], thick: int, rng: Random) -> None:
    (x0, y0), (x1, y1) = np.rint(np.asarray(ends) * FINE).astype(int).tolist()
    layer = np.zeros_like(drawn)
    cv2.line(layer, (x0, y0), (x1, y1), int(rng.integers(90, 256)), thick, cv2.LINE_AA, 4)
    np.maximum(drawn, layer, out=drawn)
