"""Layout: whatever rows of fields a person writes, nothing overlaps, nothing leaves its sheet, and order is kept."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.page import Box
from templates import typeface
from templates.form import Kind
from templates.layout import BOTTOM, TOP, Sheets, lay_out
from templates.plan import CELLS, FieldPlan, OptionPlan, Plan, RowPlan, SectionPlan
from templates.rows import CONTENT_WIDTH, LEFT, TICK_SIDE

WORDS = st.text("abcdeilmnoprstuvàèì ", min_size=1, max_size=24).map(lambda t: t.strip() or "x")
TEXTS = (Kind.NAME, Kind.TEXT, Kind.EMAIL, Kind.AMOUNT)
CODES = tuple(CELLS)


@st.composite
def field_plans(draw: st.DrawFn) -> FieldPlan:
    kind = draw(st.sampled_from([*TEXTS, Kind.DATE, Kind.PROVINCE, Kind.ENUM, Kind.TICKS, Kind.TICK, Kind.INK]))
    options = draw(st.lists(WORDS, min_size=1, max_size=7, unique=True)) if kind in (Kind.ENUM, Kind.TICKS) else []
    return FieldPlan(
        name="",
        label=draw(WORDS),
        kind=kind,
        required_when=draw(st.sampled_from(["always", "never"])),
        cells=CELLS.get(kind, 0),
        columns=draw(st.integers(0, 2)) if options else 0,
        hint=draw(WORDS),
        options=tuple(OptionPlan(f"o{i}", label) for i, label in enumerate(options)),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    sections = []
    for number in range(draw(st.integers(1, 5))):
        rows = draw(st.lists(st.lists(field_plans(), min_size=1, max_size=2), min_size=1, max_size=7))
        named = tuple(
            RowPlan(
                tuple(_named(field, f"f{number}_{i}_{k}") for k, field in enumerate(row)), draw(st.just("") | WORDS)
            )
            for i, row in enumerate(rows)
        )
        note = draw(st.just("") | WORDS)
        sections.append(SectionPlan("ABCDE"[number], draw(WORDS), named, note, new_page=draw(st.booleans())))
    return plan_of(*sections, instructions=draw(st.just("") | WORDS))


def _named(field: FieldPlan, name: str) -> FieldPlan:
    values = {key: getattr(field, key) for key in FieldPlan.__dataclass_fields__}
    return FieldPlan(**(values | {"name": name}))


def plan_of(*sections: SectionPlan, instructions: str = "") -> Plan:
    return Plan("X", "1", "X", date(2026, 1, 1), None, False, "", "", instructions, sections)


def laid(plan: Plan) -> Sheets | None:
    """Lay out; None for a plan that is refused because its words are too wide, which is right."""
    try:
        return lay_out(plan, typeface)
    except ValueError:
        return None


def zones(sheets: Sheets) -> list[tuple[int, Box]]:
    fields = [f for s in sheets.sections for f in s.fields]
    plain = [(f.page, f.box) for f in fields if not f.options]
    return plain + [(o.page, o.box) for f in fields for o in f.options]


def overlap(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    return wide > 0.01 and min(one.bottom, other.bottom) - max(one.top, other.top) > 0.01


@settings(max_examples=25)
@given(plans())
def test_nothing_overlaps_and_all_is_inside(plan: Plan) -> None:
    sheets = laid(plan)
    if sheets is None:
        return
    places = [*zones(sheets), *((p.page, p.box) for p in sheets.printed)]
    for page, box in places:
        assert 1 <= page <= sheets.page_count
        assert box.left >= LEFT - 0.01
        assert box.right <= LEFT + CONTENT_WIDTH + 0.01
        assert TOP - 0.01 <= box.top < box.bottom <= BOTTOM + 0.01
    for (page, box), (other_page, other) in combinations(places, 2):
        assert page != other_page or not overlap(box, other)


@settings(max_examples=20)
@given(plans())
def test_no_field_is_lost_and_the_order_is_kept(plan: Plan) -> None:
    sheets = laid(plan)
    if sheets is None:
        return
    written = [f.name for s in plan.sections for row in s.rows for f in row.fields]
    placed = [f for s in sheets.sections for f in s.fields]
    assert [f.name for f in placed] == written
    assert [f.page for f in placed] == sorted(f.page for f in placed)
    about = [p.about for p in sheets.printed if p.about]
    assert set(written) <= set(about)


@settings(max_examples=20)
@given(plans())
def test_rows_stay_whole_and_titles_stay_with_their_first_row(plan: Plan) -> None:
    sheets = laid(plan)
    if sheets is None:
        return
    fields = {f.name: f for s in sheets.sections for f in s.fields}
    titles = [p for p in sheets.printed if p.style == "letter"]
    for section, title in zip(plan.sections, titles, strict=True):
        for row in section.rows:
            assert len({fields[f.name].page for f in row.fields}) == 1
        assert fields[section.rows[0].fields[0].name].page == title.page


@settings(max_examples=20)
@given(plans())
def test_the_same_plan_is_laid_out_the_same(plan: Plan) -> None:
    assert laid(plan) == laid(plan)


def row(*fields: FieldPlan) -> RowPlan:
    return RowPlan(fields)


def test_cells_take_a_fixed_width_and_lines_share_the_rest() -> None:
    code = FieldPlan("code", "Codice", Kind.TAX_CODE, "never", cells=16)
    wide = FieldPlan("wide", "Largo", Kind.TEXT, "never", width=3)
    slim = FieldPlan("slim", "Stretto", Kind.TEXT, "never", width=1)
    sheets = lay_out(plan_of(SectionPlan("A", "A", (row(code, wide, slim),))), typeface)
    boxes = [f.box for f in sheets.sections[0].fields]
    assert boxes[0].width == pytest.approx(89.6)
    assert boxes[1].width == pytest.approx(3 * boxes[2].width, abs=0.01)
    assert boxes[2].right == pytest.approx(LEFT + CONTENT_WIDTH, abs=0.01)


def test_a_tick_box_has_its_words_to_the_right_and_clear_of_it() -> None:
    tick = FieldPlan("tick", "Ha preso visione " * 12, Kind.TICK, "always")
    sheets = lay_out(plan_of(SectionPlan("A", "A", (row(tick),))), typeface)
    box = sheets.sections[0].fields[0].box
    words = next(p for p in sheets.printed if p.about == "tick")
    assert (box.width, box.height) == (TICK_SIDE, TICK_SIDE)
    assert words.box.left >= box.right + 1.5
    assert "\n" in words.text


def test_a_section_that_goes_on_overleaf_is_named_again() -> None:
    rows = tuple(row(FieldPlan(f"f{i}", f"Riga {i}", Kind.TEXT, "never")) for i in range(25))
    sheets = lay_out(plan_of(SectionPlan("A", "Dati", rows)), typeface)
    assert sheets.page_count == 2
    assert [(p.page, p.text) for p in sheets.printed if "segue" in p.text] == [(2, "A – Dati (segue)")]


def test_a_low_section_is_not_parted() -> None:
    long = tuple(row(FieldPlan(f"f{i}", f"Riga {i}", Kind.TEXT, "never")) for i in range(16))
    low = tuple(row(FieldPlan(f"g{i}", f"Riga {i}", Kind.TEXT, "never")) for i in range(3))
    sheets = lay_out(plan_of(SectionPlan("A", "A", long), SectionPlan("B", "B", low)), typeface)
    assert {f.page for f in sheets.sections[1].fields} == {2}


def test_a_row_higher_than_a_sheet_is_refused() -> None:
    tall = FieldPlan("tall", "Alto", Kind.LONG_TEXT, "never", lines=40)
    with pytest.raises(ValueError, match="section A: a row is higher than a sheet"):
        lay_out(plan_of(SectionPlan("A", "A", (row(tall),))), typeface)
