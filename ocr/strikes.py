"""Struck-out sections: a long pen stroke over its fields, alone or as part of a Z, says that nothing applies there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr.ink import Ink, Presence, Source
from ocr.zones import DPI, FlatSheet, Mask, printed_near
from pages.doubt import Doubt
from pages.page import MM_PER_INCH, Box
from templates.follow import drawn as drawn_sheet
from templates.form import Form
from templates.views import View

LOOK_DPI = 100.0
DARK = 0.72
LONG_MM = 45.0
GAP_MM = 5.0
SLANT = 0.07
"""Rise over run from which a line is a stroke of the pen: what is leveller may be a line of writing."""
SOLID = 0.8
"""The share of a stroke, where no print hides it, that must be ink. A slanted line across typed text meets 30 %."""
UNBROKEN = 0.95
COVERS = 0.5
"""The share of a section's height or width that a stroke must cover to strike it out."""
HALF_MM = 1.3
LEFT_INK_MM2 = 1.6
"""Ink beside the stroke in a field: then something stands there, and a clerk decides."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight pen stroke, in mm on the template."""

    start: tuple[float, float]
    end: tuple[float, float]

    def within(self, box: Box) -> tuple[float, float]:
        """Answer which share of a box's width and height it passes."""
        (x0, y0), (x1, y1) = self.start, self.end
        across = min(max(x0, x1), box.right) - max(min(x0, x1), box.left)
        down = min(max(y0, y1), box.bottom) - max(min(y0, y1), box.top)
        return max(0.0, across) / box.width, max(0.0, down) / box.height


def strike_out(form: Form, page: int, flat: FlatSheet, inks: Sequence[Ink]) -> tuple[Ink, ...]:
    """Mark the zones of struck-out sections: empty but for the stroke is ``STRUCK``, written on is doubtful."""
    found = strokes(flat)
    zones = {zone for letter in _struck(form, page, found) for zone in _zones_of(form, letter)}
    return tuple(_judged(ink, flat, found) if ink.zone in zones else ink for ink in inks) if zones else tuple(inks)


def _judged(ink: Ink, flat: FlatSheet, found: Sequence[Stroke]) -> Ink:
    """Judge one zone of a struck-out section by what is left beside the stroke."""
    if ink.source in {Source.ACROFORM, Source.TEXT}:
        return ink
    zone = flat.zone(ink.box)
    where = zone.within(ink.box.inset(0.6))
    rest = zone.ink & ~_along(found, zone.drawn, zone.ink.shape)
    if float(np.count_nonzero(rest[where])) * (MM_PER_INCH / DPI) ** 2 >= LEFT_INK_MM2:
        return replace(ink, presence=Presence.DOUBTFUL, confidence=0.5, mark=None, doubt=Doubt.STRUCK_THROUGH)
    return replace(ink, presence=Presence.STRUCK, text="", others=(), lattice=None, confidence=0.95, mark=False)


def _along(found: Sequence[Stroke], drawn: Box, shape: tuple[int, ...]) -> Mask:
    """Draw the strokes as broad bands into a zone's frame."""
    band = np.zeros(shape, np.uint8)
    for stroke in found:
        ends = [
            (round((x - drawn.left) / MM_PER_INCH * DPI), round((y - drawn.top) / MM_PER_INCH * DPI))
            for x, y in (stroke.start, stroke.end)
        ]
        cv2.line(band, ends[0], ends[1], (1,), round(2 * HALF_MM / MM_PER_INCH * DPI))
    return np.asarray(band > 0)


def _struck(form: Form, page: int, found: Sequence[Stroke]) -> Iterator[str]:
    """List the letters of the sections that a stroke goes through."""
    for section in form.sections:
        boxes = [field.box for field in section.fields if field.page == page]
        if len(boxes) > 1:
            left, top = min(box.left for box in boxes), min(box.top for box in boxes)
            right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
            whole = Box(left, top, right - left, bottom - top)
            passed = [stroke.within(whole) for stroke in found]
            if any(across > 0 and down > COVERS for across, down in passed):
                yield section.letter


def _zones_of(form: Form, letter: str) -> Iterator[str]:
    for field in (field for section in form.sections if section.letter == letter for field in section.fields):
        yield field.name
        yield from (f"{field.name}.{option.value}" for option in field.options)


def strokes(flat: FlatSheet) -> tuple[Stroke, ...]:
    """Find the long slanted strokes of a sheet."""
    ink, printed = _ink(flat)
    per_mm = LOOK_DPI / MM_PER_INCH
    shortest, gap = round(LONG_MM * per_mm), round(GAP_MM * per_mm)
    lines = cv2.HoughLinesP(ink.astype(np.uint8), 1, np.pi / 720, shortest // 2, minLineLength=shortest, maxLineGap=gap)
    ends = [] if lines is None else [[int(v) for v in line] for line in np.asarray(lines).reshape(-1, 4)]
    slanted = [line for line in ends if _slants(line) and _solid(line, ink, printed, SOLID)]
    # The level strokes of a Z: without its slanted one a level line may be a line of writing.
    level = [line for line in ends if slanted and not _slants(line) and _solid(line, ink, printed, UNBROKEN)]
    solid = (*slanted, *level)
    return tuple(Stroke((a / per_mm, b / per_mm), (c / per_mm, d / per_mm)) for a, b, c, d in solid)


def _ink(flat: FlatSheet) -> tuple[Mask, Mask]:
    """Draw the sheet in the template's frame: what is ink, and what is printed there or near."""
    near = printed_near(flat.template)
    picture = drawn_sheet(View(flat.picture, np.eye(3), (LOOK_DPI, LOOK_DPI)), flat.match, LOOK_DPI)
    printed = cv2.resize(near.astype(np.uint8), picture.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    paper = float(np.percentile(picture[::5, ::5], 75))
    return np.asarray((picture < DARK * paper) & ~printed), np.asarray(printed)


def _slants(line: Sequence[int]) -> bool:
    across, down = abs(line[2] - line[0]), abs(line[3] - line[1])
    return down > SLANT * across and across > SLANT * down


def _solid(line: Sequence[int], ink: Mask, printed: Mask, least: float) -> bool:
    """Tell whether a line is ink from end to end, where the print does not hide it."""
    count = max(abs(line[2] - line[0]), abs(line[3] - line[1])) + 1
    x, y = (_steps(line[i], line[i + 2], count, ink.shape[1 - i]) for i in (0, 1))
    broad = np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    open_ = ~printed[y, x]
    return bool(open_.sum() > count / 3 and broad[y, x][open_].mean() >= least)


def _steps(start: int, end: int, count: int, size: int) -> npt.NDArray[np.intp]:
    return np.clip(np.linspace(start, end, count).round(), 0, size - 1).astype(np.intp)
