"""Sheets compared by their ink: the same one twice, one that was changed, and another person's."""

from functools import lru_cache
from random import Random

import pytest

from pages.page import Page
from parsers.reading import Content
from samples.degrade import draw_pages, fax, fax_setting, scan, scan_setting
from samples.scenarios import SCENARIOS
from samples.typed import Hand, print_form
from templates.identify import Identifier
from templates.likeness import Likeness, Sheet, compare
from templates.load import load_forms

LIBRARY = load_forms()
IDENTIFIER = Identifier(LIBRARY)
FORM = LIBRARY.get("CMOR", "2026-01")


def values(person: int) -> dict[str, Content]:
    return SCENARIOS["complete"].draft(Random(person), "CMOR").stated


@lru_cache
def _pdf(person: int, changed: tuple[tuple[str, str], ...]) -> bytes:
    return print_form(FORM, {**values(person), **dict(changed)}, Hand("DejaVu", 10.0), Random(person))


def sheet(person: int, number: int, way: str, **changed: str) -> Sheet:
    rng = Random(f"{person}{number}{way}")
    dpi = 300 if way == "fax" else 200
    picture = draw_pages(_pdf(person, tuple(changed.items())), dpi)[number - 1]
    if way == "fax":
        setting = fax_setting(rng)
        page = Page("f", "d", number, fax(picture, dpi, setting, 1), 204, setting.dpi_y)
    else:
        page = Page("f", "d", number, scan(picture, scan_setting(rng, dpi), 2), dpi, dpi)
    match = IDENTIFIER.lay(page)
    assert match is not None
    return page, match


@pytest.mark.parametrize("number", [1, 2, 3])
def test_one_sheet_by_two_ways_is_the_same(number: int) -> None:
    assert compare(sheet(1, number, "scan"), sheet(1, number, "fax")).likeness is Likeness.SAME


@pytest.mark.parametrize("number", [1, 2, 3])
def test_another_persons_sheet_is_another(number: int) -> None:
    assert compare(sheet(1, number, "scan"), sheet(2, number, "scan")).likeness is Likeness.OTHER


def test_a_changed_figure_is_seen_and_named() -> None:
    code = str(values(1)["holder_postal_code"])
    other = code[:2] + ("7" if code[2] != "7" else "1") + code[3:]
    changed = compare(sheet(1, 1, "scan"), sheet(1, 1, "fax", holder_postal_code=other))
    assert (changed.likeness, changed.differing) == (Likeness.ALTERED, ("holder_postal_code",))


def test_something_added_is_seen_and_named() -> None:
    added = compare(sheet(1, 1, "scan"), sheet(1, 1, "scan", deceased_holder_name="Anselmo Prova"))
    assert (added.likeness, added.differing) == (Likeness.ALTERED, ("deceased_holder_name",))


def test_an_empty_sheet_says_nothing() -> None:
    picture = draw_pages(FORM.blank, 200)[0]
    blank = Page("f", "d", 1, scan(picture, scan_setting(Random(3), 200), 2), 200, 200)
    other = Page("f", "d", 1, scan(picture, scan_setting(Random(4), 200), 5), 200, 200)
    sheets = [(page, match) for page in (blank, other) if (match := IDENTIFIER.lay(page)) is not None]
    assert compare(*sheets).likeness is Likeness.BARE
    assert compare(sheets[0], sheets[0]).likeness is Likeness.SAME
