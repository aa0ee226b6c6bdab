"""Hand-printed cells: cutting, cleaning, normalising, the net itself, and who wrote a sheet: a hand or a machine."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.cell_cleaning import clean
from ocr.cells import cut_cells
from ocr.handprint import WEIGHTS, HandPrint
from ocr.ink import Ink, Source
from ocr.marks import struck_out
from ocr.normalise import SIDE_PX, normalise
from ocr.shipped import WeightsDamaged
from ocr.zones import DPI, Zone
from pages.page import MM_PER_INCH, Box, Picture
from samples.degrade import draw_pages, scan, scan_setting
from samples.files import scan_pdf
from samples.handwritten import Habit, hand_fill
from samples.penman import Drawn, Style, span
from samples.scenarios import SCENARIOS
from samples.writing import write
from templates.form import Kind
from templates.load import load_forms

NEAT = Style(seed=3, height_mm=4.0, aspect=1.0, slant=3, turn=0, loose=0.015, pen_mm=0.45)
PX = DPI / MM_PER_INCH
FORM = next(form for form in load_forms() if form.code == "CMOR")


def drawn(character: str, *, style: Style = NEAT, seed: int = 0, side: int = 44) -> Picture:
    """Draw one character in the middle of a cell, dark on light."""
    strokes = Drawn.of(style).write(character, Random(seed))
    left, top, right, bottom = span(strokes)
    picture = np.full((side + 20, side), 245, np.uint8)
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    for stroke in strokes:
        spots = (np.array(stroke) - middle) * PX + np.array([side / 2, side / 2 + 10])
        points = np.rint(spots * 16).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(picture, [points], isClosed=False, color=40, thickness=4, lineType=cv2.LINE_AA, shift=4)
    return picture


def zone_of(picture: Picture, count: int, pitch_mm: float = 5.6) -> Zone:
    """Lay a picture into a zone of cells with its frames printed, as a blank has them."""
    printed = np.zeros(picture.shape, dtype=np.bool_)
    margin = round(2.2 * PX)
    box = Box(20, 20, count * pitch_mm, picture.shape[0] / PX - 4.4)
    for i in range(count):
        for edge in (i * pitch_mm + 0.3, (i + 1) * pitch_mm - 0.3):
            x = margin + round(edge * PX)
            picture[margin:-margin, x - 1 : x + 1] = 30
            printed[margin - 2 : -margin + 2, x - 3 : x + 3] = True
    ink = (picture < 150) & ~printed
    return Zone(box, box.inset(-2.2), picture, np.asarray(ink), printed, np.full_like(picture, 255))


@pytest.fixture(scope="module")
def net() -> HandPrint:
    return HandPrint()


def test_reads_neat_capitals_and_digits(net: HandPrint) -> None:
    text = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    cells = net.read([drawn(c) for c in text])
    shown = [cells.alphabet[i] for i in cells.logp[:, :36].argmax(axis=1)]
    letters = cells.logp[10:, 10:36].argmax(axis=1)
    digits = cells.logp[:10, :10].argmax(axis=1)
    assert (digits == np.arange(10)).mean() >= 0.9, shown[:10]
    assert (letters == np.arange(26)).mean() >= 0.88, shown[10:]
    assert np.allclose(np.exp(cells.logp).sum(axis=1), 1, atol=1e-4)


def test_a_scribbled_cell_is_rejected(net: HandPrint) -> None:
    picture = drawn("B")
    for i in range(9):
        cv2.line(picture, (8, 16 + 4 * i), (38, 19 + 4 * i), 30, 3)
    cells = net.read([picture])
    assert int(cells.logp[0].argmax()) == len(cells.alphabet)


def test_an_empty_cell_is_measured_and_never_read(net: HandPrint) -> None:
    cells = net.read([None, drawn("7"), np.full((60, 44), 240, np.uint8)])
    assert cells.empty == (True, False, True)
    assert net.read([]).written == ()


def test_weights_that_are_not_the_measured_ones_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "handprint-2.onnx"
    other.write_bytes(WEIGHTS.read_bytes()[:-1] + b"?")
    with pytest.raises(WeightsDamaged, match="install the package anew"):
        HandPrint(other)
    with pytest.raises(WeightsDamaged, match="missing"):
        HandPrint(tmp_path / "none.onnx")
    assert WEIGHTS.stat().st_size < 4.5e6


@pytest.mark.parametrize("scale", [0.6, 1.0, 2.5])
def test_normalising_forgets_size_place_and_light(scale: float) -> None:
    plain = drawn("R")
    moved = cv2.copyMakeBorder(plain, 9, 0, 0, 15, cv2.BORDER_CONSTANT, value=245)
    darker = np.asarray(cv2.resize(moved, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) * 0.7, np.uint8)
    one, other = normalise(plain), normalise(darker)
    assert one is not None
    assert other is not None
    assert one.shape == (SIDE_PX, SIDE_PX)
    assert np.abs(one.astype(int) - other.astype(int)).mean() < 14


@settings(max_examples=60)
@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 2**31), st.integers(0, 255))
def test_any_picture_is_cleaned_and_normalised(rows: int, columns: int, seed: int, light: int) -> None:
    noise = np.random.default_rng(seed).integers(0, light + 1, (rows, columns)).astype(np.uint8)
    drawn_again = normalise(clean(noise))
    assert drawn_again is None or drawn_again.shape == (SIDE_PX, SIDE_PX)


def test_cleaning_takes_the_frame_away_and_leaves_the_character() -> None:
    framed = drawn("A")
    plain = normalise(framed)
    framed = framed.copy()
    framed[:, 1:3] = framed[2:4, :] = 40
    cleaned = normalise(clean(framed))
    assert plain is not None
    assert cleaned is not None
    assert np.abs(plain.astype(int) - cleaned.astype(int)).mean() < 8


def test_ink_that_leaves_its_cell_goes_home() -> None:
    picture = np.full((100, round(3 * 5.6 * PX) + 2 * round(2.2 * PX)), 245, np.uint8)
    cv2.line(picture, (26, 40), (72, 62), 30, 4)  # begins in the first cell, ends in the second
    cv2.line(picture, (120, 36), (120, 66), 30, 4)
    cut = cut_cells(zone_of(picture, 3), 3)
    assert [cell is None for cell in cut] == [False, True, False]


@pytest.fixture(scope="module")
def by_hand() -> tuple[dict[str, str], bytes]:
    rng = Random("hand")
    values = SCENARIOS["complete-delegate"].draft(rng, "CMOR").stated
    raw = {name: write(field, values.get(name), rng) for name, field in FORM.fields.items()}
    pdf = hand_fill(FORM, values, Habit(Drawn.of(NEAT), stray_mm=0.2), rng, raw=raw)
    pages = [scan(p, scan_setting(rng, 200), i) for i, p in enumerate(draw_pages(pdf, 200)[:1])]
    return raw, scan_pdf(pages, 200, 80)


def test_a_form_filled_by_hand_is_seen_as_such_and_read(
    by_hand: tuple[dict[str, str], bytes], read: Callable[[bytes], dict[str, Ink]]
) -> None:
    truth, content = by_hand
    inks = {zone: ink for zone, ink in read(content).items() if truth.get(zone) and FORM.fields[zone].page == 1}
    written = [ink for ink in inks.values() if FORM.fields[ink.zone].kind not in {Kind.ENUM, Kind.TICK, Kind.INK}]
    assert {ink.source for ink in written} == {Source.HANDPRINT}
    boxed = [ink for ink in written if FORM.fields[ink.zone].cells]
    assert all(ink.cells is not None for ink in boxed)
    seen = "".join(ink.text for ink in boxed)
    true = "".join(truth[ink.zone] for ink in boxed)
    assert len(seen) == len(true)
    assert sum(a == b for a, b in zip(seen, true, strict=True)) > 0.85 * len(true)


def test_a_line_through_a_zone_is_no_writing() -> None:
    empty = np.full((100, 700), 245, np.uint8)
    struck, written = empty.copy(), empty.copy()
    cv2.line(struck, (60, 52), (640, 47), 30, 4)
    for i in range(12):
        cv2.line(written, (60 + 50 * i, 30), (100 + 50 * i, 70), 30, 4)
    box = Box(20, 20, 700 / PX - 4.4, 100 / PX - 4.4)
    nothing = np.zeros(empty.shape, dtype=np.bool_)
    seen = [
        struck_out(Zone(box, box.inset(-2.2), picture, picture < 150, nothing, np.full_like(empty, 255)))
        for picture in (empty, struck, written)
    ]
    assert seen == [False, True, False]
