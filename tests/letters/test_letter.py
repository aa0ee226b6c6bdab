"""Which letter comes of which step: the whole table, and that there is never more than one."""

import pytest

from cases.case import ARROWS, CaseState, Event
from cases.moves import BORN, CORRECTED, READ_AGAIN
from checks.validation import Outcome
from letters.letter import REFUSALS, LetterCode, due, still_true

SILENT = (
    Event.CLEARED,
    Event.FOUND_INADMISSIBLE,
    Event.DOUBTED,
    Event.WAIT_OVER,
    Event.REFUSAL_REJECTED,
    Event.TAKEN,
    Event.RETURNED,
    Event.CLOSED,
    CORRECTED,
)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (CaseState.QUEUED, LetterCode.ACK),
        (CaseState.WAITING_CLERK, LetterCode.ACK),
        (CaseState.REFUSAL_PROPOSED, LetterCode.ACK),
        (CaseState.WAITING_CUSTOMER, LetterCode.INTEGRATION),
        (CaseState.HELD, LetterCode.HOLD),
        (CaseState.LINKED, LetterCode.JOINED),
    ],
)
@pytest.mark.parametrize("event", [BORN, READ_AGAIN])
def test_a_new_case_has_one_letter_by_its_state(event: str, state: CaseState, code: LetterCode) -> None:
    assert due(event, state, Outcome.READY) is code


@pytest.mark.parametrize("event", SILENT)
@pytest.mark.parametrize("state", list(CaseState))
def test_what_a_clerk_weighs_and_what_the_queue_does_is_told_nobody(event: str, state: CaseState) -> None:
    assert due(event, state, Outcome.READY) is None


@pytest.mark.parametrize("event", [BORN, READ_AGAIN, CORRECTED, *Event])
@pytest.mark.parametrize("state", list(CaseState))
def test_what_is_no_request_is_answered_by_nothing(event: str, state: CaseState) -> None:
    assert due(event, state, Outcome.NOT_A_REQUEST) is None


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.NOT_A_REQUEST])
def test_a_refusal_is_told_only_after_a_clerk_confirmed_it(outcome: Outcome) -> None:
    told = {
        (event, state): due(event, state, outcome)
        for event in (BORN, READ_AGAIN, CORRECTED, *Event)
        for state in CaseState
        if event != Event.REFUSAL_CONFIRMED
    }
    assert not [key for key, code in told.items() if code in REFUSALS]
    expected = LetterCode.WRONG_FORM if outcome is Outcome.WRONG_FORM else LetterCode.NOT_ADMISSIBLE
    assert due(Event.REFUSAL_CONFIRMED, CaseState.REFUSED, outcome) is expected


def test_every_arrow_has_an_answer_of_the_table() -> None:
    for (_, event), after in ARROWS.items():
        code = due(event, after, Outcome.INCOMPLETE)
        assert code is None or isinstance(code, LetterCode)


def test_a_letter_that_was_overtaken_is_not_true_any_more() -> None:
    assert still_true(LetterCode.INTEGRATION, CaseState.WAITING_CUSTOMER)
    assert not still_true(LetterCode.INTEGRATION, CaseState.QUEUED)
    assert still_true(LetterCode.HOLD, CaseState.HELD)
    assert not still_true(LetterCode.HOLD, CaseState.QUEUED)
    assert not still_true(LetterCode.NOT_ADMISSIBLE, CaseState.REFUSAL_PROPOSED)
    assert still_true(LetterCode.ACK, CaseState.CLOSED)
