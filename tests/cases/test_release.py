"""Holds: released by themselves on the day of Rome, and what comes meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.case import CaseState
from cases.database import Database
from cases.erase import Erasure, erase
from cases.release import release_held
from checks.validation import Outcome
from tests.cases.arrivals import Desk, papers_alone, request
from tests.checks.desk import PAPERS

ONE, TWO = "2026/0000001", "2026/0000002"
CAME = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
EARLY = {"complaint_sent_date": "2026-10-01", "sign_date": "2026-11-02"}
"""The complaint of 1 October: the 40 days are over on 11 November, and the clock went back in between."""


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def held(desk: Desk, **changes: object) -> None:
    desk.come(request(**{**EARLY, **changes}), at=CAME, now=CAME)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "state"), [("2026-11-10T22:59:59", CaseState.HELD), ("2026-11-10T23:00:00", CaseState.QUEUED)]
)
def test_a_hold_ends_at_midnight_of_rome(desk: Desk, at: str, state: CaseState) -> None:
    held(desk)
    assert (desk.case(ONE).state, desk.case(ONE).hold_until) == (CaseState.HELD, date(2026, 11, 11))
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    released = release_held(desk.database, now)
    case = desk.case(ONE)
    assert (case.state, released) == (state, int(state is CaseState.QUEUED))
    if released:
        assert (case.outcome, case.reasons, case.version) == (Outcome.READY, [], 2)
        assert "premature_at_receipt" in {f["rule"] for f in case.payload["findings"]}
        assert desk.steps(ONE) == ["born", "wait_over"]
        assert release_held(desk.database, now) == 0


def test_an_answer_with_its_copy_that_comes_later_opens_the_case_at_once(desk: Desk) -> None:
    held(desk, complaint_answered="yes", complaint_answer_date="2026-10-20")
    assert desk.told(ONE)[:2] == (CaseState.WAITING_CUSTOMER, Outcome.INCOMPLETE)
    assert desk.case(ONE).hold_until == date(2026, 11, 11)
    later = CAME + timedelta(days=1)
    desk.come(papers_alone("complaint_answer_copy"), words=f"Pratica {ONE}", at=later, now=later)
    assert desk.told(ONE)[:2] == (CaseState.QUEUED, Outcome.READY)


@pytest.mark.parametrize(("days", "outcome"), [(1, Outcome.HELD_UNTIL), (20, Outcome.READY)])
def test_what_was_incomplete_and_early_waits_only_as_long_as_it_must(desk: Desk, days: int, outcome: Outcome) -> None:
    held(desk, papers=("id_copy_holder", "bill_cmor"))
    assert (desk.told(ONE)[1], desk.case(ONE).hold_until) == (Outcome.INCOMPLETE, date(2026, 11, 11))
    later = CAME + timedelta(days=days)
    desk.come(papers_alone("complaint_copy"), words=f"Pratica {ONE}", at=later, now=later)
    case = desk.case(ONE)
    assert (case.outcome, case.completed_at, case.received_at) == (outcome, later, CAME)


def test_the_same_request_sent_again_after_the_wait_changes_nothing(desk: Desk) -> None:
    held(desk)
    after = CAME + timedelta(days=12)
    desk.come(request(file="2.pdf", **EARLY), at=after, now=after)  # type: ignore[arg-type]
    assert desk.told(TWO)[1:] == (Outcome.DUPLICATE_OF, ONE)
    assert release_held(desk.database, after) == 1
    assert desk.case(ONE).received_at == CAME


def test_what_was_erased_is_not_released(desk: Desk) -> None:
    held(desk, papers=PAPERS)
    with desk.database.transaction() as session:
        erase(session, Erasure(desk.case(ONE).receipt_id, "art. 17"), CAME)
    assert release_held(desk.database, CAME + timedelta(days=30)) == 0
    assert desk.case(ONE).state == CaseState.HELD
