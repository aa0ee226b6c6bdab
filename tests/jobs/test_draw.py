"""Sheets drawn for the desk, and laid where a person says: zones lie where the ink is."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.desk_cases import POST
from cases.correction import Act, Correction, Target
from cases.paper import Asked, Drawn, Paper, Passage, Slot, read_corners, slots_of, write_corners
from jobs.draw import draw_all, read_passage
from jobs.drawing import packed, unpacked
from pages.pdf import render
from pages.raster import Raster
from templates.load import load_forms

FAX = "29-cmor-complete.tif"
RAW = (POST / "fax" / FAX).read_bytes()
CMOR = load_forms().get("CMOR", "2026-01")


@pytest.fixture(scope="module")
def paper() -> Paper:
    return draw_all(Asked(FAX, forms=((FAX, 1),)), RAW)


def _grey(jpeg: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def test_every_sheet_is_drawn_and_form_sheets_also_flat(paper: Paper) -> None:
    assert [sheet.number for sheet in paper.sheets] == list(range(1, len(paper.sheets) + 1))
    first = paper.sheets[0]
    assert (first.form, first.page) == ("CMOR/2026-01", 1)
    assert first.flat
    assert not paper.sheets[-1].flat
    assert {"holder_surname", "holder_tax_code"} <= set(first.clips)


def test_zones_lie_where_the_ink_is_on_the_sheet_as_it_came(paper: Paper) -> None:
    first = paper.sheets[0]
    picture = _grey(first.came)
    rows, columns = picture.shape
    for name in ("holder_surname", "holder_given_name"):
        xs, ys = zip(*first.zones[name], strict=True)
        inside = picture[
            int(min(ys) * rows) + 3 : int(max(ys) * rows) - 3, int(min(xs) * columns) + 3 : int(max(xs) * columns) - 3
        ]
        assert (inside < 110).mean() > 0.01


def test_pictures_come_through_the_border_as_they_were(paper: Paper) -> None:
    assert unpacked(packed(paper)) == paper


def test_a_passage_of_the_flat_sheet_is_read() -> None:
    box = CMOR.fields["holder_surname"].box
    place = (box.left / 210, box.top / 297, box.right / 210, box.bottom / 297)
    asked = Asked(FAX, forms=((FAX, 1),))
    flat = read_passage(asked, Passage(FAX, 1, True, *place), RAW)
    assert flat.isalpha()
    assert read_passage(asked, Passage(FAX, 99, True, *place), RAW) == ""


def _photo() -> tuple[bytes, tuple[tuple[float, float], ...]]:
    """Lay a blank on a table, askew, and give its corners as shares of the picture."""
    sheet: Raster = render(CMOR.blank, 1, 110)
    rows, columns = sheet.picture.shape
    corners = np.asarray([(150, 120), (columns + 90, 190), (columns + 40, rows + 120), (80, rows + 60)], np.float32)
    whole = np.asarray([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    size = (columns + 260, rows + 260)
    way = cv2.getPerspectiveTransform(whole, corners)
    table = cv2.warpPerspective(sheet.picture, way, size, borderValue=70)
    raw = bytes(cv2.imencode(".png", table)[1])
    return raw, tuple((float(x) / size[0], float(y) / size[1]) for x, y in corners)


def test_four_corners_lay_a_sheet() -> None:
    raw, corners = _photo()
    a, b, c, d = corners
    slot = Slot("foto.png", 1, "CMOR/2026-01", 1, (a, b, c, d))
    (sheet,) = draw_all(Asked("foto.png", slots=(slot,)), raw).sheets
    assert (sheet.form, sheet.page, sheet.way) == ("CMOR/2026-01", 1, "corners")
    flat, blank = _grey(sheet.flat), render(CMOR.blank, 1, 150).picture
    rows, columns = min(flat.shape[0], blank.shape[0]), min(flat.shape[1], blank.shape[1])
    one, other = (cv2.GaussianBlur(p[:rows, :columns], (0, 0), 3).astype(np.float32) for p in (flat, blank))
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9


def test_corners_that_make_no_sheet_are_refused() -> None:
    for corners in (
        ((0, 0), (1, 1), (1, 0), (0, 1)),
        ((0, 0), (0, 0), (0, 0), (0, 0)),
        ((0, 0), (9, 0), (1, 1), (0, 1)),
    ):
        with pytest.raises(ValueError, match="corner"):
            Slot("a", 1, "CMOR/2026-01", 1, corners)


@given(st.lists(st.tuples(*[st.floats(-0.5, 1.5)] * 2), min_size=4, max_size=4))
def test_corners_are_read_as_they_were_written(corners: list[tuple[float, float]]) -> None:
    a, b, c, d = corners
    back = read_corners(write_corners((a, b, c, d)))
    assert back is not None
    assert np.allclose(back, corners, atol=1e-4)


def test_slots_are_taken_from_what_people_said() -> None:
    said = [
        Correction(Target.SHEET, "a#b.pdf#2", Act.SET, "form:CMOR/2026-01:2@0,0 1,0 1,1 0,1"),
        Correction(Target.SHEET, "a.pdf#1", Act.SET, "blank"),
        Correction(Target.FIELD, "x", Act.VALUE, "form:CMOR/2026-01:1"),
    ]
    assert [(s.file, s.number, s.form, s.page, s.corners is not None) for s in slots_of(said)] == [
        ("a#b.pdf", 2, "CMOR/2026-01", 2, True)
    ]


@given(st.binary(max_size=200))
def test_whatever_a_child_answers_is_paper_or_an_error(raw: bytes) -> None:
    try:
        made = unpacked(raw)
    except ValueError:
        return
    assert all(isinstance(sheet, Drawn) for sheet in made.sheets)
