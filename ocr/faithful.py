"""How faithfully a sheet came, told by its own print beside the blank's: copying thickens strokes and breaks them.

What somebody wrote has no part in it, and readers need not differ first: a copy of copies that two readers read alike
is still one.
"""

from functools import lru_cache

import cv2
import numpy as np

from ocr.zones import DPI, FlatSheet
from pages.page import MM_PER_INCH, Box
from templates.template import Template

SPOT_MM = (24.0, 5.0)
ROWS, COLUMNS = 5, 3
"""Spots are spread over the sheet: the one with most print in each cell of such a grid."""
LEAST_PRINT = 0.04
"""The share of a spot that must be printed."""
DARK = 140
"""On a blank, darker than this is a stroke of print; its half-tones are left aside."""
NEAR_PX = 5
LEAST_CONTRAST = 30


def faithful(flat: FlatSheet) -> float:
    """Give the likeness of the sheet's printed strokes to the blank's, 0..1: the median over spots (Dice).

    1.0 where the blank has no print to go by. Scans at 200 dpi and more reach .89 to .96.
    """
    seen = [_likeness(flat, spot) for spot in spots(flat.template)]
    return float(np.median(seen)) if seen else 1.0


@lru_cache(maxsize=256)
def spots(template: Template) -> tuple[Box, ...]:
    """Choose where a blank has most print, away from all that is written into."""
    per_mm = DPI / MM_PER_INCH
    dark = (template.sharp < DARK).astype(np.float32)
    for item in template.form.fields.values():
        for page, box in [(item.page, item.box), *((option.page, option.box) for option in item.options)]:
            if page == template.page:
                top, bottom = (max(0, round(y * per_mm)) for y in (box.top, box.bottom))
                left, right = (max(0, round(x * per_mm)) for x in (box.left, box.right))
                dark[top:bottom, left:right] = 0
    width, height = (round(side * per_mm) for side in SPOT_MM)
    print_in = cv2.boxFilter(dark, -1, (width, height), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    rows, columns = dark.shape
    found = []
    for r in range(ROWS):
        for c in range(COLUMNS):
            y0, y1 = r * rows // ROWS, min((r + 1) * rows // ROWS, rows - height)
            x0, x1 = c * columns // COLUMNS, min((c + 1) * columns // COLUMNS, columns - width)
            cell = print_in[y0:y1, x0:x1]
            if cell.size and cell.max() > LEAST_PRINT:
                y, x = np.unravel_index(int(cell.argmax()), cell.shape)
                found.append(Box((x0 + int(x)) / per_mm, (y0 + int(y)) / per_mm, *SPOT_MM))
    return tuple(found)


def _likeness(flat: FlatSheet, spot: Box) -> float:
    zone = flat.zone(spot)
    stroke = zone.blank < DARK
    paper, ink = np.percentile(zone.picture, 80), np.percentile(zone.picture[stroke], 25) if stroke.any() else 255.0
    if paper - ink < LEAST_CONTRAST:
        return 0.0
    near = cv2.dilate(stroke.astype(np.uint8), np.ones((NEAR_PX, NEAR_PX), np.uint8)) > 0
    seen = (zone.picture < (paper + ink) / 2) & near
    return 2 * float(np.count_nonzero(seen & stroke)) / float(np.count_nonzero(seen) + np.count_nonzero(stroke))
