"""Blank backs, fax noise, punch holes and separators: what is no writing."""

from collections.abc import Callable
from io import BytesIO
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from pages.blank import is_blank
from pages.codes import find_linear
from pages.page import Box as PageBox
from pages.page import Page, Picture, Word
from pages.patch import has_patch
from samples.degrade import bilevel, draw_pages, fax, fax_setting, scan, scan_setting
from samples.leaf import Leaf, draw_leaves

WAYS = ("scan-200", "scan-200-bw", "fax-standard", "fax-dither")
LETTER = draw_leaves(Leaf("Reclamo", "Luce di Prova", lines=("Il sottoscritto presenta reclamo. " * 4,) * 12))


def drawn(paint: Callable[[Canvas], None]) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(210 * mm, 297 * mm), invariant=1)
    paint(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def sent(picture: Callable[[int], Picture], way: str, seed: int = 1) -> Page:
    rng = Random(f"{way}{seed}")
    if way.startswith("fax"):
        setting = fax_setting(rng, fine="standard" not in way, screen="dither" if "dither" in way else "threshold")
        return Page("f", "d", 1, fax(picture(204), 204, setting, seed), 204, setting.dpi_y)
    dpi = int(way[5:8])
    grey = scan(picture(dpi), scan_setting(rng, dpi), seed)
    return Page("f", "d", 1, bilevel(grey) if way.endswith("bw") else grey, dpi, dpi)


def shown_through(dpi: int) -> Picture:
    """The back of a letter in a duplex scan: mirrored, soft, a fifth as dark."""
    mirrored = cv2.GaussianBlur(draw_pages(LETTER, dpi)[0][:, ::-1].astype(np.float32), (0, 0), dpi / 150)
    return np.asarray(255 - (255 - mirrored) * 0.2, dtype=np.uint8)


def punched(dpi: int) -> Picture:
    """Two punch holes, a page number in the corner and a black border at one side."""
    sheet = np.full((round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)), 255, np.uint8)
    for y in (108, 188):
        cv2.circle(sheet, (round(11 / 25.4 * dpi), round(y / 25.4 * dpi)), round(3 / 25.4 * dpi), 0, -1)
    sheet[:, -round(4 / 25.4 * dpi) :] = 20
    sheet[-round(6 / 25.4 * dpi) :, :] = 20
    return sheet


def streaked(dpi: int) -> Picture:
    sheet = np.full((round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)), 255, np.uint8)
    sheet[:, round(90 / 25.4 * dpi) :][:, :2] = 0
    sheet[round(150 / 25.4 * dpi) :, :][:2] = 0
    return sheet


def words(text: str) -> Callable[[int], Picture]:
    pdf = drawn(lambda c: c.drawString(70 * mm, 150 * mm, text))
    return lambda dpi: draw_pages(pdf, dpi)[0]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sheet", [words(""), shown_through, punched, streaked, words("2")])
def test_what_carries_no_writing_is_blank(sheet: Callable[[int], Picture], way: str) -> None:
    assert is_blank(sent(sheet, way))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sheet", [words("vedi retro"), words("Prova Esempio"), lambda d: draw_pages(LETTER, d)[0]])
def test_what_carries_a_word_is_not_blank(sheet: Callable[[int], Picture], way: str) -> None:
    assert not is_blank(sent(sheet, way))


def test_a_sheet_that_is_dark_all_over_or_carries_a_word_unseen_is_not_blank() -> None:
    dark = np.full((600, 400), 3, np.uint8)
    dark[100:500, 100:300] = 0
    noise = np.frombuffer(Random(1).randbytes(240_000), np.uint8).reshape(600, 400)
    assert not is_blank(Page("f", "d", 1, noise, 50, 50))
    white = np.full((600, 400), 255, np.uint8)
    assert not is_blank(Page("f", "d", 1, white, 50, 50, words=(Word("x", PageBox(10, 10, 5, 5)),)))
    assert is_blank(Page("f", "d", 1, white, 50, 50))


def patch(order: str) -> bytes:
    def paint(canvas: Canvas) -> None:
        x = 60.0
        for bar in order:
            width = 5.08 if bar == "W" else 2.03
            canvas.rect(x * mm, 90 * mm, width * mm, 70 * mm, fill=1, stroke=0)
            x += width + 2.03

    return drawn(paint)


@pytest.mark.parametrize("way", WAYS[1:3])
@pytest.mark.parametrize("order", ["WNWN", "NWWN"])
def test_a_patch_code_is_found_either_way_up(order: str, way: str) -> None:
    pdf = patch(order)
    assert has_patch(sent(lambda dpi: draw_pages(pdf, dpi)[0], way))
    assert has_patch(sent(lambda dpi: np.ascontiguousarray(np.rot90(draw_pages(pdf, dpi)[0])), way))


@pytest.mark.parametrize("way", WAYS)
def test_a_letter_has_no_patch_code(way: str) -> None:
    assert not has_patch(sent(lambda dpi: draw_pages(LETTER, dpi)[0], way))


@given(arrays(np.uint8, st.tuples(st.integers(1, 80), st.integers(1, 80))), st.sampled_from([(30, 30), (204, 98)]))
def test_any_picture_is_judged(picture: Picture, dpi: tuple[int, int]) -> None:
    page = Page("f", "d", 1, picture, *dpi)
    assert is_blank(page) in (True, False)
    assert has_patch(page) is False
    assert find_linear(picture, *dpi) == ()
