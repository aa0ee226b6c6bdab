"""Decoding of hand-printed cells, and what a second field may confirm."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.ink import Cells, Ink, Lattice, Presence, Source
from pages.page import Box
from parsers import tax_code_beam
from parsers.acceptance import Acceptance
from parsers.best_first import best_first
from parsers.extract import extract
from parsers.fields.parsed import Context
from parsers.fields.tax_code import fault
from parsers.hand_cells import decode_cells
from parsers.handwritten import judge_hand
from parsers.reading import State, Value
from templates.form import Kind
from templates.load import load_forms
from tests.parsers.cells_of import ALPHABET, cells_of
from tests.parsers.lattice_of import lattice_of

TODAY = date(2026, 11, 25)
CONTEXT = Context(TODAY)
BOUNDS = Acceptance()
FORM = next(form for form in load_forms() if form.code == "CMOR")
CODE = "RSSMRA80A01H501U"
BOX = Box(10, 10, 50, 8)


def ink(zone: str, cells: Cells | None = None, text: str = "", lattice: Lattice | None = None) -> Ink:
    seen = Ink(zone, "fax.tif", 1, BOX, Source.HANDPRINT, Presence.INK, text=text, confidence=0.9)
    return replace(seen, cells=cells, lattice=lattice)


def read(*inks: Ink) -> dict[str, Value]:
    return extract(FORM, inks, TODAY)


def test_texts_come_in_the_order_of_their_probability() -> None:
    places = [[("A", -0.1), ("B", -1.0), ("C", -3.0)], [("1", -0.2), ("7", -0.5)], [("X", -0.3)]]
    found = list(best_first(places))
    assert len(found) == 6
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert found[0] == ("A1X", pytest.approx(-0.6))
    assert list(best_first([])) == list(best_first([[], [("A", 0.0)]])) == []


def test_a_clear_code_is_found_with_almost_all_of_the_probability() -> None:
    found = decode_cells(cells_of(CODE), Kind.TAX_CODE, CONTEXT)
    assert (found.best, found.shown, found.clear) == (CODE, CODE, True)
    assert found.share > 0.99


@pytest.mark.parametrize(("place", "wrong"), [(0, "K"), (6, "6"), (9, "7"), (12, "6"), (15, "V")])
def test_the_check_character_puts_right_what_a_cell_shows_wrongly(place: int, wrong: str) -> None:
    shown = CODE[:place] + wrong + CODE[place + 1 :]
    found = decode_cells(cells_of(shown, {place: (CODE[place], 0.3)}), Kind.TAX_CODE, CONTEXT)
    assert found.shown == shown
    assert found.best == CODE


def test_a_cell_that_was_sure_of_another_character_makes_a_proposal_only() -> None:
    shown = "K" + CODE[1:]
    verdict = judge_hand(Kind.TAX_CODE, ink("holder_tax_code", cells_of(shown)), CONTEXT, BOUNDS)
    assert verdict.state is State.UNREADABLE
    assert verdict.raw == shown
    assert any(not fault(proposal, TODAY) for proposal in verdict.proposals)


def test_a_rejected_cell_sends_the_field_to_a_clerk() -> None:
    cells = cells_of(CODE, rejected=(4,), sure=0.999)
    verdict = judge_hand(Kind.TAX_CODE, ink("holder_tax_code", cells), CONTEXT, BOUNDS)
    assert verdict.state is State.UNREADABLE


def test_without_the_birthplace_list_no_code() -> None:
    found = tax_code_beam.candidates(cells_of("RSSMRA80A01H501U", {12: ("9", 0.4)}))
    assert all(not fault(c.code, TODAY) for c in found)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.PDR, "00123456789012"),
        (Kind.POD, "IT001E12345678"),
        (Kind.POSTAL_CODE, "00197"),
        (Kind.DATE, "01021980"),
        (Kind.VAT, "07643520567"),
        (Kind.YEAR, "1985"),
        (Kind.PROVINCE, "RM"),
    ],
)
def test_a_code_without_check_is_taken_where_its_cells_are_sure_and_nothing_contradicts(kind: Kind, text: str) -> None:
    cells = cells_of(text, sure=0.9995)
    poor = judge_hand(kind, ink("x", cells_of(text, {len(text) - 1: ("8", 0.3)}, sure=0.97)), CONTEXT, BOUNDS)
    assert poor.state is State.UNREADABLE
    assert poor.proposals
    agreed = judge_hand(kind, ink("x", cells, text, lattice_of(text)), CONTEXT, BOUNDS)
    assert agreed.state is State.FILLED
    other = text[:-1] + ("N" if kind is Kind.PROVINCE else "7" if text[-1] != "7" else "1")
    differing = judge_hand(kind, ink("x", cells, other, lattice_of(other)), CONTEXT, BOUNDS)
    assert differing.state is State.UNREADABLE


def test_an_unreal_date_is_never_read() -> None:
    found = decode_cells(cells_of("31021980", {0: ("2", 0.2), 1: ("8", 0.2)}), Kind.DATE, CONTEXT)
    assert found.shown == "31021980"
    assert found.best != "31021980"
    verdict = judge_hand(Kind.DATE, ink("x", cells_of("31021980", sure=0.999)), CONTEXT, BOUNDS)
    assert verdict.state is State.UNREADABLE


def test_a_gap_inside_a_code_is_a_question() -> None:
    verdict = judge_hand(Kind.PDR, ink("x", cells_of("0012345 789012", count=14)), CONTEXT, BOUNDS)
    assert verdict.state is State.UNREADABLE


def test_words_in_cells_keep_their_spaces() -> None:
    found = decode_cells(cells_of("DE ROSSI", count=20), Kind.NAME, CONTEXT)
    assert found.best == "DE ROSSI"


def test_a_line_by_hand_is_never_taken_by_itself() -> None:
    values = read(ink("holder_surname", text="ROSSI"), ink("description", text="IL FORNITORE"))
    for name in ("holder_surname", "description"):
        assert values[name].state is State.UNREADABLE
        assert values[name].proposals[0] in {"ROSSI", "IL FORNITORE"}


def test_names_and_date_open_the_code_that_the_cells_leave_in_doubt() -> None:
    doubtful = ink("holder_tax_code", cells_of(CODE, {6: ("3", 0.35), 15: ("Z", 0.45)}))
    alone = read(doubtful)["holder_tax_code"]
    keyed = read(
        doubtful,
        ink("holder_surname", text="ROSSI"),
        ink("holder_given_name", text="MARIO"),
        ink("holder_birth_date", cells_of("01011980", sure=0.999)),
    )
    assert alone.state is State.UNREADABLE
    assert keyed["holder_tax_code"].value == CODE
    assert keyed["holder_birth_date"].value == "1980-01-01"
    assert keyed["holder_surname"].state is State.UNREADABLE, "consonants do not tell the vowels"


def test_a_contrary_date_is_no_key() -> None:
    values = read(
        ink("holder_tax_code", cells_of(CODE, {6: ("3", 0.35)})),
        ink("holder_birth_date", cells_of("15061971", sure=0.999)),
    )
    assert values["holder_tax_code"].state is State.UNREADABLE
    assert values["holder_birth_date"].value == "1971-06-15", "its own cells leave no doubt: the checks tell of both"


def test_comune_and_province_confirm_each_other() -> None:
    sign = ink("holder_province", cells_of("RM", sure=0.99))
    values = read(ink("holder_municipality", text="ROMA"), sign)
    assert (values["holder_municipality"].value, values["holder_province"].value) == ("Roma", "RM")
    values = read(ink("holder_municipality", text="MILANO"), sign)
    assert values["holder_municipality"].state is values["holder_province"].state is State.UNREADABLE


@settings(max_examples=40)
@given(st.integers(0, 2**31), st.integers(0, 18), st.sampled_from([k for k in Kind if k not in {
    Kind.ENUM, Kind.TICKS, Kind.TICK, Kind.INK}]))  # fmt: skip
def test_any_cells_end_in_a_verdict(seed: int, count: int, kind: Kind) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 4, (count, 37))
    logp = (scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))).astype(np.float32)
    cells = Cells(ALPHABET, logp, tuple(bool(e) for e in rng.random(count) < 0.2))
    verdict = judge_hand(kind, ink("x", cells), CONTEXT, BOUNDS)
    assert verdict.state in {State.UNREADABLE, State.FILLED}
    assert 0 <= verdict.confidence <= 1


def test_cells_refuse_a_wrong_shape() -> None:
    with pytest.raises(ValueError, match="one row each"):
        Cells("AB", np.zeros((2, 2), np.float32), (False, False))


def test_a_shape_that_two_characters_share_is_clear_where_the_place_tells_them_apart() -> None:
    twin = decode_cells(cells_of("OO197", {0: ("0", 0.2), 1: ("0", 0.2)}, sure=0.999), Kind.POSTAL_CODE, CONTEXT)
    assert (twin.best, twin.clear) == ("00197", True)
    other = decode_cells(cells_of("KO197", {0: ("0", 0.2), 1: ("0", 0.2)}, sure=0.999), Kind.POSTAL_CODE, CONTEXT)
    assert not other.clear
