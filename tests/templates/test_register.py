"""Sheets with a known way onto them: the way that is found must be the true one, within fractions of a millimetre."""

from functools import lru_cache
from random import Random
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.ways import Clean, corners_mm, send_page
from bench.ways import off_mm as off_mm_of
from pages.codes import find_codes
from pages.page import Page, Picture
from samples.channels.named import CHANNELS
from samples.degrade import draw_pages
from samples.typed import flatten
from templates.follow import places, way_over
from templates.form import Form, Match, Unlaid
from templates.identify import Identifier
from templates.load import load_forms
from templates.plane import Homography, apply, as_points, scale_to, shifted, turned
from templates.template import SHARP_DPI, template_of

LIBRARY = load_forms()
IDENTIFIER = Identifier(LIBRARY)
SPOTS = as_points([(x, y) for x in (15, 105, 195) for y in (20, 150, 280)])


def true_way(form: Form, dpi: tuple[float, float], degrees: float, scale: float, dx: float, dy: float) -> Homography:
    middle = form.page_width_mm / 2, form.page_height_mm / 2
    on_paper = shifted(middle[0] + dx, middle[1] + dy) @ turned(degrees) @ np.diag([scale, scale, 1.0])
    return np.asarray(scale_to(*dpi) @ on_paper @ shifted(-middle[0], -middle[1]), dtype=np.float64)


def sheet(
    form: Form, number: int, way: Homography, dpi: tuple[float, float], *, seed: int = 0, fax: bool = False
) -> Page:
    size = round(form.page_width_mm / 25.4 * dpi[0]), round(form.page_height_mm / 25.4 * dpi[1])
    drawn = cv2.warpPerspective(
        template_of(form, number).sharp, way @ np.linalg.inv(scale_to(SHARP_DPI)), size, borderValue=(255.0,)
    )
    noisy = np.clip(drawn + np.random.default_rng(seed).normal(0, 12, drawn.shape), 0, 255)
    picture: Picture = np.asarray(np.where(noisy > 150, 255, 0) if fax else noisy, dtype=np.uint8)
    return Page("x", "", 1, picture, *dpi, codes=find_codes(picture, *dpi))


def off_mm(found: Homography, true: Homography, dpi: tuple[float, float]) -> float:
    away = (apply(found, SPOTS) - apply(true, SPOTS)) / np.asarray(dpi) * 25.4
    return float(np.hypot(*away.T).max())


@pytest.mark.parametrize(
    ("dpi", "fax"), [((200.0, 200.0), False), ((300.0, 300.0), False), ((204.0, 196.0), True), ((204.0, 98.0), True)]
)
def test_scans_and_faxes_are_laid_within_a_fifth_of_a_millimetre(dpi: tuple[float, float], *, fax: bool) -> None:
    form = LIBRARY.get("CMOR", "2026-01")
    for number in range(1, form.page_count + 1):
        way = true_way(form, dpi, 2.5, 0.98, 2.0, -3.0)
        match = IDENTIFIER.lay(sheet(form, number, way, dpi, fax=fax))
        assert isinstance(match, Match)
        assert (match.form.key, match.page, match.how) == (form.key, number, "code")
        assert off_mm(match.to_picture, way, dpi) < 0.2
        assert match.residual_mm < 0.2
        assert match.quality > 0.85


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(
    degrees=st.floats(-10, 10),
    scale=st.floats(0.93, 1.04),
    dx=st.floats(-6, 6),
    dy=st.floats(-6, 6),
    number=st.integers(1, 2),
)
def test_any_posture_is_followed_without_a_code(
    degrees: float, scale: float, dx: float, dy: float, number: int
) -> None:
    form = LIBRARY.get("DOPPIA", "2026-01")
    way = true_way(form, (150.0, 150.0), degrees, scale, dx, dy)
    page = sheet(form, number, way, (150.0, 150.0))
    bare = Page("x", "", 1, without_code(page), 150.0, 150.0)
    match = IDENTIFIER.lay(bare)
    assert isinstance(match, Match)
    assert (match.form.key, match.page, match.how) == (form.key, number, "picture")
    assert off_mm(match.to_picture, way, (150.0, 150.0)) < 0.35


def without_code(page: Page) -> Picture:
    picture = page.picture.copy()
    for code in page.codes:
        corners = np.asarray(code.corners_px)
        left, top = corners.min(axis=0).astype(int) - 4
        right, bottom = corners.max(axis=0).astype(int) + 5
        picture[top:bottom, left:right] = 255
    return picture


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_sheet_lies_as_it_likes(quarters: int) -> None:
    form = LIBRARY.get("BONUS", "2026-01")
    upright = sheet(form, 1, true_way(form, (150.0, 150.0), 1.0, 1.0, 0, 0), (150.0, 150.0))
    for picture in (upright.picture, without_code(upright)):
        turned_picture = np.ascontiguousarray(np.rot90(picture, quarters))
        page = Page("x", "", 1, turned_picture, 150.0, 150.0, codes=find_codes(turned_picture, 150.0, 150.0))
        match = IDENTIFIER.lay(page)
        assert isinstance(match, Match)
        assert (match.form.code, match.page) == ("BONUS", 1)
        assert match.residual_mm < 0.3


@pytest.mark.parametrize("code", ["CMOR", "BONUS", "DOPPIA", "INDENNIZZO", "RIPRISTINO", "DELEGA"])
def test_a_form_that_is_not_known_is_not_taken_for_its_sister(code: str) -> None:
    form = LIBRARY.get(code, "2026-01")
    others = Identifier(SimpleNamespace(forms=tuple(f for f in LIBRARY if f.code != code)))
    page = sheet(form, 1, true_way(form, (150.0, 150.0), 0.5, 1.0, 0, 0), (150.0, 150.0))
    assert others.lay(page) == Unlaid("edition", (form.key,))
    assert others.lay(Page("x", "", 1, without_code(page), 150.0, 150.0)) is None


def test_nothing_noise_and_strangers_are_no_form() -> None:
    rng = np.random.default_rng(1)
    pictures = [
        np.full((1754, 1240), 255, np.uint8),
        np.zeros((1754, 1240), np.uint8),
        rng.integers(0, 256, (1754, 1240)).astype(np.uint8),
        np.full((1, 1700), 255, np.uint8),
        np.full((30, 20_000), 255, np.uint8),
        np.full((60, 60), 255, np.uint8),
    ]
    stranger = np.full((1754, 1240), 255, np.uint8)
    for row in range(30):
        cv2.putText(stranger, f"Gentile cliente, riga {row} della lettera", (90, 150 + 45 * row), 0, 0.8, (0.0,), 2)
    for picture in [*pictures, stranger]:
        assert IDENTIFIER.lay(Page("x", "", 1, picture, 150.0, 150.0)) is None


@pytest.mark.parametrize("channel", ["skewed", "worn", "copy-3", "fax-of-copy", "photo-small"])
def test_a_sheet_from_any_channel_is_laid_where_it_truly_lies(channel: str) -> None:
    sent = send_page(channel, clean_page(), Random(f"laid/{channel}"), coded=False)
    match = IDENTIFIER.lay(sent.page)
    assert isinstance(match, Match)
    assert (match.form.key, match.page) == ("BONUS/2026-01", 2)
    points = corners_mm(match.form, match.page)
    off = np.percentile(off_mm_of(sent, places(match, points), points), 95)
    assert off < 0.3
    assert off < match.residual_mm + 0.1  # what it claims is so


@pytest.mark.slow
@pytest.mark.parametrize("channel", sorted(CHANNELS))
@pytest.mark.parametrize("coded", [True, False])
def test_every_channel_is_followed(channel: str, *, coded: bool) -> None:
    for seed in range(2):
        sent = send_page(channel, clean_page(), Random(f"every/{channel}/{seed}"), coded=coded)
        match = IDENTIFIER.lay(sent.page)
        assert isinstance(match, Match)
        points = corners_mm(match.form, match.page)
        assert np.percentile(off_mm_of(sent, places(match, points), points), 95) < 0.5


@lru_cache(maxsize=1)
def clean_page() -> Clean:
    form = LIBRARY.get("BONUS", "2026-01")
    return Clean(draw_pages(flatten(form.blank), 300)[1], form, 2)


def test_a_zone_on_stretched_paper_is_cut_where_it_lies() -> None:
    sent = send_page("fax-fine", clean_page(), Random("stretched/3"), coded=True)
    match = IDENTIFIER.lay(sent.page)
    assert isinstance(match, Match)
    assert match.warp is not None
    for field in [f for f in match.form.fields.values() if f.page == 2][:20]:
        box = field.box
        corners = as_points([(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)])
        assert np.allclose(apply(way_over(match, box), corners), places(match, corners), atol=0.05)
        assert off_mm_of(sent, apply(way_over(match, box), corners), corners).max() < 0.35


def test_a_sheet_is_laid_the_same_each_time() -> None:
    sent = send_page("worn", clean_page(), Random("twice"), coded=False)
    one, two = IDENTIFIER.lay(sent.page), IDENTIFIER.lay(sent.page)
    assert isinstance(one, Match)
    assert isinstance(two, Match)
    assert np.array_equal(one.to_picture, two.to_picture)
    assert one.residual_mm == two.residual_mm
