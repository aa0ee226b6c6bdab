"""See the lines and circles of a scanned blank: by the shape of its ink, since a picture draws nothing."""

from collections.abc import Iterator

import cv2
import numpy as np

from pages.drawing import Rule
from pages.page import MM_PER_INCH, Box, Picture

DPI = 200.0
LEAST_MM = 2.1
"""Shorter strokes are parts of letters; a tick box is hardly smaller."""
DOTTED_MM = 9.0
GAP_MM = 1.4
THICKEST_MM = 1.1
ROUND_MM = (2.0, 7.0)
MOST_STROKES = 5000


def rules_of(ink: Picture) -> list[Rule]:
    """Find level and upright strokes, unbroken or dotted."""
    solid = [*_strokes(ink, level=True, least_mm=LEAST_MM), *_strokes(ink, level=False, least_mm=LEAST_MM)]
    gap = np.ones((1, round(GAP_MM / MM_PER_INCH * DPI)), np.uint8)
    closed = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gap), dtype=np.uint8)
    return [*solid, *_strokes(_thin(closed), level=True, least_mm=DOTTED_MM)][:MOST_STROKES]


def _thin(closed: Picture) -> Picture:
    """Keep the closed pieces that are as low as a line: a row of letters that ran together is higher."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    low = stats[:, cv2.CC_STAT_HEIGHT] <= THICKEST_MM / MM_PER_INCH * DPI
    low[0] = False
    return np.asarray(low[labels].astype(np.uint8) * 255, dtype=np.uint8)


def _strokes(ink: Picture, *, level: bool, least_mm: float) -> Iterator[Rule]:
    length = round(least_mm / MM_PER_INCH * DPI)
    # A stroke that leans by a pixel is bridged across its own thickness first.
    bridged = cv2.dilate(ink, np.ones((2, 1) if level else (1, 2), np.uint8))
    opened = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, length) if level else (length, 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    for left, top, width, height, _ in stats[1:].tolist():
        box = _box(left, top, width, height)
        if min(box.width, box.height) <= THICKEST_MM and max(box.width, box.height) >= least_mm:
            middle_x, middle_y = box.left + box.width / 2, box.top + box.height / 2
            if level:
                yield Rule(box.left, middle_y, box.right, middle_y, box.height)
            else:
                yield Rule(middle_x, box.top, middle_x, box.bottom, box.width)


def _box(left: float, top: float, width: float, height: float) -> Box:
    mm = MM_PER_INCH / DPI
    return Box(left * mm, top * mm, width * mm, height * mm)


def rounds_of(ink: Picture) -> list[Box]:
    """Find small rings: a hole that fills most of a round outline."""
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    found = []
    for contour, (_, _, child, parent) in zip(contours, tree[0] if tree is not None else (), strict=False):
        if parent >= 0 or child < 0:
            continue
        box = _box(*cv2.boundingRect(contour))
        even = abs(box.width - box.height) <= 0.15 * box.width
        if ROUND_MM[0] <= box.width <= ROUND_MM[1] and even and _is_ring(contour, contours[child]):
            found.append(box)
    return found[:500]


def _is_ring(outer: cv2.typing.MatLike, hole: cv2.typing.MatLike) -> bool:
    """Tell a ring from a square and from a letter: round outside, and thin."""
    area, around = float(cv2.contourArea(outer)), float(cv2.arcLength(outer, closed=True))
    round_ = area > 0 and 4 * np.pi * area / max(around, 1.0) ** 2 > 0.8
    left, _, width, height = cv2.boundingRect(outer)
    full = area / max(1.0, float(width * height))
    return bool(round_ and 0.7 < full < 0.86 and float(cv2.contourArea(hole)) > 0.6 * area and left >= 0)


def without_lines(picture: Picture, rules: list[Rule]) -> Picture:
    """Paint paper over lines, so that words can be read."""
    clean = picture.copy()
    for rule in rules:
        x0, y0, x1, y1 = (round(v / MM_PER_INCH * DPI) for v in (rule.x0, rule.y0, rule.x1, rule.y1))
        if rule.length >= LEAST_MM * 2:
            cv2.line(clean, (x0, y0), (x1, y1), (255.0,), 3 + round(rule.thick / MM_PER_INCH * DPI))
    return clean
