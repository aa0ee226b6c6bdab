"""One sheet at several resolutions, each made once and from the next finer one."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from pages.page import Page, Picture
from templates.form import Form
from templates.plane import Homography, resized, scale_to, shifted

FINE_DPI = 100.0
MIDDLE_DPI = 50.0
SMALL_DPI = 25.0
TINY_DPI = 12.5


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A sheet's picture reduced to about one resolution, with the way from the full picture's pixels to its own."""

    picture: Picture = field(repr=False)
    from_full: Homography = field(repr=False)
    dpi: tuple[float, float]


class Views:
    """The views of one sheet; the page itself is never changed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._made: dict[float, View] = {}

    def at(self, dpi: float) -> View:
        """Give the sheet reduced by whole factors, so that it stays about this fine in both directions."""
        if dpi not in self._made:
            finer = next((f for f in (TINY_DPI, SMALL_DPI, MIDDLE_DPI, FINE_DPI) if f > dpi), None)
            self._made[dpi] = _reduced(self.at(finer) if finer else _whole(self.page), dpi)
        return self._made[dpi]


def _whole(page: Page) -> View:
    return View(page.picture, np.eye(3), (page.dpi_x, page.dpi_y))


def _reduced(view: View, dpi: float) -> View:
    rows, columns = view.picture.shape
    across, down = (max(1, int(have / (0.97 * dpi))) for have in view.dpi)
    if across == down == 1 or rows < 2 * down or columns < 2 * across:
        return view
    # Cut to whole multiples: OpenCV's area averaging is many times faster on them.
    kept = view.picture[: rows - rows % down, : columns - columns % across]
    size = (kept.shape[1] // across, kept.shape[0] // down)
    small = np.asarray(cv2.resize(kept, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    way = np.asarray(resized(1 / across, 1 / down) @ view.from_full, dtype=np.float64)
    return View(small, way, (view.dpi[0] / across, view.dpi[1] / down))


def frame_size(form: Form, dpi: float) -> tuple[int, int]:
    """Width and height in pixels of a form's sheet at a resolution."""
    return round(form.page_width_mm / 25.4 * dpi), round(form.page_height_mm / 25.4 * dpi)


def warp(view: View, to_picture: Homography, form: Form, dpi: float, pad: int = 0) -> Picture:
    """Draw a sheet into a form's frame at a resolution, with ``pad`` pixels of surroundings on every side."""
    width, height = frame_size(form, dpi)
    way = view.from_full @ to_picture @ np.linalg.inv(shifted(pad, pad) @ scale_to(dpi))
    size = (width + 2 * pad, height + 2 * pad)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(view.picture, way, size, flags=flags, borderValue=255), dtype=np.uint8)
