"""Lay a sheet over a page of a form by its print: patches found coarsely, finely, and where it must densely.

A flat sheet needs the first two. Paper that is curled, folded or stretched is followed by many small patches, through
which a smooth surface is laid. Marks and codes only give a start.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import MM_PER_INCH
from templates.patches import NEAR, Found, Patches, find
from templates.plane import Homography, Points, apply, sane, scale_to
from templates.template import Template
from templates.views import FINE_DPI, MIDDLE_DPI, View, Views, warp
from templates.warp import Warp, fit_warp

FEWEST = 5
FEWEST_TILTED = 12
COARSE_SLACK_MM = 1.4
FINE_SLACK_MM = 0.35
LOOSE_SLACK_MM = 1.8
SURE_PEAK = 0.6
"""A patch found this well is where it seems to be: its distance counts for the residual, fitting in or not."""
GOOD_COARSE = 0.6
FLAT_MM = 0.16
"""Up to this residual a sheet counts as flat; measured on flat scans 0.05, on faxes fed evenly 0.1."""
RESIDUAL_SHARE = 90
ALL_SEEN = 0.85
HELD = 0.3
"""A dense patch whose weight is at least this agrees with the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A sheet over a template: the way from template mm to picture pixels, and how well it holds.

    ``residual_mm`` is the 90th percentile of the patches' distances, ``quality`` the share of patches that agree,
    ``seen`` the share that was found at all.
    """

    to_picture: Homography = field(repr=False)
    residual_mm: float
    quality: float
    seen: float = 1.0
    warp: Warp | None = field(default=None, repr=False)


def coarse(views: Views, template: Template, start: Homography, *, wide: bool = True) -> Laid | None:
    """Find where a sheet lies, from a start that is at most 8 mm off, or ``wide`` 19 mm. None: it is not this page."""
    view = views.at(MIDDLE_DPI)
    best = _coarse(view, template, start, NEAR)
    if wide and (best is None or best.quality < GOOD_COARSE):
        best = _better(best, _coarse(view, template, start, template.coarse.grain.window))
    if wide and best is not None and best.quality < GOOD_COARSE:
        # Tilted or scaled patches are hard to find; once the sheet is nearly upright they are not.
        best = _better(best, _coarse(view, template, best.to_picture, NEAR))
    return best


def _better(one: Laid | None, other: Laid | None) -> Laid | None:
    if one is None or other is None:
        return one or other
    return other if other.quality > one.quality else one


def _coarse(view: View, template: Template, start: Homography, window: int) -> Laid | None:
    sought = _seek(view, template, start, template.coarse, window)
    if len(sought.numbers) < FEWEST:
        return None
    starts = template.coarse.centres[sought.numbers]
    slack = COARSE_SLACK_MM / MM_PER_INCH * template.coarse.grain.dpi
    change, kept = cv2.estimateAffine2D(starts, sought.places, method=cv2.RANSAC, ransacReprojThreshold=slack)
    if change is None or int(kept.sum()) < FEWEST:
        return None
    change = np.vstack([change, [0, 0, 1]])
    if len(starts) >= FEWEST_TILTED and kept.sum() < 0.8 * len(starts):
        tilted, more = cv2.findHomography(starts, sought.places, cv2.RANSAC, slack)
        if tilted is not None and more.sum() >= max(FEWEST_TILTED, kept.sum() + 3):
            change, kept = tilted, more
    return _laid(np.asarray(change, dtype=np.float64), np.asarray(kept), sought, template.coarse, start)


def fine(views: Views, template: Template, start: Homography) -> Laid | None:
    """Make a coarse finding exact, and follow the paper where it is not flat. None when too little is found again."""
    laid = _fine(views.at(FINE_DPI), template, start)
    if laid is not None and laid.seen < ALL_SEEN:
        # Far from the truth the patches differ in size or turn; from nearby they are found better.
        laid = _better(laid, _fine(views.at(FINE_DPI), template, laid.to_picture))
    if laid is None or laid.residual_mm <= FLAT_MM:
        return laid
    return follow_paper(views, template, laid) or laid


def _fine(view: View, template: Template, start: Homography) -> Laid | None:
    sought = _seek(view, template, start, template.fine, template.fine.grain.window)
    if len(sought.numbers) < FEWEST:
        return None
    starts = template.fine.centres[sought.numbers]
    per_mm = template.fine.grain.dpi / MM_PER_INCH
    change, kept = cv2.findHomography(starts, sought.places, cv2.RANSAC, FINE_SLACK_MM * per_mm)
    if change is None or kept.sum() < 0.6 * len(starts):
        loose, more = cv2.findHomography(starts, sought.places, cv2.RANSAC, LOOSE_SLACK_MM * per_mm)
        if loose is not None and (change is None or more.sum() > kept.sum()):
            change, kept = loose, more
    if change is None or int(kept.sum()) < FEWEST:
        return None
    return _laid(np.asarray(change, dtype=np.float64), np.asarray(kept), sought, template.fine, start)


def follow_paper(views: Views, template: Template, laid: Laid) -> Laid | None:
    """Lay a smooth surface through many small patches. None when too few are found."""
    patches = template.dense
    per_mm = patches.grain.dpi / MM_PER_INCH
    sought = _seek(views.at(FINE_DPI), template, laid.to_picture, patches, patches.grain.window)
    to_frame = scale_to(patches.grain.dpi)
    back = np.asarray(np.linalg.inv(to_frame), dtype=np.float64)
    points = apply(back, patches.centres[sought.numbers])
    shifts = (sought.places - patches.centres[sought.numbers]) / per_mm
    form = template.form
    fitted = fit_warp(points, shifts, (form.page_width_mm, form.page_height_mm))
    if fitted is None:
        return None
    held = fitted.weights >= HELD
    counted = held | (sought.peaks >= SURE_PEAK)
    residual = float(np.percentile(fitted.off_mm[counted], RESIDUAL_SHARE))
    quality = float(np.count_nonzero(held)) / max(1, _visible(views, laid.to_picture, patches))
    return Laid(laid.to_picture, residual, min(1.0, quality), laid.seen, fitted.warp)


def _seek(view: View, template: Template, start: Homography, patches: Patches, window: int) -> Found:
    return find(patches, warp(view, start, template.form, patches.grain.dpi, pad=window), window)


def _visible(views: Views, to_picture: Homography, patches: Patches) -> int:
    """Count the patches that lie within the picture: what is cut off cannot agree."""
    rows, columns = views.page.picture.shape
    at = apply(to_picture @ np.linalg.inv(scale_to(patches.grain.dpi)), patches.centres)
    return int(np.count_nonzero((at >= 0).all(axis=1) & (at[:, 0] < columns) & (at[:, 1] < rows)))


def _laid(
    change: npt.NDArray[np.float64], kept: npt.NDArray[np.generic], sought: Found, patches: Patches, start: Homography
) -> Laid | None:
    """Compose template mm -> frame -> changed frame -> picture."""
    to_frame = scale_to(patches.grain.dpi)
    whole = start @ np.linalg.inv(to_frame) @ change @ to_frame
    whole = whole / whole[2, 2]
    if not (np.isfinite(whole).all() and sane(whole, start)):
        return None
    counted = (kept.ravel().astype(bool)) | (sought.peaks >= SURE_PEAK)
    off_px = _distances(change, patches.centres[sought.numbers], sought.places)[counted]
    residual = float(np.percentile(off_px, RESIDUAL_SHARE)) / patches.grain.dpi * MM_PER_INCH
    every = len(patches.centres)
    return Laid(whole, residual, float(np.count_nonzero(kept)) / every, len(sought.numbers) / every)


def _distances(change: npt.NDArray[np.float64], starts: Points, ends: Points) -> npt.NDArray[np.float64]:
    return np.asarray(np.hypot(*(apply(change, starts) - ends).T), dtype=np.float64)
