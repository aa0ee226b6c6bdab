"""Lay sheets where a person says that they belong, and all others as ever."""

from collections.abc import Callable, Iterable

import cv2
import numpy as np

from cases.paper import Corners, Slot
from pages.page import Page
from templates.form import Match, Unlaid
from templates.identify import TRUSTED_MM
from templates.load import Library
from templates.plane import Homography
from templates.recognise import Known, Seen, by_picture
from templates.register import Laid, fine
from templates.template import Template, template_of
from templates.views import Views

Lay = Callable[[Page], Match | Unlaid | None]
BY_HAND = "corners"
IN_SLOT = "slot"


def with_slots(lay: Lay, slots: Iterable[Slot], forms: Library) -> Lay:
    """Give a way of laying that goes by a person's word where there is one. A slot of an unknown form says nothing."""
    said = {(slot.file, slot.number): slot for slot in slots}
    known = {form.key: form for form in forms}

    def laid(page: Page) -> Match | Unlaid | None:
        slot = said.get((page.file, page.number))
        form = known.get(slot.form) if slot else None
        if slot is None or form is None or not 1 <= slot.page <= form.page_count:
            return lay(page)
        return in_slot(page, template_of(form, slot.page), slot.corners, lay)

    return laid


def in_slot(page: Page, template: Template, corners: Corners | None, lay: Lay) -> Match | Unlaid | None:
    """Lay a sheet over one page of a form: as ever when that leads there, else by its picture alone, or its corners."""
    if corners is not None:
        return _by_corners(page, template, corners)
    usual = lay(page)
    if isinstance(usual, Match) and (usual.form.key, usual.page) == (template.form.key, template.page):
        return usual
    cv2.setRNGSeed(1)
    seen = by_picture(Views(page), Known((template,)))
    if isinstance(seen, Seen) and seen.laid.residual_mm <= TRUSTED_MM:
        return _match(template, seen.laid, IN_SLOT)
    return Unlaid("loose", (template.form.key,), template.page)


def _by_corners(page: Page, template: Template, corners: Corners) -> Match:
    """Start from the corners and follow the print from there; where no print is found, the corners are all there is."""
    way = corner_way(page, template, corners)
    cv2.setRNGSeed(1)
    laid = fine(Views(page), template, way)
    if laid is not None and laid.residual_mm <= TRUSTED_MM:
        return _match(template, laid, BY_HAND)
    return Match(template.form, template.page, way, 0.0, 0.0, BY_HAND)


def corner_way(page: Page, template: Template, corners: Corners) -> Homography:
    """Give the way from template mm to picture pixels that four corners make."""
    rows, columns = page.picture.shape
    width, height = template.form.page_width_mm, template.form.page_height_mm
    sheet = np.asarray([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    picture = np.asarray(corners, dtype=np.float32) * np.asarray((columns, rows), dtype=np.float32) - 0.5
    return np.asarray(cv2.getPerspectiveTransform(sheet, picture.astype(np.float32)), dtype=np.float64)


def _match(template: Template, laid: Laid, how: str) -> Match:
    return Match(template.form, template.page, laid.to_picture, laid.residual_mm, laid.quality, how, laid.warp)
