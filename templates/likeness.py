"""Whether two sheets of the same form page say the same: compared field by field, by the ink on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import MM_PER_INCH, Box, Page, Picture
from templates.follow import drawn
from templates.form import Field, Kind, Match
from templates.template import Template, template_of
from templates.views import Views

Sheet = tuple[Page, Match]
Darkness = npt.NDArray[np.float32]

DPI = 150.0
REACH_MM = 0.5
"""How far the same ink may lie apart on two copies: each is laid over the form within 0.2 mm."""
ALIKE = 0.82
"""Correlation from which a piece of ink is the same writing. Of 1,536 fields read twice by scan and fax the least had
0.89; of 1,545 fields of two people 95 % had less than 0.72, the rest says the same."""
DARK = 0.32
"""Darker than its paper by this share counts as ink."""
LEAST_INK_MM2 = 1.0
NO_INK_MM2 = 0.3
"""Ink between these two is neither there nor absent: a field with so little says nothing."""
PIECE_MM = 8.0
LEAST_PIECE_PX = 12
SAME_PERSON = 0.55
"""Of the fields written on both sheets, the share that must agree for the sheets to be copies of one another."""
LEAST_FIELDS = 2
INSET_MM = 0.6
_MARKS = frozenset({Kind.ENUM, Kind.TICKS, Kind.TICK})


class Likeness(StrEnum):
    """How two sheets of one form page stand to each other."""

    SAME = "same"
    """The same writing: one sheet that came twice."""
    ALTERED = "altered"
    """Mostly the same writing, but something was added or changed: a person must say which one counts."""
    OTHER = "other"
    """Another writing: somebody else's sheet, or one that was filled anew."""
    BARE = "bare"
    """Too little is written to tell."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The verdict on two sheets, and the fields that differ (by name)."""

    likeness: Likeness
    differing: tuple[str, ...] = ()


def compare(one: Sheet, other: Sheet) -> Compared:
    """Compare two sheets that were laid over the same form page."""
    if one[0].picture.shape == other[0].picture.shape and np.array_equal(one[0].picture, other[0].picture):
        return Compared(Likeness.SAME)
    template = template_of(one[1].form, one[1].page)
    inks = _darkness(one, template), _darkness(other, template)
    alike: list[str] = []
    differing: list[str] = []
    added: list[str] = []
    for field, box in _written_on(template):
        pieces = tuple(_cut(ink, box) for ink in inks)
        most, least = sorted((_ink_mm2(piece) for piece in pieces), reverse=True)
        if least >= LEAST_INK_MM2:
            wide = (_cut(ink, box.inset(-REACH_MM)) for ink in inks)
            (alike if correlation(*wide) >= ALIKE else differing).append(field.name)
        elif most >= LEAST_INK_MM2 and least < NO_INK_MM2:
            added.append(field.name)
    return _verdict(alike, differing, added)


def _verdict(alike: list[str], differing: list[str], added: list[str]) -> Compared:
    both = len(alike) + len(differing)
    if both < LEAST_FIELDS and not differing:
        return Compared(Likeness.BARE, tuple(added)) if not alike or added else Compared(Likeness.SAME)
    if len(alike) < SAME_PERSON * both:
        return Compared(Likeness.OTHER, (*differing, *added))
    if differing or added:
        return Compared(Likeness.ALTERED, (*differing, *added))
    return Compared(Likeness.SAME)


def _written_on(template: Template) -> Iterator[tuple[Field, Box]]:
    """List the writing fields of a page. Ticks are left out: two strangers tick the same boxes."""
    for field in template.form.fields.values():
        if field.page == template.page and field.kind not in _MARKS:
            yield field, field.box.inset(INSET_MM)


def _darkness(sheet: Sheet, template: Template) -> Darkness:
    """Draw a sheet's ink in the template's frame: 0 for paper and print, up to 1 for black."""
    picture = drawn(Views(sheet[0]).at(DPI), sheet[1], DPI)
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.0).astype(np.float32)
    dark = np.clip(1 - smooth / np.maximum(_paper(smooth), 1.0), 0, 1)
    dark[_printed(template, picture.shape)] = 0
    return np.asarray(dark, dtype=np.float32)


def _paper(smooth: Darkness) -> Darkness:
    """Estimate the paper's own brightness at each place: a photograph has its light from one side."""
    rows, columns = smooth.shape
    small = cv2.resize(smooth, (max(1, columns // 8), max(1, rows // 8)), interpolation=cv2.INTER_AREA)
    light = cv2.blur(cv2.dilate(small, np.ones((5, 5), np.uint8)), (9, 9))
    return np.asarray(cv2.resize(light, (columns, rows), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _printed(template: Template, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    blank: Picture = np.asarray(cv2.resize(template.sharp, shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.erode(blank, np.ones((5, 5), np.uint8)) < 215)


def _cut(ink: Darkness, box: Box) -> Darkness:
    left, top, right, bottom = (
        round(v / MM_PER_INCH * DPI) for v in (box.left, box.top, box.left + box.width, box.top + box.height)
    )
    return ink[max(top, 0) : max(bottom, top + 1), max(left, 0) : max(right, left + 1)]


def _ink_mm2(piece: Darkness) -> float:
    return float(np.count_nonzero(piece > DARK)) * (MM_PER_INCH / DPI) ** 2


def correlation(one: Darkness, other: Darkness) -> float:
    """Answer the least of the correlations, piece by piece of some letters' width: one changed digit is a change."""
    margin = round(REACH_MM / MM_PER_INCH * DPI)
    columns = np.flatnonzero((other[margin:-margin, margin:-margin] > DARK).any(axis=0))
    ends = np.flatnonzero((one[margin:-margin, margin:-margin] > DARK).any(axis=0))
    if not len(columns) or not len(ends):
        return 0.0
    left, right = min(columns[0], ends[0]), max(columns[-1], ends[-1]) + 1
    count = max(1, round((right - left) / (PIECE_MM / MM_PER_INCH * DPI)))
    edges = np.linspace(left, right, count + 1).astype(int)
    return min(_piece(one, other, a, b, margin) for a, b in pairwise(edges))


def _piece(one: Darkness, other: Darkness, left: int, right: int, margin: int) -> float:
    sought = np.ascontiguousarray(other[margin:-margin, left + margin : right + margin])
    area = np.ascontiguousarray(one[:, left : right + 2 * margin])
    here, there = (np.count_nonzero(part > DARK) for part in (sought, area[margin:-margin, margin:-margin]))
    if max(here, there) < LEAST_PIECE_PX:
        return 1.0
    return float(cv2.matchTemplate(area, sought, cv2.TM_CCOEFF_NORMED).max()) if min(here, there) else 0.0
