"""Decoding by pattern: on lattices that are clear, doubtful, or of something else."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ocr.ink import Lattice
from parsers.decode import Decoded, decode, greedy
from parsers.fields.parsed import Context
from parsers.patterns import grammar, judge
from templates.form import Kind
from tests.parsers.lattice_of import ALPHABET, lattice_of

NOW = Context(date(2026, 11, 20))
SIZES = st.tuples(st.integers(0, 40), st.just(1 + len(ALPHABET)))
PATTERNED = [k for k in Kind if grammar(k, NOW)]


def read(kind: Kind, lattice: Lattice) -> Decoded:
    shape = grammar(kind, NOW)
    assert shape
    return decode(lattice, shape, judge(kind, NOW))


@pytest.mark.parametrize(
    ("kind", "written", "text"),
    [
        (Kind.TAX_CODE, "RSSMRA80A01H501U", "RSSMRA80A01H501U"),
        (Kind.TAX_CODE, "rssmra 80a01 h501u", "RSSMRA80A01H501U"),
        (Kind.TAX_CODE, "RSSMRAULALMHRLMD", "RSSMRAULALMHRLMD"),
        (Kind.TAX_CODE, "97123450153", "97123450153"),
        (Kind.VAT, "IT 12345670017", "IT12345670017"),
        (Kind.POD, "IT 002 E 1234567-A", "IT002E1234567A"),
        (Kind.POD, "IT001E123456789", "IT001E123456789"),
        (Kind.POD, "IT001E12345678A", "IT001E12345678A"),
        (Kind.POD, "IT001E1B3D5F7H", "IT001E1B3D5F7H"),
        (Kind.PDR, "00123456789012", "00123456789012"),
        (Kind.POSTAL_CODE, "00197", "00197"),
        (Kind.DATE, "03/04/2025", "03/04/2025"),
        (Kind.DATE, "3-4-25", "3-4-25"),
        (Kind.DATE, "03041980", "03041980"),
        (Kind.YEAR, "2025", "2025"),
        (Kind.PROVINCE, "NA", "NA"),
        (Kind.AMOUNT, "€ 1.234,56", "1.234,56"),
        (Kind.PHONE, "+39 06 5555 5555", "+390655555555"),
        (Kind.EMAIL, "utente.prova@example.com", "utente.prova@example.com"),
        (Kind.INTEGER, "11", "11"),
    ],
)
def test_clear_writing_costs_nothing(kind: Kind, written: str, text: str) -> None:
    found = read(kind, lattice_of(written))
    assert (found.text, found.passes) == (text, True)
    assert found.penalty < 0.01
    assert found.confidence > 0.98


def test_the_pattern_decides_between_look_alikes_and_reports_the_price() -> None:
    found = read(Kind.TAX_CODE, lattice_of("RSSMRA8OA01H501U", {7: ("0", 0.3)}))
    assert found.text == "RSSMRA80A01H501U"
    assert found.penalty == pytest.approx(np.log(0.7 / 0.3), abs=0.01)


def test_omocodia_is_read_where_the_page_says_it_and_digits_where_it_does_not() -> None:
    assert read(Kind.TAX_CODE, lattice_of("RSSMRA80A01H50MM")).text == "RSSMRA80A01H50MM"
    # A weak L over a zero is a zero.
    assert read(Kind.TAX_CODE, lattice_of("RSSMRA8LA01H501U", {7: ("0", 0.4)})).text == "RSSMRA80A01H501U"


def test_a_failed_check_is_repaired_as_a_proposal_with_its_cost() -> None:
    found = read(Kind.TAX_CODE, lattice_of("RSSMRA80A01H507U", {14: ("1", 0.3)}))
    assert (found.text, found.passes) == ("RSSMRA80A01H507U", False)
    assert found.proposals[0].text == "RSSMRA80A01H501U"
    assert found.proposals[0].cost == pytest.approx(np.log(0.7 / 0.3), abs=0.01)


def test_two_substitutions_are_tried_after_one() -> None:
    found = read(Kind.TAX_CODE, lattice_of("RS5MRA80A07H501U".replace("5", "S", 1), {10: ("1", 0.3)}))
    assert found.proposals[0].text == "RSSMRA80A01H501U"
    twice = read(Kind.VAT, lattice_of("72345676017", {0: ("1", 0.4), 7: ("0", 0.4)}))
    assert not twice.passes
    assert all(r.cost < 12 for r in twice.proposals)


def test_the_calendar_is_a_check_too() -> None:
    found = read(Kind.DATE, lattice_of("31/04/2025", {1: ("0", 0.2)}))
    assert not found.passes
    assert found.proposals[0].text == "30/04/2025"


def test_alternatives_carry_their_gap() -> None:
    found = read(Kind.PDR, lattice_of("00123456789012", {5: ("5", 0.25)}))
    best = found.alternatives[5][0]
    assert (best.char, best.gap) == ("5", pytest.approx(np.log(3), abs=0.01))


def test_writing_of_another_shape_does_not_fit() -> None:
    assert read(Kind.POD, lattice_of("00123456789012")).penalty > 20
    assert read(Kind.TAX_CODE, lattice_of("nessuno")).text == ""
    assert read(Kind.POSTAL_CODE, lattice_of("")).penalty == float("inf")


@pytest.mark.parametrize("kind", PATTERNED)
@settings(max_examples=20)
@given(
    logits=hnp.arrays(
        np.float32, st.tuples(st.integers(0, 40), st.just(1 + len(ALPHABET))), elements=st.floats(-8, 8, width=32)
    )
)
def test_any_posterior_is_decoded_without_error(kind: Kind, logits: np.ndarray) -> None:
    logp = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    found = read(kind, Lattice(ALPHABET, logp.astype(np.float32)))
    assert found.penalty >= 0
    assert 0 <= found.confidence <= 1
    assert len(found.alternatives) == len(found.text)
    assert found.passes == judge(kind, NOW)(found.text) or not found.text
    assert [r.cost for r in found.proposals] == sorted(r.cost for r in found.proposals)
    assert all(judge(kind, NOW)(r.text) for r in found.proposals)


@settings(max_examples=20)
@given(text=st.text(alphabet=ALPHABET, max_size=12))
def test_greedy_reads_what_is_there(text: str) -> None:
    read_, sure = greedy(lattice_of(text))
    assert read_ == text
    assert sure > 0.98 or not text


@settings(max_examples=30)
@given(digits=st.text(alphabet="0123456789", min_size=14, max_size=14))
def test_every_pdr_is_read_back(digits: str) -> None:
    found = read(Kind.PDR, lattice_of(digits))
    assert (found.text, found.passes) == (digits, True)


def test_a_shorter_shape_does_not_swallow_a_digit() -> None:
    """Digits on neighbouring steps are two, though one place could change its character from step to step."""
    full = lattice_of("3612,86").logp
    tight = np.delete(full, [3], axis=0)  # the blank between 6 and 1
    found = read(Kind.AMOUNT, Lattice(ALPHABET, tight))
    assert (found.text, found.passes) == ("3612,86", True)
    assert found.penalty < 0.01


def test_what_is_forced_at_fixed_places_is_told_apart() -> None:
    found = read(Kind.POD, lattice_of("1T002E1234567A", {0: ("I", 0.02)}))
    assert found.text == "IT002E1234567A"
    assert found.penalty == pytest.approx(found.fixed, abs=0.01)
    assert found.fixed > 3
    comma = read(Kind.AMOUNT, lattice_of("2734.28", {4: (",", 0.05)}))
    assert (comma.text, comma.passes) == ("2734,28", True)
    assert comma.penalty == pytest.approx(comma.fixed, abs=0.01)
