"""Bring one character to the picture that the hand-print net knows: one function for training and for reading.

The steps and constants are those that were measured on handwriting of people whom no training saw
(docs/decisions/0015-a-net-of-our-own-for-hand-print.md): aspect kept, larger side 24 of 32 pixels, one sub-pixel warp.
"""

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import Picture

SIDE_PX = 32
GLYPH_PX = 24.0
SMALL_SCALE = 0.8
SHRINK_BLUR = 0.4
LEAST_CONTRAST = 24
"""Grey values between paper and ink below which a picture shows nothing."""

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


def normalise(
    picture: Picture, *, glyph_px: float = GLYPH_PX, shift: tuple[float, float] = (0.0, 0.0)
) -> Picture | None:
    """Draw the ink of a picture (square pixels, dark on light) into 32 x 32 pixels, ink 255 on 0; None without ink.

    Training varies ``glyph_px``, the larger side of the ink, and ``shift``, its place in pixels.
    """
    ink = 255 - picture
    low, high = float(np.percentile(ink, 5)), float(ink.max())
    if high - low < LEAST_CONTRAST:
        return None
    stretched = np.clip((ink.astype(np.float32) - low) / (high - low), 0, 1)
    mask = ink_mask(stretched)
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    left, right, top, bottom = int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1
    scale = glyph_px / max(right - left, bottom - top)
    level = _levelled(stretched, mask)
    if scale < SMALL_SCALE:
        level = np.asarray(cv2.GaussianBlur(level, (0, 0), SHRINK_BLUR / scale), dtype=np.float32)
    way = _way(scale, (left + right) / 2, (top + bottom) / 2, shift)
    drawn = cv2.warpAffine(level, way, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR)
    return np.asarray(np.clip(drawn * 255 + 0.5, 0, 255), dtype=np.uint8)


def ink_mask(stretched: Floats) -> Mask:
    """Part ink from paper by Otsu's threshold; fax dust goes if most of the ink stands an opening of 2 x 2 pixels."""
    grey = (stretched * 255).astype(np.uint8)
    _, mask = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return np.asarray((opened if 2 * np.count_nonzero(opened) > np.count_nonzero(mask) else mask) > 0)


def _levelled(stretched: Floats, mask: Mask) -> Floats:
    """Set the paper's median to 0 and the ink's to 1."""
    paper = float(np.median(stretched[~mask])) if not mask.all() else 0.0
    dark = float(np.median(stretched[mask]))
    return np.asarray(np.clip((stretched - paper) / max(dark - paper, 0.05), 0, 1), dtype=np.float32)


def _way(scale: float, x: float, y: float, shift: tuple[float, float]) -> npt.NDArray[np.float32]:
    """Give the matrix that takes the middle of the ink (in pixel edges) to the middle of the square."""
    middle = SIDE_PX / 2
    across = middle + shift[0] - 0.5 - scale * (x - 0.5)
    down = middle + shift[1] - 0.5 - scale * (y - 0.5)
    return np.asarray([[scale, 0, across], [0, scale, down]], dtype=np.float32)
