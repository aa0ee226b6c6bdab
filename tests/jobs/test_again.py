"""What a clerk asked to have read again is read or answered, whatever happens to the queue and its workers."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bench.asker import ask, unanswered
from bench.stubs import delivery, submission
from bench.yard import HASTE
from cases.paper import Slot
from cases.queue import Queue
from cases.submission import Looked
from checks.validation import Outcome
from intake.receipt import Receipt
from jobs.again import NOTHING_NEW, read_again
from jobs.app import Wiring
from jobs.defer import ask_again
from jobs.register import register
from jobs.rescue import rescue_stalled, sweep
from jobs.steps import carry
from jobs.worker import work_until_idle
from parsers.reading import PageUse
from tests.jobs.test_work import count, do, start_job


@pytest.fixture
def case(wiring: Wiring) -> int:
    """Give a case that waits for a clerk."""
    raw = b"a doubtful form"
    receipt = register(delivery("fax:1", raw), wiring.originals.keep(raw))
    assert receipt is not None
    carry(replace(wiring, look=lambda *_: Looked((submission(Outcome.MANUAL_REVIEW),))), receipt, 0)
    do(wiring, "TRUNCATE procrastinate_jobs CASCADE")
    (one,) = Queue(wiring.database).cases()
    return one.id


def named(_receipt: Receipt, _raw: bytes, slots: tuple[Slot, ...]) -> Looked:
    told = submission(Outcome.MANUAL_REVIEW)
    pages = tuple(PageUse(slot.file, slot.number, slot.page, 1.0) for slot in slots)
    return Looked((replace(told, reading=replace(told.reading, pages=pages)),))


def asked(wiring: Wiring, _case: int) -> None:
    assert ask(wiring.database.url, most=1) == 1


def again_jobs(wiring: Wiring, status: str) -> int:
    return count(wiring, f"procrastinate_jobs WHERE task_name = 'read_case_again' AND status = '{status}'")


def test_a_wish_outlives_a_lost_queue(wiring: Wiring, case: int) -> None:
    asked(wiring, case)
    do(wiring, "TRUNCATE procrastinate_jobs CASCADE")
    assert len(unanswered(wiring.database)) == 1
    assert sweep(wiring).again == 1
    assert sweep(wiring).again == 0, "one that has a job is left alone"
    assert again_jobs(wiring, "todo") == 1
    assert read_again(replace(wiring, again=named), case, 0) != ""
    assert unanswered(wiring.database) == []
    do(wiring, "TRUNCATE procrastinate_jobs CASCADE")
    assert sweep(wiring).again == 0
    assert count(wiring, "wish") == 0


def test_what_is_asked_for_while_a_case_is_being_read_is_still_read(wiring: Wiring, case: int) -> None:
    asked(wiring, case)

    def and_meanwhile(receipt: Receipt, raw: bytes, slots: tuple[Slot, ...]) -> Looked:
        with wiring.database.transaction() as session:
            ask_again(session, case)
        return named(receipt, raw, slots)

    read_again(replace(wiring, again=and_meanwhile), case, 0)
    assert count(wiring, "wish") == 1


def test_a_wish_that_cannot_be_granted_is_answered(wiring: Wiring, case: int) -> None:
    asked(wiring, case)

    def broken(*_: object) -> Looked:
        raise ValueError("a fault in a parser")

    with pytest.raises(ValueError, match="a fault"):
        read_again(replace(wiring, again=broken), case, 99)
    assert count(wiring, "wish") == 0
    assert [trouble.message for trouble in Queue(wiring.database).troubles()] == [NOTHING_NEW]


def test_a_wish_whose_jobs_are_lost_again_and_again_is_answered(wiring: Wiring, case: int) -> None:
    asked(wiring, case)
    strict = replace(wiring, patience=replace(HASTE, sweeps=2))
    for going in (1, 1, 0):
        do(wiring, "TRUNCATE procrastinate_jobs CASCADE")
        assert sweep(strict).again == going
    assert count(wiring, "wish") == 0
    assert [trouble.message for trouble in Queue(wiring.database).troubles()] == [NOTHING_NEW]


def test_a_wish_whose_workers_die_is_answered_at_the_cap(wiring: Wiring, case: int) -> None:
    asked(wiring, case)
    strict = replace(wiring, patience=replace(HASTE, deaths=1))
    for going in (1, 0):
        start_job(wiring)
        assert rescue_stalled(strict).again == going
    assert (again_jobs(wiring, "failed"), count(wiring, "wish")) == (1, 0)
    assert [trouble.message for trouble in Queue(wiring.database).troubles()] == [NOTHING_NEW]
    assert work_until_idle() == 0


def test_the_torture_notices_a_wish_that_was_lost(wiring: Wiring, case: int) -> None:
    asked(wiring, case)
    do(wiring, "DELETE FROM wish")
    do(wiring, "TRUNCATE procrastinate_jobs CASCADE")
    with wiring.database.transaction() as session:
        number = session.execute(text("SELECT year || '/' || number FROM case_")).scalar_one()
    assert unanswered(wiring.database) == [f"case {number} was not read again as asked"]
