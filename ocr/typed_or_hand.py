"""Typed or written by hand? Measured on the ink of a zone: type stands on one line, in one height, upright.

A hand does not: characters are higher and lower, their strokes lean, and they are larger. One zone is weak evidence
(77 % without the size); a sheet is filled in one way, as a rule, so its zones are weighed together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.marks import SPECK_PX
from ocr.zones import DPI, Zone
from pages.page import MM_PER_INCH

LEAST_GLYPH_MM = 1.0
LEAST_GLYPHS = 2
AXIS_DEGREES = 4.0
INSET_MM = 0.3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of a zone: left, top, right and bottom in mm [n, 4], and the ink they stand in."""

    boxes: Floats
    axis_share: float


def measures(zone: Zone) -> Floats | None:
    """Measure a zone's writing: what ``odds`` weighs; None where there is too little ink to tell."""
    seen = glyphs(zone)
    if len(seen.boxes) < LEAST_GLYPHS:
        return None
    heights = seen.boxes[:, 3] - seen.boxes[:, 1]
    size = float(np.median(heights))
    low = heights > 0.6 * size
    bottoms, tops = _strays(seen.boxes[low, 3]), _strays(seen.boxes[low, 1])
    return np.array(
        [
            np.log(0.03 + bottoms / size),
            np.log(0.03 + tops / size),
            seen.axis_share,
            size,
        ]
    )


def glyphs(zone: Zone) -> Glyphs:
    """Find the characters of a zone's ink; pieces above each other are one."""
    where = zone.within(zone.box.inset(INSET_MM))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(zone.ink[where].astype(np.uint8), connectivity=8)
    large = np.asarray(stats[:, cv2.CC_STAT_AREA] >= SPECK_PX)
    large[0] = False
    ink = np.asarray(large[labels])
    pieces = sorted((tuple(piece) for piece in stats[large, :4].tolist()), key=lambda p: p[0])
    boxes = np.array(list(_joined(pieces)), dtype=np.float64).reshape(-1, 4) / DPI * MM_PER_INCH
    tall = boxes[:, 3] - boxes[:, 1] >= LEAST_GLYPH_MM
    return Glyphs(boxes[tall], _axis_share(zone, where, ink))


def _joined(pieces: list[tuple[int, ...]]) -> Iterator[tuple[int, int, int, int]]:
    last: tuple[int, int, int, int] | None = None
    for left, top, width, height in pieces:
        if last is not None and left + width / 2 < last[2]:
            last = (last[0], min(last[1], top), max(last[2], left + width), max(last[3], top + height))
            continue
        if last is not None:
            yield last
        last = (left, top, left + width, top + height)
    if last is not None:
        yield last


def _strays(values: Floats) -> float:
    """Answer the mean deviation from the median without the largest quarter (descenders, commas)."""
    if len(values) < 2:
        return 0.0
    away = np.sort(np.abs(values - np.median(values)))
    return float(away[: max(2, round(0.75 * len(away)))].mean())


def _axis_share(zone: Zone, where: tuple[slice, slice], ink: npt.NDArray[np.bool_]) -> float:
    """Answer how much of the edges around the ink runs level or upright."""
    soft = cv2.GaussianBlur(zone.picture[where], (0, 0), 1.0).astype(np.float32)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    near = (cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~zone.printed[where]
    # Only around the ink: angles of all the paper cost more than all else here.
    across, down = np.abs(across[near]), np.abs(down[near])
    strength = np.hypot(across, down)
    strength = np.where(strength > 60, strength, 0)
    angle = np.degrees(np.arctan2(down, across))
    axis = (angle < AXIS_DEGREES) | (angle > 90 - AXIS_DEGREES)
    return float(strength[axis].sum() / max(float(strength.sum()), 1.0))


WEIGHTS = (3.0, 0.5, -7.3, 12.4)
"""Of stray bottoms, stray tops, the share of level and upright edges, and the constant: log odds of a hand."""
MOST_SHAPE, MOST_SIZE = 2.0, 2.5
TYPE_MM = 3.35
"""Capitals in 11-point type are 2.9 mm high, in 12-point type 3.1 mm; hands fill a box of 8 mm with 3.5 to 5 mm."""
SIZE_WORTH = 4.0
SHEET_WORTH = 3.0
"""How much more the whole sheet says than one zone of it."""


def odds(measured: Floats) -> float:
    """Weigh what was measured: log odds that a hand wrote it, for one zone alone."""
    bottoms, tops, axis, size = measured.tolist()
    shape = WEIGHTS[0] * bottoms + WEIGHTS[1] * tops + WEIGHTS[2] * axis + WEIGHTS[3]
    return float(
        np.clip(shape, -MOST_SHAPE, MOST_SHAPE) + np.clip(SIZE_WORTH * (size - TYPE_MM), -MOST_SIZE, MOST_SIZE)
    )


def written_by_hand(zone: float | None, sheet: Floats) -> bool:
    """Decide for a zone by its own odds (None if it has too little ink) and those of all zones of its sheet."""
    everywhere = float(sheet.mean()) if sheet.size else 0.0
    return (zone or 0.0) + SHEET_WORTH * everywhere > 0


TYPED_GLYPHS, TYPED_ODDS = 3, -1.0


def is_typed(zone: Zone) -> bool:
    """Tell whether a zone alone shows type: several characters apart, on one line and in one height.

    A pen's signature is one piece, or leans; where a zone stands for itself no other zones of the sheet help.
    """
    measured = measures(zone)
    return measured is not None and len(glyphs(zone).boxes) >= TYPED_GLYPHS and odds(measured) < TYPED_ODDS
