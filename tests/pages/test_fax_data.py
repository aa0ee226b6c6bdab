"""Fax data as telephone lines leave them: bits in the wrong order, no resolution, inverted, and with torn rows."""

import random
import struct
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, TiffImagePlugin

from intake.receipt import Document
from intake.whole import tiff_strips
from pages.faxdata import mirrored
from pages.open import open_pages
from pages.page import Page, Unreadable
from pages.t4 import read_rows

WIDTH, HEIGHT = 1728, 1145
COMPRESSIONS = {"T.4": ("group3", 0), "T.4 two ways": ("group3", 1), "T.6": ("group4", 0)}


def sheet() -> Image.Image:
    """Draw a page with print, rules and a black bar, each row of it its own."""
    picture = Image.new("1", (WIDTH, HEIGHT), 1)
    pen = ImageDraw.Draw(picture)
    noise = random.Random(4)
    for line in range(30, HEIGHT - 40, 22):
        pen.text((100, line), " ".join(f"{noise.randrange(10**6)}" for _ in range(24)), fill=0)
    pen.rectangle((90, 10, WIDTH - 90, 14), fill=0)
    pen.rectangle((0, HEIGHT - 30, WIDTH, HEIGHT - 20), fill=0)
    return picture


def tiff(how: str, *, dpi: tuple[float, float] | None = (204.0, 98.0)) -> bytes:
    out = BytesIO()
    compression, options = COMPRESSIONS[how]
    more = {"dpi": dpi} if dpi else {}
    sheet().save(out, "TIFF", compression=compression, tiffinfo={292: options, 278: 200}, **more)
    return out.getvalue()


def with_tag(raw: bytes, tag: int, value: int) -> bytes:
    """Give the TIFF with another value of a tag of its one page."""
    changed = bytearray(raw)
    at = struct.unpack_from("<I", raw, 4)[0]
    for place in range(at + 2, at + 2 + 12 * struct.unpack_from("<H", raw, at)[0], 12):
        if struct.unpack_from("<H", raw, place)[0] == tag:
            struct.pack_into("<I", changed, place + 8, value)
    return bytes(changed)


def opened(raw: bytes) -> Page:
    (page,) = open_pages(Document("fax.tif", "image/tiff", raw))
    return page


@pytest.fixture(scope="module")
def clean() -> np.ndarray:
    return np.asarray(opened(tiff("T.6")).picture)


def differing(page: Page, clean: np.ndarray) -> float:
    """Give the share of rows that are not as they were sent, at their place or up to three rows from it."""
    come, sent = np.asarray(page.picture), np.pad(clean, ((3, 3), (0, 0)), constant_values=255)
    near = [(come == sent[by : by + len(come)]).all(axis=1) for by in range(7)]
    return float(1 - np.any(near, axis=0).mean())


@pytest.mark.parametrize("how", COMPRESSIONS)
def test_bits_in_the_wrong_order_are_turned_round(how: str, clean: np.ndarray) -> None:
    page = opened(mirrored(tiff(how)))
    assert differing(page, clean) == 0
    assert not page.doubts


@pytest.mark.parametrize("how", COMPRESSIONS)
def test_an_inverted_photometric_makes_no_negative(how: str) -> None:
    raw = tiff(how)
    shown = [np.asarray(opened(with_tag(raw, 262, value)).picture).mean() > 128 for value in (0, 1)]
    assert shown == [True, True]


@pytest.mark.parametrize("dpi", [None, (72.0, 72.0), (204.0, 204.0)])
def test_a_missing_or_wrong_resolution_is_that_of_the_fax(dpi: tuple[float, float] | None) -> None:
    page = opened(tiff("T.4", dpi=dpi))
    assert (round(page.dpi_x), round(page.dpi_y)) == (204, 98)


@pytest.mark.parametrize("how", ["T.4", "T.4 two ways"])
@pytest.mark.parametrize("seed", range(4))
def test_a_wrong_bit_costs_its_rows_and_not_the_page(how: str, seed: int, clean: np.ndarray) -> None:
    raw, noise = bytearray(tiff(how)), random.Random(seed)
    for at, size in tiff_strips(bytes(raw)):
        raw[at + noise.randrange(size)] ^= 1 << noise.randrange(8)
    assert differing(opened(bytes(raw)), clean) < 0.06  # at most six wrong bits, each in a group of rows


@pytest.mark.parametrize("how", COMPRESSIONS)
def test_a_page_that_ends_early_is_a_question_for_a_clerk(how: str) -> None:
    raw = bytearray(tiff(how))
    at, size = tiff_strips(bytes(raw))[2]
    raw[at + size // 2 : at + size] = bytes(size - size // 2)
    (doubt,) = opened(bytes(raw)).doubts
    assert "disturbata" in doubt


def test_rows_that_the_receiver_calls_bad_are_a_question_for_a_clerk() -> None:
    out, tags = BytesIO(), TiffImagePlugin.ImageFileDirectory_v2()
    tags[326] = 40
    tags.tagtype[326] = 4
    sheet().save(out, "TIFF", compression="group3", tiffinfo=tags, dpi=(204, 98))
    assert opened(out.getvalue()).doubts


@pytest.mark.parametrize("how", ["T.4", "T.4 two ways"])
def test_rows_are_read_as_libtiff_reads_them(how: str) -> None:
    raw, at = tiff(how), 0
    wanted = np.asarray(sheet())  # Pillow calls white 1, and codes it as T.4 codes black
    for start, size in tiff_strips(raw):
        rows = min(200, HEIGHT - at)
        data = raw[start : start + size]
        if Image.open(BytesIO(raw)).tag_v2.get(266, 1) == 2:  # type: ignore[attr-defined]
            data = mirrored(raw)[start : start + size]
        picture, torn = read_rows(data, WIDTH, rows, two_ways=how != "T.4")
        assert torn == 0
        assert (picture == wanted[at : at + rows]).all()
        at += rows


@given(st.binary(max_size=400), st.sampled_from([0, 1]), st.integers(1, 60), st.integers(1, 12))
def test_any_bits_make_a_picture_of_the_size_asked_for(data: bytes, options: int, width: int, rows: int) -> None:
    picture, torn = read_rows(data, width, rows, two_ways=bool(options))
    assert picture.shape == (rows, width)
    assert 0 <= torn <= rows


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from(sorted(COMPRESSIONS)))
def test_any_damage_ends_in_a_page_or_a_sentence(seed: int, how: str) -> None:
    raw, noise = bytearray(tiff(how)), random.Random(seed)
    for _ in range(noise.randrange(1, 60)):
        raw[noise.randrange(8, len(raw))] = noise.randrange(256)
    try:
        ended = f"{opened(bytes(raw)).picture.size} pixels"
    except Unreadable as error:
        ended = str(error)
    assert ended
