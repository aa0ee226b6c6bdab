"""How a sheet lies on the glass or the table before anything is known of its form: skew, side up, outline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import cv2
import numpy as np

from pages.page import Page, Picture
from templates.plane import Homography, Points, apply, centred
from templates.template import Template, soften
from templates.views import SMALL_DPI, TINY_DPI, Views, warp

MOST_SKEW = 12.0
STEP = 1.5
STREAKS = 8
"""So many of a profile's steepest steps are left out: the streaks and dark rim of a copy are no text."""
MARGIN = 0.12
"""The share of a page on each side that is left out when whole pages are compared, and by which they may shift."""
LEAST_SHEET = 0.3
WHOLE_SHEET = 0.97
"""An outline of less than the one share of the picture is no sheet; of more than the other it is the picture's own."""
UNEVEN = 25
"""Grey values; measured 2-12 on scans with shade, 40 and more on photos with a table or a shadow."""

Start = Callable[[Template], Homography]
"""A way to begin for each template."""


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A template with a start for laying the sheet over it; ``score`` is the likeness of the whole page, -1 to 1."""

    template: Template
    start: Homography = field(repr=False)
    score: float


@dataclass(frozen=True, slots=True)
class Skew:
    """By how many degrees a sheet is turned clockwise, and in which quarter turns it may lie besides."""

    degrees: float
    quarters: tuple[int, ...]


def skews_of(views: Views) -> tuple[Skew, Skew]:
    """Estimate the skew of a sheet if it stands or hangs, and if it lies on its side; the likelier one first.

    Level text lines have the sharpest profile. A sheet on its side has them in its columns.
    """
    view = _square(views)
    upright, sharp = _best_angle(255 - view)
    sideways, sharper = _best_angle(255 - np.ascontiguousarray(np.rot90(view)))
    both = Skew(upright, (0, 180)), Skew(sideways, (90, 270))
    return both if sharp >= sharper else both[::-1]


def skew_of(views: Views) -> Skew:
    """Estimate the skew of a sheet in its likelier posture."""
    return skews_of(views)[0]


def _square(views: Views) -> Picture:
    page = views.page
    size = (max(1, round(page.width_mm / 25.4 * SMALL_DPI)), max(1, round(page.height_mm / 25.4 * SMALL_DPI)))
    return np.asarray(cv2.resize(views.at(SMALL_DPI).picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _best_angle(ink: Picture) -> tuple[float, float]:
    sharpness = {float(a): _sharpness(ink, float(a)) for a in np.arange(-MOST_SKEW, MOST_SKEW + 0.1, STEP)}
    for step in (STEP / 2, STEP / 4):
        best = max(sharpness, key=sharpness.__getitem__)
        sharpness |= {angle: _sharpness(ink, angle) for angle in (best - step, best + step)}
    angle = max(sharpness, key=sharpness.__getitem__)
    return angle, sharpness[angle]


def _sharpness(ink: Picture, degrees: float) -> float:
    rows, columns = ink.shape
    level = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turned = cv2.warpAffine(ink, level, (columns, rows), flags=cv2.INTER_LINEAR)
    profile = np.asarray(cv2.reduce(turned, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S), dtype=np.float64).ravel()
    steps = np.diff(profile) ** 2
    return float(np.partition(steps, -STREAKS)[:-STREAKS].sum()) if len(steps) > STREAKS else 0.0


def likely(views: Views, templates: Sequence[Template], skew: Skew, scale: float = 1.0) -> list[Guess]:
    """Compare the whole sheet with every template in each posture, at a few pixels a centimetre; best first."""
    starts = [partial(_turned, views.page, skew.degrees + quarter, scale) for quarter in skew.quarters]
    return _compared(views, templates, starts)


def outlined(views: Views, templates: Sequence[Template]) -> list[Guess]:
    """Compare the sheet within the outline that stands out from a table, with every template; best first."""
    corners = outline(views)
    if corners is None:
        return []
    return _compared(views, templates, [partial(_over, np.roll(corners, -k, axis=0)) for k in range(4)])


def outline(views: Views) -> Points | None:
    """Find the sheet's four corners (pixels of the picture), clockwise from its top left, where it is no whole picture.

    A sheet is the largest bright area; its print is closed first, so that it does not part it.
    """
    view = views.at(SMALL_DPI)
    closed = cv2.morphologyEx(view.picture, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    _, bright = cv2.threshold(cv2.GaussianBlur(closed, (0, 0), 1.5), 0, 1, cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(np.asarray(bright, np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    share = cv2.contourArea(hull) / bright.size
    if len(hull) < 4 or not LEAST_SHEET < share < WHOLE_SHEET:
        return None
    corners = np.asarray(cv2.approxPolyN(hull, 4, ensure_convex=True), dtype=np.float64).reshape(4, 2)
    first = int(corners.sum(axis=1).argmin())
    around = np.roll(corners, -first, axis=0)
    if cv2.contourArea(around.astype(np.float32), oriented=True) < 0:
        around = np.roll(around[::-1], 1, axis=0)
    return apply(np.asarray(np.linalg.inv(view.from_full), dtype=np.float64), around)


def uneven(views: Views) -> bool:
    """Tell whether the ground of a sheet is as uneven as a photo's; a scanner's or a fax's is not."""
    closed = cv2.morphologyEx(views.at(SMALL_DPI).picture, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    low, high = np.percentile(closed, (15, 60))
    return bool(high - low > UNEVEN)


def _turned(page: Page, degrees: float, scale: float, template: Template) -> Homography:
    return centred(page, template.form.page_width_mm, template.form.page_height_mm, degrees, scale)


def _over(corners: Points, template: Template) -> Homography:
    width, height = template.form.page_width_mm, template.form.page_height_mm
    paper = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(paper, corners.astype(np.float32)), dtype=np.float64)


def _compared(views: Views, templates: Sequence[Template], starts: Sequence[Start]) -> list[Guess]:
    view = views.at(TINY_DPI)
    guesses: list[Guess] = []
    drawn: dict[tuple[float, float, int], tuple[Homography, Picture]] = {}
    for template in templates:
        for number, start_of in enumerate(starts):
            key = (template.form.page_width_mm, template.form.page_height_mm, number)
            if key not in drawn:
                start = start_of(template)
                drawn[key] = start, soften(warp(view, start, template.form, TINY_DPI))
            start, picture = drawn[key]
            guesses.append(Guess(template, start, _likeness(picture, template.soft)))
    return sorted(guesses, key=lambda guess: -guess.score)


def _likeness(picture: Picture, blank: Picture) -> float:
    rows, columns = blank.shape
    y, x = round(rows * MARGIN), round(columns * MARGIN)
    inner = blank[y : rows - y, x : columns - x]
    return float(cv2.matchTemplate(picture, inner, cv2.TM_CCOEFF_NORMED).max())
