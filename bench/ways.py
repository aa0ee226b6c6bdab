"""Pages whose true way from the template is known: filled forms and strangers, sent through the channels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

import cv2
import numpy as np

from pages.codes import find_codes
from pages.limits import DEFAULT
from pages.page import Page, Picture
from pages.picture import resolution, within_resolution
from samples.channels.named import FLAT, send
from samples.channels.trace import Traced, Way, straight
from samples.degrade import draw_pages
from samples.make import paperwork
from samples.scenarios import SCENARIOS
from samples.typed import draw_hand, print_form
from templates.form import Form
from templates.plane import Points, as_points, resized

DRAWN_DPI = 300
FILLED = 4
"""Fillings of each form that are drawn once and sent again and again, each time through another channel's chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Clean:
    """A clean drawing of one page of a filled form, or of a stranger (``form`` is None)."""

    picture: Picture = field(repr=False)
    form: Form | None
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """A page as the gateway opens it, what it truly is, and the true way of its points."""

    page: Page
    clean: Clean
    channel: str
    coded: bool
    way: Way = field(repr=False)


@lru_cache(maxsize=2)
def clean_pages(seed: int, fillings: int = FILLED) -> tuple[Clean, ...]:
    """Draw every page of every form, filled by different people."""
    drawn = []
    for code, form in paperwork().forms.items():
        for number in range(fillings):
            rng = Random(f"ways/{seed}/{code}/{number}")
            drawn += [Clean(p, form, i) for i, p in enumerate(draw_pages(_filled(form, rng), DRAWN_DPI), 1)]
    return tuple(drawn)


def _filled(form: Form, rng: Random) -> bytes:
    scenario = SCENARIOS["complete-delegate"]
    code = form.code if form.code in scenario.procedures else rng.choice(scenario.procedures)
    draft = scenario.draft(rng, code)
    values = draft.stated if code == form.code else dict(draft.delegation or {})
    return print_form(form, values, draw_hand(rng), rng)


def send_pages(channel: str, cleans: Sequence[Clean], count: int, seed: int) -> Iterator[Sent]:
    """Send pages drawn by lot through a channel; every second one without its 2-D code."""
    for i in range(count):
        rng = Random(f"sent/{seed}/{channel}/{i}")
        yield send_page(channel, rng.choice(cleans), rng, coded=i % 2 == 0)


def send_page(channel: str, clean: Clean, rng: Random, *, coded: bool) -> Sent:
    """Send one page through a channel and open it."""
    picture = clean.picture if coded else without_code(clean.picture)
    page, way = opened(send(channel, picture, rng), photo=channel not in FLAT)
    return Sent(page, clean, channel, coded, way)


def opened(sheet: Traced, *, photo: bool) -> tuple[Page, Way]:
    """Open a picture as a file of it would be opened: a photo states no resolution."""
    rows, columns = sheet.picture.shape
    stated = resolution(columns, rows, None if photo else sheet.dpi)
    picture, dpi_x, dpi_y = within_resolution(sheet.picture, stated, DEFAULT.keep_dpi)
    way = sheet.way.then(straight(resized(picture.shape[1] / columns, picture.shape[0] / rows)))
    return Page("sheet", "", 1, picture, dpi_x, dpi_y, codes=find_codes(picture, dpi_x, dpi_y)), way


def without_code(picture: Picture) -> Picture:
    """Paint paper over the 2-D code of a clean drawing."""
    bare = picture.copy()
    for code in find_codes(picture, DRAWN_DPI, DRAWN_DPI):
        x, y, width, height = cv2.boundingRect(np.asarray(code.corners_px, dtype=np.float32))
        bare[max(0, y - 6) : y + height + 6, max(0, x - 6) : x + width + 6] = 255
    return bare


def corners_mm(form: Form, page: int) -> Points:
    """Give the corners of every field and tick box on one page of a form."""
    boxes = [f.box for f in form.fields.values() if f.page == page]
    boxes += [o.box for f in form.fields.values() for o in f.options if o.page == page]
    return as_points([(x, y) for b in boxes for x in (b.left, b.right) for y in (b.top, b.bottom)])


def off_mm(sent: Sent, found: Points, points_mm: Points) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Answer how far found places of template points lie from the true ones, in mm, for those within the picture."""
    true = sent.way.at(points_mm)
    rows, columns = sent.page.picture.shape
    inside = (true >= 0).all(axis=1) & (true[:, 0] < columns) & (true[:, 1] < rows)
    per_mm = _px_per_mm(sent, points_mm)
    return np.asarray(np.hypot(*((found - true)[inside] / per_mm).T), dtype=np.float64)


def _px_per_mm(sent: Sent, points_mm: Points) -> Points:
    """Measure the pixels of a mm of paper each way, by the true way itself: a photo states no resolution."""
    middle = points_mm.mean(axis=0)
    ends = sent.way.at(middle + as_points([(0, 0), (10, 0), (0, 10)]))
    across, down = (np.abs(ends[k] - ends[0]) / 10 for k in (1, 2))
    return np.asarray(np.maximum(across, down), dtype=np.float64)
