"""The zones of a sheet at 200 dpi, each drawn straight from the sheet's picture by one interpolation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from ocr.medium import is_bilevel
from pages.page import MM_PER_INCH, Box, Page, Picture
from templates.follow import way_over
from templates.form import Match
from templates.plane import scale_to, shifted
from templates.template import SHARP_DPI, Template, template_of

DPI = SHARP_DPI
INK = 0.72
"""Darker than this share of the paper around it is ink."""
PRINTED = 215
"""On a blank, darker than this is print: pale guide lines count as well."""
FAX_BLUR_PX = 0.8
REACH_PX = 2
"""How far print may lie from its place on the blank (0.25 mm)."""
MARGIN_MM = 2.2
"""What is drawn around a zone: who circles a box writes there."""

Mask = npt.NDArray[np.bool_]
_Pixel = TypeVar("_Pixel", np.bool_, np.uint8)
_FROM_FRAME = np.linalg.inv(scale_to(DPI))


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A zone with its surroundings: the picture, what of it is ink, and what the blank looks like there.

    ``box`` is the zone itself, ``drawn`` what the pictures cover, both in mm on the template.
    """

    box: Box
    drawn: Box
    picture: Picture = field(repr=False)
    ink: Mask = field(repr=False)
    printed: Mask = field(repr=False)
    blank: Picture = field(repr=False)

    def within(self, box: Box) -> tuple[slice, slice]:
        """Answer the rows and columns of a box in this zone's pictures."""
        rows, columns = self.picture.shape
        return (
            _span(box.top - self.drawn.top, box.bottom - self.drawn.top, rows),
            _span(box.left - self.drawn.left, box.right - self.drawn.left, columns),
        )

    def ink_in(self, box: Box) -> Mask:
        """Cut a box out of the ink."""
        return self.ink[self.within(box)]

    def cleaned(self, box: Box) -> Picture:
        """Cut a box out and paint paper over what the blank has printed there, unless ink crosses it."""
        where = self.within(box)
        picture, printed = self.picture[where], self.printed[where]
        if not printed.any():
            return picture
        crossing = cv2.dilate(self.ink[where].astype(np.uint8), np.ones((5, 3), np.uint8)) > 0
        paper = np.uint8(_brightness(picture, 0.8))
        return np.asarray(np.where(printed & ~crossing, paper, picture), dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class FlatSheet:
    """A sheet laid over its template: zones are cut out of it by their millimetres."""

    picture: Picture = field(repr=False)
    match: Match = field(repr=False)
    template: Template = field(repr=False)

    def zone(self, box: Box) -> Zone:
        """Draw one zone with its surroundings."""
        drawn = _on_grid(box.inset(-MARGIN_MM))
        size = (round(drawn.width / MM_PER_INCH * DPI), round(drawn.height / MM_PER_INCH * DPI))
        corner = shifted(drawn.left / MM_PER_INCH * DPI, drawn.top / MM_PER_INCH * DPI)
        way = way_over(self.match, box) @ _FROM_FRAME @ corner
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        picture = np.asarray(cv2.warpPerspective(self.picture, way, size, flags=flags, borderValue=255), np.uint8)
        printed = _cut(printed_near(self.template), drawn, size)
        dark = picture < INK * _brightness(picture, 0.75)
        return Zone(
            box, drawn, picture, np.asarray(dark & ~printed), printed, _cut(self.template.sharp, drawn, size, 255)
        )


def flat_sheet(page: Page, match: Match) -> FlatSheet:
    """Make a sheet ready for its zones. The dots of a fax are smoothed first, along its own grid."""
    return FlatSheet(_smoothed(page), match, template_of(match.form, match.page))


def _smoothed(page: Page) -> Picture:
    if not is_bilevel(page.picture):
        return page.picture
    # A standard fax's rows are twice as tall as its columns are wide: half the blur along them.
    upright = FAX_BLUR_PX * min(1.0, page.dpi_y / page.dpi_x)
    return np.asarray(cv2.GaussianBlur(page.picture, (0, 0), FAX_BLUR_PX, sigmaY=upright), dtype=np.uint8)


def _brightness(picture: Picture, share: float) -> int:
    """Answer the grey that this share of the pixels is darker than, by every ninth of them."""
    sample = picture[::3, ::3].ravel()
    rank = int(share * (sample.size - 1))
    return int(np.partition(sample, rank)[rank])


def _on_grid(box: Box) -> Box:
    """Widen a box to whole pixels of the template's frame, so that blank and sheet are cut alike."""
    pixel = MM_PER_INCH / DPI
    left, top = np.floor(box.left / pixel), np.floor(box.top / pixel)
    right, bottom = np.ceil(box.right / pixel), np.ceil(box.bottom / pixel)
    return Box(float(left * pixel), float(top * pixel), float((right - left) * pixel), float((bottom - top) * pixel))


def _span(start_mm: float, end_mm: float, size: int) -> slice:
    start = min(max(round(start_mm / MM_PER_INCH * DPI), 0), size - 1)
    return slice(start, min(max(round(end_mm / MM_PER_INCH * DPI), start + 1), size))


def _cut(whole: npt.NDArray[_Pixel], drawn: Box, size: tuple[int, int], beyond: int = 0) -> npt.NDArray[_Pixel]:
    """Cut a zone out of a blank's picture or mask; outside the sheet nothing is printed."""
    left, top = round(drawn.left / MM_PER_INCH * DPI), round(drawn.top / MM_PER_INCH * DPI)
    cut = np.full((size[1], size[0]), beyond, dtype=whole.dtype)
    y0, x0 = max(0, -top), max(0, -left)
    part = whole[max(0, top) : max(0, top + size[1]), max(0, left) : max(0, left + size[0])]
    cut[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]] = part
    return cut


@lru_cache(maxsize=256)
def printed_near(template: Template) -> Mask:
    """Tell for every pixel of a blank whether something is printed on it or within reach of it."""
    darkest = cv2.erode(template.sharp, np.ones((2 * REACH_PX + 1, 2 * REACH_PX + 1), np.uint8))
    return np.asarray(darkest < PRINTED)


CELL_GAP_PX = 3
CELL_LEAST_INK_PX = 8


def joined_cells(zone: Zone, count: int, inset_mm: float) -> list[Picture]:
    """Cut the characters out of their cells, inside the borders, and set them as close as type.

    Answers one strip for each run of written cells: an empty cell between them is a space, or means nothing in a code.
    """
    strips: list[list[Picture]] = [[]]
    for cell in zone.box.split(count):
        where = zone.within(cell.inset(inset_mm))
        ink = zone.ink[where]
        columns = np.flatnonzero(ink.any(axis=0))
        if np.count_nonzero(ink) < CELL_LEAST_INK_PX:
            strips.append([])
            continue
        left, right = max(0, int(columns[0]) - CELL_GAP_PX), int(columns[-1]) + 1 + CELL_GAP_PX
        strips[-1].append(zone.picture[where][:, left:right])
    return [_side_by_side(strip) for strip in strips if strip]


def _side_by_side(pictures: Sequence[Picture]) -> Picture:
    height = min(picture.shape[0] for picture in pictures)
    return np.ascontiguousarray(np.hstack([picture[:height] for picture in pictures]))
