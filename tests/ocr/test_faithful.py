"""How faithfully a sheet came is told by its own print, whatever somebody wrote on it."""

from dataclasses import replace
from random import Random

import cv2
import numpy as np
import pytest

from ocr.faithful import faithful, spots
from ocr.zones import FlatSheet, flat_sheet
from pages.page import Page, Picture
from parsers.calibration import FAITHFUL
from samples.channels.named import send
from templates.form import Match
from templates.identify import Identifier
from templates.load import load_forms
from templates.template import template_of

FORMS = load_forms()


@pytest.fixture(scope="module")
def blank() -> Picture:
    """The first page of the CMOR form at 300 dpi, as a clean picture."""
    sharp = template_of(FORMS.get("CMOR", "2026-01"), 1).sharp
    return np.asarray(cv2.resize(sharp, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


@pytest.fixture(scope="module")
def identifier() -> Identifier:
    return Identifier(FORMS)


def laid(identifier: Identifier, picture: Picture, dpi: tuple[float, float] = (300.0, 300.0)) -> FlatSheet:
    page = Page("sheet", "0" * 64, 1, picture, *dpi)
    match = identifier.lay(page)
    assert isinstance(match, Match)
    return flat_sheet(page, match)


def test_scans_are_faithful_and_copies_of_copies_are_not(identifier: Identifier, blank: Picture) -> None:
    told = {}
    for channel in ("scan-300", "scan-200", "copy-3"):
        sent = [send(channel, blank, Random(seed)) for seed in range(4)]
        told[channel] = [faithful(laid(identifier, seen.picture, seen.dpi)) for seen in sent]
    assert min(told["scan-300"] + told["scan-200"]) > FAITHFUL - 0.03
    assert sorted(told["copy-3"])[2] < min(told["scan-300"])


def test_print_that_swells_or_breaks_is_less_faithful(identifier: Identifier, blank: Picture) -> None:
    clean = faithful(laid(identifier, blank))
    assert clean > 0.97
    kernel = np.ones((3, 3), np.uint8)
    swollen = np.asarray(cv2.erode(blank, kernel), dtype=np.uint8)
    broken = np.asarray(cv2.dilate(blank, np.ones((2, 2), np.uint8)), dtype=np.uint8)
    assert faithful(laid(identifier, swollen)) < clean - 0.1
    assert faithful(laid(identifier, broken)) < clean - 0.05


def test_what_is_written_into_the_fields_has_no_part_in_it(identifier: Identifier, blank: Picture) -> None:
    form = FORMS.get("CMOR", "2026-01")
    written = blank.copy()
    for item in form.fields.values():
        if item.page == 1 and not item.options:
            x, y = (round(v / 25.4 * 300) for v in (item.box.left + 2, item.box.bottom - 2))
            cv2.putText(written, "XKWQ 8", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0.0,), 9)
    assert faithful(laid(identifier, written)) == pytest.approx(faithful(laid(identifier, blank)), abs=0.02)


def test_spots_lie_on_print_and_on_no_field() -> None:
    form = FORMS.get("CMOR", "2026-01")
    for number in range(1, form.page_count + 1):
        found = spots(template_of(form, number))
        assert len(found) >= 6
        assert all(s.left >= 0 and s.right <= form.page_width_mm and s.bottom <= form.page_height_mm for s in found)


def test_a_sheet_without_ink_is_not_faithful(identifier: Identifier, blank: Picture) -> None:
    flat = laid(identifier, blank)
    assert faithful(replace(flat, picture=np.full_like(flat.picture, 255))) == 0.0
