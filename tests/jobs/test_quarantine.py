"""Poison ends in quarantine with its reason, and comes out of it into the same case."""

import pytest
from sqlalchemy import text

from bench.stubs import delivery, submission
from cases.balance import books
from cases.case import CaseState
from cases.ledger import verify
from cases.quarantine import NotReleased, quarantined, release
from cases.queue import Queue
from cases.submission import Looked
from intake.receipt import MailKind
from jobs.app import Wiring
from jobs.defer import defer_receipt
from jobs.register import register
from jobs.steps import carry, give_to_clerk
from jobs.worker import work_until_idle


@pytest.fixture
def poison(wiring: Wiring) -> int:
    raw = b"a form"
    receipt_id = register(delivery("fax:1", raw), wiring.originals.keep(raw))
    assert receipt_id is not None
    give_to_clerk(wiring, receipt_id, "La lettura automatica si è interrotta più volte.")
    return receipt_id


def let_go(wiring: Wiring, receipt_id: int) -> None:
    with wiring.database.transaction() as session:
        release(session, receipt_id, "after the update", wiring.now())
        defer_receipt(session, receipt_id)


def test_what_could_not_be_read_is_listed_with_its_reason(wiring: Wiring, poison: int) -> None:
    with wiring.database.transaction() as session:
        (held,) = quarantined(session)
    assert (held.receipt_id, str(held.number)[-7:]) == (poison, "0000001")
    assert held.reason == "La lettura automatica si è interrotta più volte."


def test_what_is_released_is_read_into_the_same_case_with_the_same_number(wiring: Wiring, poison: int) -> None:
    (before,) = Queue(wiring.database).cases()
    let_go(wiring, poison)
    assert work_until_idle() == 0
    (after,) = Queue(wiring.database).cases()
    assert (after.id, after.number) == (before.id, before.number)
    assert (before.state, after.state) == (CaseState.WAITING_CLERK, CaseState.QUEUED)
    assert after.form == "CMOR"
    with wiring.database.transaction() as session:
        assert quarantined(session) == []
        events = session.execute(text("SELECT event FROM case_step ORDER BY id")).scalars().all()
    assert events == ["born", "read_again"]
    assert books(wiring.database).discrepancies == ()
    assert sum(books(wiring.database).bins.values()) == 1
    assert verify(wiring.database) == ()


def test_more_cases_than_before_get_numbers_of_their_own(wiring: Wiring, poison: int) -> None:
    let_go(wiring, poison)
    numbers = wiring.store.settle(poison, Looked((submission(), submission())), wiring.now())
    assert [n.number for n in numbers] == [1, 2]
    assert wiring.store.settle(poison, Looked((submission(),)), wiring.now()) == numbers
    assert [c.item for c in Queue(wiring.database).cases()] == [0, 1]
    assert books(wiring.database).discrepancies == ()


def test_what_turns_out_to_be_no_request_leaves_its_case_with_the_clerk(wiring: Wiring, poison: int) -> None:
    let_go(wiring, poison)
    assert wiring.store.settle(poison, Looked((), kind=MailKind.LIST), wiring.now()) == ()
    (case,) = Queue(wiring.database).cases()
    assert case.state is CaseState.WAITING_CLERK
    assert books(wiring.database).discrepancies == ()


def test_what_fails_again_is_in_quarantine_again(wiring: Wiring, poison: int) -> None:
    let_go(wiring, poison)
    give_to_clerk(wiring, poison, "Ancora.")
    with wiring.database.transaction() as session:
        (held,) = quarantined(session)
    assert held.reason == "Ancora."
    assert books(wiring.database).discrepancies == ()


def test_what_a_clerk_works_on_or_was_read_well_is_not_released(wiring: Wiring, poison: int) -> None:
    raw = b"another"
    well = register(delivery("fax:2", raw), wiring.originals.keep(raw))
    assert well is not None
    carry(wiring, well, 0)
    with wiring.database.transaction() as session:
        session.execute(text("UPDATE case_ SET version = 2 WHERE receipt_id = :r"), {"r": poison})
    for receipt_id, words in (
        (poison, "a clerk has worked"),
        (well, "is not in quarantine"),
        (999, "not in quarantine"),
    ):
        with pytest.raises(NotReleased, match=words), wiring.database.transaction() as session:
            release(session, receipt_id, "x", wiring.now())
