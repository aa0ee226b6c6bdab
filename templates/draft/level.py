"""Turn the picture of a blank that was scanned askew level, look at it so, and turn what was found back."""

from dataclasses import replace

import cv2
import numpy as np

from pages.page import MM_PER_INCH, Box, Picture
from templates.draft.look import DPI
from templates.draft.place import Phrase, Place, Sheet
from templates.pictured import ink_of

MOST_DEGREES = 5.0
"""Beyond, zones that lie level in the picture are no use to anybody: it must be scanned anew."""
LEAST_DEGREES = 0.03
LONG_MM = 30.0
GAP_PX = 6
VOTES = 150
BAR_PX = 15
"""What is as thick is no line but a bar, in which lines run all ways."""
FEW = 3
MOST_LOSS = 0.4
"""Of the width or height of a place, to the slant."""


def crooked(paper: Picture) -> float:
    """Measure by how many degrees the long lines of a whitened picture at 200 dpi run down to the right.

    0.0 where it has hardly any, or where they run all ways.
    """
    long = round(LONG_MM / MM_PER_INCH * DPI)
    ink = ink_of(paper)
    bars = cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((BAR_PX, BAR_PX), np.uint8)), np.ones((5, 5)))
    lines = np.where(bars > 0, np.uint8(0), ink)
    found = cv2.HoughLinesP(lines, 1, np.pi / 1800, VOTES, minLineLength=long, maxLineGap=GAP_PX)
    if found is None or len(found) < FEW:
        return 0.0
    x0, y0, x1, y1 = np.asarray(found, dtype=np.float64).reshape(-1, 4).T
    degrees = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    off = (degrees + 45) % 90 - 45  # of upright lines as of level ones
    near = np.abs(off) <= MOST_DEGREES
    if np.count_nonzero(near) < FEW:
        return 0.0
    lengths = np.hypot(x1 - x0, y1 - y0)[near]
    order = np.argsort(off[near])
    middle = int(np.searchsorted(np.cumsum(lengths[order]), lengths.sum() / 2))
    angle = float(off[near][order][middle])
    return angle if abs(angle) >= LEAST_DEGREES else 0.0


def levelled(paper: Picture, degrees: float) -> Picture:
    """Turn a picture so that its lines run level; what comes in from outside is white."""
    rows, columns = paper.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turned = cv2.warpAffine(paper, turn, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=(255.0,))
    return np.asarray(turned, dtype=np.uint8)


def turned_back(sheet: Sheet, degrees: float) -> Sheet:
    """Move everything that was found on the level picture to where it stands on the sheet as it is.

    A place becomes what stands upright within it there, so that neighbours stay apart.
    """
    slant = abs(np.sin(np.radians(degrees)))
    turn = cv2.getRotationMatrix2D((sheet.width_mm / 2, sheet.height_mm / 2), -degrees, 1.0)

    def back(box: Box) -> Box:
        x, y = turn @ (box.left + box.width / 2, box.top + box.height / 2, 1.0)
        left, top = float(x) - box.width / 2, float(y) - box.height / 2
        left = min(max(0.0, left), max(0.0, sheet.width_mm - box.width))
        return Box(left, min(max(0.0, top), max(0.0, sheet.height_mm - box.height)), box.width, box.height)

    moved = {id(phrase): replace(phrase, box=back(phrase.box)) for phrase in sheet.phrases}

    def moved_place(place: Place) -> Place:
        head: Phrase | None = moved.get(id(place.head), place.head)
        box = back(place.box)
        off_x, off_y = min(box.height * slant, MOST_LOSS * box.width), min(box.width * slant, MOST_LOSS * box.height)
        within = Box(box.left + off_x / 2, box.top + off_y / 2, box.width - off_x, box.height - off_y)
        return replace(place, box=within, head=head)

    return replace(sheet, places=tuple(map(moved_place, sheet.places)), phrases=tuple(moved.values()))
