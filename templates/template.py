"""A blank form's page made ready for laying sheets over it: rendered once, cut into patches, cached."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from pages.codes import find_codes
from pages.page import Box, Picture, Word
from pages.pdf import render, words_of
from pages.raster import Raster
from templates.features import Features, features_of
from templates.form import Form
from templates.landmarks import landmarks
from templates.patches import COARSE, DENSE, FINE, Patches, cut
from templates.pictured import cleaned, shapes
from templates.plane import Points, apply, as_points, scale_to
from templates.views import FINE_DPI, TINY_DPI, frame_size

SHARP_DPI = 200.0


@dataclass(frozen=True, eq=False)
class Template:
    """One page of a blank form. Pictures are in the form's own frame, from the sheet's top left corner.

    What a sheet does not need is not made: a code read on it spares looking at the other forms.
    """

    form: Form
    page: int

    def make_ready(self) -> None:
        """Make all of it now, for a process from which many readers are forked."""
        for part in ("soft", "coarse", "fine", "dense", "features", "landmarks", "printed", "code_corners_mm"):
            getattr(self, part)

    @cached_property
    def sharp(self) -> Picture:
        """Give the blank at 200 dpi; of one that is a picture, without shadow and grain."""
        drawn = _exact(self._raster, self.form)
        return drawn if words_of(self.form.blank, self.page) else cleaned(drawn)

    @cached_property
    def soft(self) -> Picture:
        """Give the blank at 12.5 dpi, softened."""
        return soften(_reduced(self.sharp, TINY_DPI))

    @cached_property
    def plain(self) -> Picture:
        """Give the blank at 100 dpi."""
        return _reduced(self.sharp, FINE_DPI)

    @cached_property
    def coarse(self) -> Patches:
        """Give its patches for the first look."""
        return cut(_reduced(self.sharp, COARSE.dpi), COARSE)

    @cached_property
    def fine(self) -> Patches:
        """Give its patches for the exact look."""
        return cut(self.plain, FINE)

    @cached_property
    def dense(self) -> Patches:
        """Give its many small patches, for paper that is not flat."""
        return cut(self.plain, DENSE)

    @cached_property
    def features(self) -> Features:
        """Give its points, for a photo."""
        return features_of(self.plain)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Give its printed words; of a blank that is a picture, the shapes of its words outside of all zones."""
        return words_of(self.form.blank, self.page) or self._shapes()

    @cached_property
    def landmarks(self) -> Mapping[str, tuple[float, float]]:
        """Give the words that stand once, with their places."""
        return landmarks(self.words)

    @cached_property
    def printed(self) -> Counter[str]:
        """Count its words of two letters or more."""
        return Counter(word.text for word in self.words if len(word.text) > 1)

    @cached_property
    def code_corners_mm(self) -> Points | None:
        """Give the corners of its printed 2-D code, if it has one."""
        codes = find_codes(self._raster.picture, self._raster.dpi_x, self._raster.dpi_y)
        if not codes:
            return None
        to_mm = np.asarray(np.linalg.inv(scale_to(self._raster.dpi_x, self._raster.dpi_y)), dtype=np.float64)
        return apply(to_mm, as_points(codes[0].corners_px))

    def _shapes(self) -> tuple[Word, ...]:
        zones = [f.box.inset(-1) for f in self.form.fields.values() if f.page == self.page]
        found = shapes(self.sharp, SHARP_DPI)
        return tuple(w for w in found if not any(_meet(w.box, zone) for zone in zones))

    @cached_property
    def _raster(self) -> Raster:
        return render(self.form.blank, self.page, SHARP_DPI)


_KNOWN: dict[tuple[str, int, bytes], Template] = {}
MOST_KNOWN = 256


def template_of(form: Form, page: int) -> Template:
    """Give the template of one page (from 1) of a form; the second call is free."""
    key = (form.key, page, form.blank)
    known = _KNOWN.get(key)
    # The zones have a part in it too: a definition that was edited over the same blank is another one.
    if known is None or (known.form is not form and known.form != form):
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[key] = Template(form, page)
    return known


def _meet(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    return wide > 0 and min(one.bottom, other.bottom) - max(one.top, other.top) > 0


def _exact(raster: Raster, form: Form) -> Picture:
    """Draw a rendered page at exactly the sharp resolution: a renderer rounds the page up to whole pixels."""
    way = scale_to(raster.dpi_x, raster.dpi_y) @ np.linalg.inv(scale_to(SHARP_DPI))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
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


def soften(picture: Picture) -> Picture:
    """Blur a picture of 12.5 dpi by a millimetre or two, so that print need not lie quite on print."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.2), dtype=np.uint8)
