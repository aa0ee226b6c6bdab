"""Ticks, signatures and the ink test, measured by pixels that are not on the blank."""

import cv2
import numpy as np

from ocr.ink import Presence
from ocr.zones import DPI, Mask, Zone
from pages.page import MM_PER_INCH

SPECK_PX = 6
"""Smaller spots are dirt or fax noise: a full stop in 6-point type has 9 pixels at 200 dpi."""
TICK_INSET_MM = 0.6
EMPTY_BOX = 0.01
TICKED_BOX = 0.03
"""Measured on 1,200 boxes: the largest empty one .003, the smallest ticked one .037. Between them a clerk looks."""
FULL_BOX = 0.6
"""A box so full is filled in or scribbled out; only a person can tell which."""
RING_FROM_MM = 0.5
RING_TO_MM = 2.0
RING_INK = 0.06
LEAST_INK_PX = 12
SIGNATURE_INSET_MM = 0.8
SIGNATURE_LEAST_MM = 6.0
SIGNATURE_LEAST_PX = 150


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
    return Presence.INK if np.count_nonzero(without_specks(ink)) >= LEAST_INK_PX else Presence.EMPTY


def tick(zone: Zone) -> tuple[bool | None, float]:
    """Judge a tick box: True, False, or None when doubtful; and the probability that the judgement is right."""
    inner = without_specks(zone.ink_in(zone.box.inset(TICK_INSET_MM)))
    share = np.count_nonzero(inner) / inner.size
    around = _ring_ink(zone)
    if share >= FULL_BOX:
        return None, 0.5
    if share >= TICKED_BOX:
        return True, 1.0 if around < RING_INK else 0.9
    if share > EMPTY_BOX or around >= RING_INK:
        return None, 0.5
    return False, 1.0


def _ring_ink(zone: Zone) -> float:
    """Answer the share of ink just outside a box: who circles a box leaves its inside empty."""
    outer = without_specks(zone.ink_in(zone.box.inset(-RING_TO_MM)))
    inner = zone.ink_in(zone.box.inset(-RING_FROM_MM))
    return max(0.0, (np.count_nonzero(outer) - np.count_nonzero(inner)) / max(1, outer.size - inner.size))


def signature(zone: Zone) -> bool | None:
    """Tell whether a signature area is written in: True, False, or None for a little ink. Never whose it is."""
    ink = without_specks(zone.ink_in(zone.box.inset(SIGNATURE_INSET_MM)))
    count = np.count_nonzero(ink)
    if count < LEAST_INK_PX:
        return False
    columns = np.flatnonzero(ink.any(axis=0))
    width_mm = (columns[-1] - columns[0]) / DPI * MM_PER_INCH
    return True if count >= SIGNATURE_LEAST_PX and width_mm >= SIGNATURE_LEAST_MM else None
