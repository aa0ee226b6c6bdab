"""Whether a sheet is blank: the back of a duplex scan, a divider, a page of fax noise."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import MM_PER_INCH, Page, Picture

DPI = 100.0
DARK = 0.68
"""Darker than this share of the paper around it is ink. What shows through from the other side is .75 to .95."""
MARGIN_MM = 9.0
"""The outer strip: black borders of a scanner, the fax machine's own line, staples."""
HOLE_MARGIN_MM = 18.0
SPECK_MM = 0.75
"""Smaller spots are dirt or fax noise: in 8-point type a letter is 1.5 mm tall."""
STREAK_MM = 60.0
STREAK_WIDTH_MM = 1.2
STREAK_THICK_MM = 0.6
"""A line across half the sheet, or a cross of such lines, is a scanner's streak or a fax's broken row."""
TOUCH_MM = 1.0
SHADOW_MM = 20.0
FRAME_SHARE = 0.2
MOST_INK_MM2 = 7.0
"""A word of ten letters in 10-point type has 10 to 15 mm2, a lone page number 2."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A connected piece of ink, in mm."""

    left: float
    top: float
    width: float
    height: float
    area: float


def is_blank(page: Page) -> bool:
    """Tell whether nothing is on a sheet: no text layer, no form value, no code, and no ink but dirt."""
    if page.codes or any(value.text or value.on for value in page.values):
        return False
    if any(word.text.strip() for word in page.words):
        return False
    return ink_mm2(page) <= MOST_INK_MM2


def ink_mm2(page: Page) -> float:
    """Measure the ink of a sheet that may be writing, in square millimetres."""
    small = _reduced(page)
    return sum(
        spot.area for spot in _spots(small) if not _is_dirt(spot, *(side / DPI * MM_PER_INCH for side in small.shape))
    )


def _reduced(page: Page) -> Picture:
    rows, columns = page.picture.shape
    size = (max(2, round(columns / page.dpi_x * DPI)), max(2, round(rows / page.dpi_y * DPI)))
    return np.asarray(cv2.resize(page.picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _spots(small: Picture) -> list[_Spot]:
    ink = _ink(small).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    mm = MM_PER_INCH / DPI
    return [_Spot(x * mm, y * mm, w * mm, h * mm, area * mm * mm) for x, y, w, h, area in stats[1:].tolist()]


def _ink(small: Picture) -> Mask:
    """Find what is dark against the paper around it: a grey or shaded sheet is paper too."""
    rows, columns = small.shape
    tiny = cv2.resize(small, (max(1, columns // 8), max(1, rows // 8)), interpolation=cv2.INTER_AREA)
    light = cv2.blur(cv2.dilate(tiny, np.ones((5, 5), np.uint8)), (7, 7))
    paper = cv2.resize(light, (columns, rows), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return np.asarray(small < DARK * np.maximum(paper, 60.0))


def _is_dirt(spot: _Spot, height: float, width: float) -> bool:
    long, short = max(spot.width, spot.height), min(spot.width, spot.height)
    thin = short <= STREAK_WIDTH_MM or spot.area <= STREAK_THICK_MM * (long + short)
    if long < SPECK_MM or (long >= STREAK_MM and thin):
        return True
    edge = min(spot.left, spot.top, width - spot.left - spot.width, height - spot.top - spot.height)
    return _at_edge(spot, height, width) or (edge < HOLE_MARGIN_MM and _is_hole(spot))


def _at_edge(spot: _Spot, height: float, width: float) -> bool:
    """Tell whether a piece lies wholly in the outer strip, or comes in from the edge as a shadow does."""
    right, bottom = width - spot.left - spot.width, height - spot.top - spot.height
    inside = spot.left + spot.width < MARGIN_MM or spot.top + spot.height < MARGIN_MM
    inside = inside or right + spot.width < MARGIN_MM or bottom + spot.height < MARGIN_MM
    return inside or (min(spot.left, spot.top, right, bottom) < TOUCH_MM and _is_shadow(spot))


def _is_shadow(spot: _Spot) -> bool:
    """Tell a scanner's border from a sheet that is dark all over: it is narrow, or a frame around the paper."""
    return min(spot.width, spot.height) < SHADOW_MM or spot.area < FRAME_SHARE * spot.width * spot.height


def _is_hole(spot: _Spot) -> bool:
    """Tell a punch hole or a staple's shadow: round and full, or a short thin line."""
    full = spot.area / (spot.width * spot.height) > 0.6
    return full and 3.0 < spot.width < 9.0 and 0.7 < spot.width / spot.height < 1.4
