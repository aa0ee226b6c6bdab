"""Medium: how a sheet came to us. Readers err differently on each, so trust is measured for each."""

from enum import StrEnum

import numpy as np

from pages.page import Page, Picture
from templates.form import Match

BINARY_SHARE = 0.995
FLAT_SHEAR = 0.012
"""By so much the far edges of a sheet may differ in length before it was photographed rather than scanned.

A folded sheet on a scanner counts as a photo too: it is read no better."""


class Medium(StrEnum):
    """How a sheet came: as data, through a scanner, a fax machine, or a camera.

    A scan of black and white only counts as a fine fax: it is read alike, at more dots an inch better.
    """

    DIGITAL = "digital"
    SCAN = "scan"
    FINE_FAX = "fine_fax"
    STANDARD_FAX = "standard_fax"
    PHOTO = "photo"


def medium(page: Page, match: Match) -> Medium:
    """Tell how a sheet came by its picture, its resolution and how it lies on its template."""
    if not page.scanned:
        return Medium.DIGITAL
    if page.dpi_y < 0.75 * page.dpi_x:
        return Medium.STANDARD_FAX
    if is_bilevel(page.picture):
        return Medium.FINE_FAX
    bent = match.warp is not None or _perspective(match) > FLAT_SHEAR
    return Medium.PHOTO if bent else Medium.SCAN


def is_bilevel(picture: Picture) -> bool:
    """Tell a picture of black and white only from one with greys, by every seventh row."""
    sample = picture[::7]
    return int(np.count_nonzero((sample == 0) | (sample == 255))) >= BINARY_SHARE * sample.size


def _perspective(match: Match) -> float:
    """Answer by which share opposite edges of the laid sheet differ in length, the greater of both pairs."""
    form = match.form
    wide, high = form.page_width_mm, form.page_height_mm
    corners = np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]], dtype=np.float64)
    seen = corners @ np.asarray(match.to_picture, dtype=np.float64).T
    flat = seen[:, :2] / seen[:, 2:]
    top, right, bottom, left = np.linalg.norm(np.roll(flat, -1, axis=0) - flat, axis=1)
    return float(max(abs(top - bottom) / max(top, bottom), abs(left - right) / max(left, right)))
