"""How a sheet lies on the glass before anything is known of its form: its skew and which side is up."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pages.page import Page, Picture
from templates.form import Homography
from templates.plane import centred
from templates.register import reduce, warp
from templates.template import TINY_DPI, Template

MOST_SKEW = 12.0
PROFILE_DPI = 25.0
QUARTERS = (0, 90, 180, 270)
MARGIN = 0.12
"""The share of a page on each side that is left out when whole pages are compared, and by which they may shift."""


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A template with a start for laying the sheet over it; ``score`` is the likeness of the whole page, -1 to 1."""

    template: Template
    start: Homography
    score: float


def skew_of(page: Page) -> float:
    """Estimate by how many degrees a sheet is turned clockwise: level text lines have the sharpest profile.

    A sheet that lies on its side has no such lines; its columns are looked at as well, and the sharper one counts.
    """
    view = _square(page, PROFILE_DPI)
    upright = _best_angle(255 - view)
    sideways = _best_angle(255 - np.ascontiguousarray(np.rot90(view)))
    return max(upright, sideways, key=lambda found: found[1])[0]


def _square(page: Page, dpi: float) -> Picture:
    size = (max(1, round(page.width_mm / 25.4 * dpi)), max(1, round(page.height_mm / 25.4 * dpi)))
    return np.asarray(cv2.resize(page.picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _best_angle(ink: Picture) -> tuple[float, float]:
    sharpness = {float(angle): _sharpness(ink, angle) for angle in np.arange(-MOST_SKEW, MOST_SKEW + 0.5, 1.0)}
    best = max(sharpness, key=sharpness.__getitem__)
    near = {best + step: _sharpness(ink, best + step) for step in (-0.5, 0.0, 0.5)}
    angle = max(near, key=near.__getitem__)
    return angle, near[angle]


def _sharpness(ink: Picture, degrees: float) -> float:
    rows, columns = ink.shape
    level = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    profile = cv2.warpAffine(ink, level, (columns, rows), flags=cv2.INTER_LINEAR).sum(axis=1, dtype=np.float64)
    return float(((profile[1:] - profile[:-1]) ** 2).sum())


def likely(page: Page, templates: Sequence[Template], skew: float) -> list[Guess]:
    """Compare the whole sheet with every template in four postures, at a few pixels a centimetre; best first."""
    view = reduce(page, 2 * TINY_DPI)
    guesses: list[Guess] = []
    drawn: dict[tuple[float, float, int], tuple[Homography, Picture]] = {}
    for template in templates:
        for quarter in QUARTERS:
            form = template.form
            key = (form.page_width_mm, form.page_height_mm, quarter)
            if key not in drawn:
                start = centred(page, form.page_width_mm, form.page_height_mm, skew + quarter)
                drawn[key] = start, _soft(warp(view, start, template, TINY_DPI))
            start, picture = drawn[key]
            guesses.append(Guess(template, start, _likeness(picture, template.tiny)))
    return sorted(guesses, key=lambda guess: -guess.score)


def _likeness(picture: Picture, blank: Picture) -> float:
    rows, columns = blank.shape
    y, x = round(rows * MARGIN), round(columns * MARGIN)
    inner = _soft(blank)[y : rows - y, x : columns - x]
    return float(cv2.matchTemplate(picture, inner, cv2.TM_CCOEFF_NORMED).max())


def _soft(picture: Picture) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.2), dtype=np.uint8)
