"""A section with a stroke or a Z through it does not apply; what is written in it is a question."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from ocr.ink import Ink, Presence, Source
from ocr.sheet import zones
from ocr.strikes import strike_out
from ocr.zones import flat_sheet
from pages.doubt import Doubt
from pages.page import Box, Page
from samples.degrade import draw_pages, fax, fax_setting, scan, scan_setting
from samples.marks import Paper, Pen
from samples.scenarios import SCENARIOS
from samples.typed import Hand, print_form
from templates.form import Match
from templates.identify import Identifier
from templates.load import load_forms

LIBRARY = load_forms()
IDENTIFIER = Identifier(LIBRARY)
FORM = LIBRARY.get("CMOR", "2026-01")
SECTION = Box(12, 236, 180, 38)
"""Section C on page 1, the delegate's."""
DIAGONAL = [(0.03, 0.95), (0.5, 0.5), (0.97, 0.04)]
ZED = [(0.05, 0.05), (0.95, 0.08), (0.05, 0.93), (0.95, 0.95)]


def sheet(points: Sequence[tuple[float, float]], way: str, *, written: bool = False) -> tuple[Page, Match]:
    values = SCENARIOS["complete"].draft(Random(5), "CMOR").stated
    if written:
        values = {**values, "delegate_surname": "Prova"}
    dpi = 204 if way == "fax" else 200
    picture = draw_pages(print_form(FORM, values, Hand("DejaVu", 10.0), Random(5)), dpi)[0]
    if points:
        Paper(picture, dpi).stroke(SECTION, points, Pen(0.5, 40))
    if way == "fax":
        setting = fax_setting(Random(2))
        page = Page("f", "d", 1, fax(picture, dpi, setting, 1), 204, setting.dpi_y)
    else:
        page = Page("f", "d", 1, scan(picture, scan_setting(Random(2), dpi), 1), dpi, dpi)
    match = IDENTIFIER.lay(page)
    assert match is not None
    return page, match


def seen(page: Page, match: Match) -> dict[str, Ink]:
    blind = [
        Ink(f"{f.name}.{o.value}" if o else f.name, "f", 1, box, Source.OCR, Presence.INK, mark=True if o else None)
        for f, o, box in zones(FORM, 1)
    ]
    return {ink.zone: ink for ink in strike_out(FORM, 1, flat_sheet(page, match), blind)}


@pytest.mark.parametrize("way", ["scan", "fax"])
@pytest.mark.parametrize("points", [DIAGONAL, ZED])
def test_a_struck_section_does_not_apply(points: Sequence[tuple[float, float]], way: str) -> None:
    inks = seen(*sheet(points, way))
    struck = {zone for zone, ink in inks.items() if ink.presence is Presence.STRUCK}
    assert {"delegate_surname", "delegate_tax_code", "delegate_email", "delegate_relationship.family"} <= struck
    assert not {zone for zone in struck if not zone.startswith("deleg")}


def test_what_is_written_in_a_struck_section_is_a_question() -> None:
    inks = seen(*sheet(DIAGONAL, "scan", written=True))
    assert inks["delegate_surname"].doubt is Doubt.STRUCK_THROUGH
    assert inks["delegate_given_name"].presence is Presence.STRUCK


@pytest.mark.parametrize("way", ["scan", "fax"])
def test_a_sheet_without_a_stroke_is_left_as_it_is(way: str) -> None:
    page, match = sheet([], way)
    assert {replace(ink, mark=None).presence for ink in seen(page, match).values()} == {Presence.INK}
