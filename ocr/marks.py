"""Signatures and the ink test, measured by pixels that are not on the blank. Tick boxes: ``ocr/ticks.py``."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.ink import Presence
from ocr.zones import DPI, Mask, Zone
from pages.page import MM_PER_INCH

SPECK_PX = 6
"""Smaller spots are dirt or fax noise: a full stop in 6-point type has 9 pixels at 200 dpi."""
LEAST_INK_PX = 12
STEM = np.ones((6, 2), np.uint8)
STRIKE_SHARE = 0.6
STRIKE_THICK_MM = 1.3
STRIKE_BENT_MM = 1.2
"""A line through a zone is at least so long, so thin and so straight; anything else is writing."""
SIGNATURE_INSET_MM = 0.8
SIGNATURE_LEAST_MM = 6.0
SIGNATURE_LEAST_PX = 150
STAMP_LEAST_MM = 7.0
FRAME_FILLS = 0.93
_BRIDGE = np.ones((3, 3), np.uint8)
"""Joins the pieces that a fax makes of a frame."""


def without_specks(ink: Mask) -> Mask:
    """Drop spots of fewer than six pixels."""
    if not ink.any():
        return ink
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    keep = np.asarray(stats[:, cv2.CC_STAT_AREA] >= SPECK_PX)
    keep[0] = False
    return np.asarray(keep[labels])


def presence(zone: Zone, inset_mm: float) -> Presence:
    """Test a writing zone for ink, before anything is read."""
    ink = zone.ink_in(zone.box.inset(inset_mm))
    if np.count_nonzero(ink) < LEAST_INK_PX:
        return Presence.EMPTY
    # Most writing has a stem of 2 x 6 pixels: finding one is quicker than measuring every spot.
    if cv2.erode(ink.astype(np.uint8), STEM, borderValue=0).any():
        return Presence.INK
    return Presence.INK if np.count_nonzero(without_specks(ink)) >= LEAST_INK_PX else Presence.EMPTY


def struck_out(zone: Zone) -> bool:
    """Tell whether all that stands in a writing zone is one line drawn through it: "not applicable"."""
    ink = without_specks(zone.ink_in(zone.box))
    columns = np.flatnonzero(ink.any(axis=0))
    if not columns.size or columns[-1] - columns[0] < STRIKE_SHARE * ink.shape[1]:
        return False
    thick, bent = _along(ink, columns)
    if np.quantile(thick, 0.95) > STRIKE_THICK_MM / MM_PER_INCH * DPI:
        return False
    return bool(bent.max() < STRIKE_BENT_MM / MM_PER_INCH * DPI)


def _along(ink: Mask, columns: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Give, for each inked column, how thick the ink is from top to bottom, and how far from a straight line, in px."""
    part = ink[:, columns]
    first, last = part.argmax(axis=0), part.shape[0] - 1 - part[::-1].argmax(axis=0)
    middle = (first + last) / 2
    straight = np.polyval(np.polyfit(columns, middle, 1), columns)
    return np.asarray(last - first, np.float64), np.abs(middle - straight)


def signature(zone: Zone) -> bool | None:
    """Tell whether a signature area is written in. Never whose it is.

    True for a pen's signature, False for none; None, so that a person looks, for a little ink and for what people put
    in a signature's place: a line drawn through, the frame of a stamp.
    """
    inner = zone.box.inset(SIGNATURE_INSET_MM)
    ink = without_specks(zone.ink_in(inner))
    count = np.count_nonzero(ink)
    if count < LEAST_INK_PX:
        return False
    columns = np.flatnonzero(ink.any(axis=0))
    width_mm = (columns[-1] - columns[0]) / DPI * MM_PER_INCH
    if count < SIGNATURE_LEAST_PX or width_mm < SIGNATURE_LEAST_MM:
        return None
    return None if is_line(ink) or has_frame(ink) else True


def is_line(ink: Mask) -> bool:
    """Tell whether all ink is one thin, straight line, however it slopes."""
    columns = np.flatnonzero(ink.any(axis=0))
    thick, bent = _along(ink, columns)
    return bool(max(np.quantile(bent, 0.95), np.quantile(thick, 0.9)) < STRIKE_THICK_MM / MM_PER_INCH * DPI)


def has_frame(ink: Mask) -> bool:
    """Tell whether a piece of ink fills its rectangle or its circle to the corners, as the frame of a stamp does.

    What a pen draws leaves the corners empty: of its rectangle a signature's hull covers two thirds or so.
    """
    contours, _ = cv2.findContours(cv2.dilate(ink.astype(np.uint8), _BRIDGE), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in contours:
        (_, sides, _), hull = cv2.minAreaRect(contour), cv2.convexHull(contour)
        low, long = sorted(side / DPI * MM_PER_INCH for side in sides)
        if low < STAMP_LEAST_MM or long < 1.2 * STAMP_LEAST_MM:
            continue
        area = cv2.contourArea(hull)
        circle = np.pi * cv2.minEnclosingCircle(contour)[1] ** 2
        if area > FRAME_FILLS * sides[0] * sides[1] or area > FRAME_FILLS * circle:
            return True
    return False
