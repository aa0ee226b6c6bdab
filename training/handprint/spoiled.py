"""What is no character: overwritten, scribbled, struck out, squeezed or senseless ink, for the class "reject"."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from training.handprint.draw import Random, bent
from training.handprint.strokes import Stroke

NOT_STRUCK = frozenset("07ZIO1LCDVUTFEQG")
"""A line through one of these may make another character."""
Strokes = Sequence[Stroke]


def overwritten(one: Strokes, other: Strokes, rng: Random) -> list[Stroke]:
    """Write two characters on top of each other."""
    shift = rng.normal(0, 0.08, 2)
    size = np.exp(rng.normal(0, 0.12))
    return [*bent(one, rng), *(stroke * size + shift for stroke in bent(other, rng))]


def scribbled(one: Strokes, other: Strokes, rng: Random) -> list[Stroke]:  # noqa: ARG001 - each kind has the same verb
    """Scribble a zigzag, over a character in three of four."""
    count = int(rng.integers(7, 22))
    run = np.linspace(-0.5, 0.5, count)
    swing = np.where(np.arange(count) % 2, 0.5, -0.5) * rng.uniform(0.5, 1.1, count)
    points = np.stack([run, swing], axis=1) + rng.normal(0, 0.05, (count, 2))
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    zigzag = dense(points @ turn)
    return [*(bent(one, rng) if rng.random() < 0.75 else ()), zigzag]


def struck(one: Strokes, other: Strokes, rng: Random) -> list[Stroke]:  # noqa: ARG001
    """Strike a character out with one line or two."""
    lines = []
    slope = rng.normal(0, 0.35) if rng.random() < 0.6 else rng.choice([-1, 1]) * rng.uniform(0.6, 1.2)
    for _ in range(int(rng.integers(1, 3))):
        middle, reach = rng.normal(0, 0.12), rng.uniform(0.5, 0.75)
        lines.append(dense(np.array([[-reach, middle - slope * reach], [reach, middle + slope * reach]])))
        slope = -slope if rng.random() < 0.5 else slope
    return [*bent(one, rng), *lines]


def squeezed(one: Strokes, other: Strokes, rng: Random) -> list[Stroke]:
    """Squeeze two characters side by side into one cell."""
    narrow = np.array([rng.uniform(0.4, 0.65), 1])
    apart = np.array([rng.uniform(0.26, 0.42), 0])
    return [*(s * narrow - apart for s in bent(one, rng)), *(s * narrow + apart for s in bent(other, rng))]


def scrawled(one: Strokes, other: Strokes, rng: Random) -> list[Stroke]:  # noqa: ARG001
    """Draw a smooth senseless line."""
    steps = rng.normal(0, 0.3, (int(rng.integers(9, 22)), 2))
    points = np.cumsum(steps, axis=0)
    points = (points - points.mean(axis=0)) / max(float(np.ptp(points, axis=0).max()), 0.1)
    return [dense(points)]


KINDS: Mapping[str, tuple[Callable[[Strokes, Strokes, Random], list[Stroke]], float]] = {
    "overwritten": (overwritten, 0.36),
    "scribbled": (scribbled, 0.24),
    "struck": (struck, 0.14),
    "squeezed": (squeezed, 0.07),
    "scrawled": (scrawled, 0.07),
}
"""The kinds made of strokes with their shares; the rest, 12 %, are signs of the fonts."""


def dense(points: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Stroke:
    """Put points between corners, so that bends show."""
    at = np.arange(len(points))
    fine = np.linspace(0, len(points) - 1, 6 * len(points))
    return np.stack([np.interp(fine, at, points[:, i]) for i in (0, 1)], axis=1).astype(np.float32)
