"""Patch codes: the four broad bars by which scanners' software knows a separator sheet.

Two of the bars are 5 mm wide and two 2 mm, with gaps of 2 mm (patches 1, 2, 3, 4, 6 and T differ in their order; any of
them parts letters here). They run along or across the sheet.
"""

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import MM_PER_INCH, Page

DPI = 75.0
BLACK = 128
NARROW_MM = (1.1, 3.2)
WIDE_MM = (3.6, 6.6)
QUIET_MM = 4.0
LEAST_LENGTH_MM = 15.0

Mask = npt.NDArray[np.bool_]


def has_patch(page: Page) -> bool:
    """Tell whether a patch code stands on a sheet."""
    rows, columns = page.picture.shape
    size = (max(2, round(columns / page.dpi_x * DPI)), max(2, round(rows / page.dpi_y * DPI)))
    black = np.asarray(cv2.resize(page.picture, size, interpolation=cv2.INTER_AREA)) < BLACK
    least = round(LEAST_LENGTH_MM / MM_PER_INCH * DPI)
    return any(_longest([_is_crossing(line) for line in way]) >= least for way in (black, black.T))


def _longest(hits: list[bool]) -> int:
    best = run = 0
    for hit in hits:
        run = run + 1 if hit else 0
        best = max(best, run)
    return best


def _is_crossing(line: Mask) -> bool:
    """Tell whether a line across the sheet meets white, four bars of a patch code with their gaps, and white."""
    changes = np.flatnonzero(np.diff(line.astype(np.int8))) + 1
    edges = np.concatenate([[0], changes, [len(line)]])
    runs = np.diff(edges) / DPI * MM_PER_INCH
    first = 0 if line[0] else 1
    return any(_is_patch(runs[at - 1 : at + 8]) for at in range(first or 2, len(runs) - 7, 2))


def _is_patch(runs: npt.NDArray[np.float64]) -> bool:
    """Judge nine runs: quiet zone, bar, gap, bar, gap, bar, gap, bar, quiet zone."""
    bars, gaps = runs[1:8:2], runs[2:7:2]
    wide = [_within(bar, WIDE_MM) for bar in bars]
    narrow = [_within(bar, NARROW_MM) for bar in bars]
    quiet = runs[0] >= QUIET_MM and runs[8] >= QUIET_MM
    return quiet and sum(wide) == sum(narrow) == 2 and all(_within(gap, NARROW_MM) for gap in gaps)


def _within(mm: float, bounds: tuple[float, float]) -> bool:
    return bool(bounds[0] <= mm <= bounds[1])
