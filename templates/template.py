"""A blank form's page made ready for laying sheets over it: rendered once, cut into patches, cached."""

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np

from pages.codes import find_codes
from pages.page import Page, Picture, Word
from pages.pdf import render, words_of
from pages.raster import Raster
from templates.form import Form
from templates.patches import COARSE, FINE, Patches, cut
from templates.plane import Points, apply, as_points, scale_to

SHARP_DPI = 200.0
TINY_DPI = 12.5


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One page of a blank form. Pictures are in the form's own frame, from the sheet's top left corner.

    ``code_text`` and ``code_corners_mm`` are its printed 2-D code, if it has one.
    """

    form: Form
    page: int
    sharp: Picture = field(repr=False)
    tiny: Picture = field(repr=False)
    coarse: Patches = field(repr=False)
    fine: Patches = field(repr=False)
    words: tuple[Word, ...] = field(repr=False)
    code_text: str = ""
    code_corners_mm: Points | None = field(default=None, repr=False)


def template_of(form: Form, page: int) -> Template:
    """Render and cut up one page (from 1) of a form's blank; the second call is free."""
    return _template(form.key, page, form.blank, _Known(form))


class _Known:
    """Carries a form past the cache's key: the key and the bytes of the blank say all that matters."""

    __slots__ = ("form",)

    def __init__(self, form: Form) -> None:
        self.form = form

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known)


@lru_cache(maxsize=256)
def _template(key: str, page: int, blank: bytes, known: _Known) -> Template:  # noqa: ARG001 - part of the cache's key
    form = known.form
    raster = render(blank, page, SHARP_DPI)
    text, corners = _code(Page(form.key, "", page, raster.picture, raster.dpi_x, raster.dpi_y))
    sharp = _exact(raster, form)
    return Template(
        form=form,
        page=page,
        sharp=sharp,
        tiny=_reduced(sharp, TINY_DPI),
        coarse=cut(_reduced(sharp, COARSE.dpi), COARSE),
        fine=cut(_reduced(sharp, FINE.dpi), FINE),
        words=words_of(blank, page),
        code_text=text,
        code_corners_mm=corners,
    )


def frame_size(form: Form, dpi: float) -> tuple[int, int]:
    """Width and height in pixels of a form's sheet at a resolution."""
    return round(form.page_width_mm / 25.4 * dpi), round(form.page_height_mm / 25.4 * dpi)


def _exact(raster: Raster, form: Form) -> Picture:
    """Draw a rendered page at exactly the sharp resolution: a renderer rounds the page up to whole pixels."""
    way = scale_to(raster.dpi_x, raster.dpi_y) @ np.linalg.inv(scale_to(SHARP_DPI))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    drawn = cv2.warpPerspective(raster.picture, way, frame_size(form, SHARP_DPI), flags=flags, borderValue=255)
    return np.asarray(drawn, dtype=np.uint8)


def _reduced(sharp: Picture, dpi: float) -> Picture:
    """Reduce by a whole factor, so that no rounding of the picture's size moves the patches."""
    factor = round(SHARP_DPI / dpi)
    rows, columns = (-(-side // factor) * factor for side in sharp.shape)
    padded = cv2.copyMakeBorder(
        sharp, 0, rows - sharp.shape[0], 0, columns - sharp.shape[1], cv2.BORDER_CONSTANT, value=255
    )
    size = (columns // factor, rows // factor)
    return np.asarray(cv2.resize(padded, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _code(sheet: Page) -> tuple[str, Points | None]:
    codes = find_codes(sheet.picture, sheet.dpi_x, sheet.dpi_y)
    if not codes:
        return "", None
    to_mm = np.linalg.inv(scale_to(sheet.dpi_x, sheet.dpi_y))
    return codes[0].text, apply(np.asarray(to_mm, dtype=np.float64), as_points(codes[0].corners_px))
