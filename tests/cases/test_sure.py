"""Two requests compared, and what words name: for any requests, and for any text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import CaseState
from cases.match import OPEN, Arrival, Candidate, Kind, decide
from cases.merge import brings_more, merge, rename
from cases.named import Named, named_in
from cases.register import RegisterNumber
from cases.sure import Likeness, Sure, compare, contradict, sure_of, sure_payload
from parsers.reading import State
from tests.cases.arrivals import BIANCHI, CAME, ROSSI, request
from tests.checks.desk import value

PERSONS = st.sampled_from(["", ROSSI, BIANCHI])
POINTS = st.sets(st.sampled_from(["IT002E1234567A", "IT002E7654321B", "00123456789012"]), max_size=2).map(frozenset)
SURES = st.builds(
    Sure,
    tax_code=PERSONS,
    points=POINTS,
    procedure=st.sampled_from(["", "CMOR", "BONUS"]),
    day=st.sampled_from(["", "2026-10-01", "2026-10-02"]),
    name=st.sampled_from(["", "ROSSI MARIO", "BIANCHI LUCIA"]),
    likely=st.sets(st.sampled_from([ROSSI, BIANCHI, "IT002E1234567A"]), max_size=2).map(frozenset),
)
FULL = Sure(ROSSI, frozenset({"IT002E1234567A"}), "CMOR", "2026-10-01", "ROSSI MARIO")
NUMBER = RegisterNumber(2026, 1)


def case(sure: Sure, state: CaseState = CaseState.WAITING_CUSTOMER) -> Candidate:
    return Candidate(1, str(NUMBER), state, sure, CAME, frozenset({"a@example.com"}), numbers=frozenset({str(NUMBER)}))


@given(SURES, SURES)
def test_the_comparison_is_the_same_whichever_comes_first(one: Sure, other: Sure) -> None:
    assert compare(one, other) is compare(other, one)
    assert contradict(one, other) is contradict(other, one)


@given(SURES)
def test_what_is_wholly_sure_is_the_same_as_itself(one: Sure) -> None:
    whole = bool(one.tax_code and one.points and one.procedure and one.day)
    assert (compare(one, one) is Likeness.SAME) is whole


@pytest.mark.parametrize(
    "change",
    [{"tax_code": BIANCHI}, {"points": frozenset({"IT002E7654321B"})}, {"procedure": "BONUS"}, {"day": "2026-10-02"}],
)
def test_one_of_four_that_differs_is_never_the_same_request(change: dict[str, object]) -> None:
    other = replace(FULL, **change)  # type: ignore[arg-type]
    assert compare(FULL, other) not in {Likeness.SAME, Likeness.LATER}
    for state in CaseState:
        assert not decide(Arrival(other, Named()), [case(FULL, state)]).links


@given(SURES, SURES, st.sampled_from(list(CaseState)), st.data())
def test_two_people_are_never_linked_whatever_speaks_for_it(
    one: Sure, other: Sure, state: CaseState, data: st.DataObject
) -> None:
    one, other = replace(one, tax_code=ROSSI), replace(other, tax_code=BIANCHI)
    here = st.sampled_from([frozenset(), frozenset({1})])
    arrival = Arrival(
        one,
        Named(frozenset({NUMBER}), frozenset({ROSSI, BIANCHI}), other.points, "ROSSI MARIO BIANCHI LUCIA"),
        "a@example.com",
        sheets=data.draw(here),
        replies=data.draw(here),
        same_mail=data.draw(here),
        same_pages=data.draw(here),
    )
    assert not decide(arrival, [case(other, state)]).links


@given(SURES, SURES, st.sampled_from(list(CaseState)))
def test_only_an_open_case_is_joined_and_what_is_only_likely_joins_nothing(
    one: Sure, other: Sure, state: CaseState
) -> None:
    decision = decide(Arrival(one, Named()), [case(other, state)])
    assert not decision.links or state in OPEN
    bare = decide(Arrival(replace(one, likely=frozenset()), Named()), [case(replace(other, likely=frozenset()), state)])
    assert decision.links == bare.links


def test_a_likely_code_and_the_procedure_are_a_question() -> None:
    unsure = Sure(procedure="CMOR", likely=frozenset({ROSSI}))
    assert compare(FULL, unsure) is Likeness.MAYBE
    assert compare(unsure, unsure) is Likeness.MAYBE
    assert decide(Arrival(unsure, Named()), [case(FULL)]).kind is Kind.MAYBE
    assert compare(replace(unsure, tax_code=BIANCHI), FULL) is Likeness.OTHER


def test_a_reading_and_its_payload_say_the_same_of_themselves() -> None:
    read = request()
    unsure = value("holder_tax_code", None, state=State.UNREADABLE, proposals=(ROSSI,))
    values = {**read.values, "holder_tax_code": unsure}
    told = {n: {"value": v.value, "state": v.state.value, "proposals": list(v.proposals)} for n, v in values.items()}
    assert sure_of("CMOR", values) == sure_payload({"form": "CMOR", "fields": told})
    assert sure_of("CMOR", values).likely == {ROSSI}


@given(st.text(max_size=300))
def test_any_words_can_be_looked_through(text: str) -> None:
    found = named_in(text)
    assert all(len(code) == 16 for code in found.tax_codes)
    assert all(len(point) == 14 for point in found.points)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2026/0000123", {"2026/0000123"}),
        ("pratica 2026/12", {"2026/0000012"}),
        ("Prot. n. 12/2026", {"2026/0000012"}),
        ("protocollo n° 0000012/2026", {"2026/0000012"}),
        ("fattura 2026/0001 del 10/2026", set()),
        ("tel. 06/2026 2026/1", set()),
        ("2026/00001234567", set()),
    ],
)
def test_numbers_of_the_register_in_words(text: str, numbers: set[str]) -> None:
    assert {str(n) for n in named_in(text).numbers} == numbers


def test_codes_in_words_need_their_check_character() -> None:
    found = named_in("CF rssmra80a01h501u, non RSSMRA80A01H501V; POD IT 002 E 1234567A, PDR 00123456789012")
    assert found.tax_codes == {ROSSI}
    assert found.points == {"IT002E1234567A", "00123456789012"}


def test_merging_the_same_twice_brings_nothing_more() -> None:
    read = request()
    merged = merge(read, rename(request(), 7))
    assert not brings_more(read, merged)
    assert merged.values == read.values
    assert {p.role.value for p in merged.pages if p.file.startswith("@7/modulo")} == {"duplicate"}


@given(st.sampled_from(["holder_street", "supply_pod", "complaint_sent_date"]), st.booleans())
def test_what_is_sure_wins_over_what_is_not(name: str, later: bool) -> None:  # noqa: FBT001  drawn by hypothesis
    sure, unsure = request(), request()
    unsure = replace(unsure, values={**unsure.values, name: value(name, None, state=State.UNREADABLE)})
    one, other = (unsure, sure) if later else (sure, unsure)
    assert merge(one, rename(other, 7)).values[name].value == sure.values[name].value
