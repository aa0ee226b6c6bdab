from datetime import UTC, date, datetime, timedelta

from bench.stubs import ARRIVED, delivery, submission
from cases.case import CaseState
from cases.database import Database
from cases.queue import Queue, Wanted
from cases.register import RegisterNumber
from cases.release import release_held
from cases.sources import Sources
from cases.store import Store, admit
from cases.submission import Looked, Submission
from checks.validation import Outcome
from intake.receipt import Channel

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def settle(database: Database, origin: str, found: Submission, days: int = 0, channel: Channel = Channel.FAX) -> None:
    arrived = delivery(origin, channel=channel, received_at=ARRIVED + timedelta(days=days))
    with database.transaction() as session:
        receipt_id = admit(session, arrived, arrived.digest, NOW)
    assert receipt_id is not None
    Store(database).settle(receipt_id, Looked((found,)), NOW)


def test_the_queue_is_in_order_of_arrival_not_of_processing(database: Database) -> None:
    settle(database, "late", submission(), days=2)
    settle(database, "early", submission(form="BONUS"))
    settle(database, "middle", submission(form="DOPPIA"), days=1)
    assert [case.form for case in Queue(database).cases()] == ["BONUS", "DOPPIA", "CMOR"]


def test_cases_are_filtered_and_paged(database: Database) -> None:
    settle(database, "1", submission())
    settle(database, "2", submission(Outcome.INCOMPLETE), days=1, channel=Channel.POST)
    settle(database, "3", submission(Outcome.NOT_ADMISSIBLE, "RIPRISTINO"), days=2)
    queue = Queue(database)
    assert [c.number for c in queue.cases(Wanted(states=[CaseState.QUEUED]))] == ["2026/0000001"]
    assert [c.number for c in queue.cases(Wanted(channels=[Channel.POST]))] == ["2026/0000002"]
    assert [c.number for c in queue.cases(Wanted(forms=["RIPRISTINO"]))] == ["2026/0000003"]
    assert [c.number for c in queue.cases(Wanted(outcomes=[Outcome.INCOMPLETE]))] == ["2026/0000002"]
    assert [c.number for c in queue.cases(Wanted(limit=1, after=1))] == ["2026/0000002"]
    assert [c.number for c in queue.for_clerk()] == ["2026/0000003"]


def test_a_case_is_found_by_its_number(database: Database) -> None:
    settle(database, "1", submission())
    queue = Queue(database)
    found = queue.case(RegisterNumber(2026, 1))
    assert found is not None
    assert found.form == "CMOR"
    assert queue.case(RegisterNumber(2026, 2)) is None


def test_counts_tell_what_is_there(database: Database) -> None:
    settle(database, "1", submission())
    settle(database, "2", submission(Outcome.MANUAL_REVIEW), channel=Channel.POST)
    with database.transaction() as session:
        admit(session, delivery("3"), "d" * 64, NOW)
    counts = Queue(database).counts()
    assert counts.receipts == {Channel.FAX: 2, Channel.POST: 1}
    assert counts.cases == {CaseState.QUEUED: 1, CaseState.WAITING_CLERK: 1}
    assert counts.outcomes == {Outcome.READY: 1, Outcome.MANUAL_REVIEW: 1}
    assert (counts.unread, counts.oldest_unread) == (1, ARRIVED)


def test_a_held_case_is_released_on_its_day_in_rome(database: Database) -> None:
    settle(database, "1", submission(Outcome.HELD_UNTIL, hold_until=date(2026, 12, 1)))
    settle(database, "2", submission(Outcome.INCOMPLETE, hold_until=date(2026, 12, 1)))
    assert release_held(database, datetime(2026, 11, 30, 22, 59, tzinfo=UTC)) == 0
    assert release_held(database, datetime(2026, 11, 30, 23, 1, tzinfo=UTC)) == 1
    assert release_held(database, datetime(2026, 12, 5, tzinfo=UTC)) == 0
    released, incomplete = Queue(database).cases()
    assert (released.state, released.outcome) == (CaseState.QUEUED, Outcome.READY)
    assert released.published().submission.outcome is Outcome.READY
    assert "premature_at_receipt" in [f.rule for f in released.published().submission.findings]
    assert incomplete.state is CaseState.WAITING_CUSTOMER


def test_the_ledger_keeps_how_a_source_fares(database: Database) -> None:
    ledger = Sources(database)
    ledger.started("fax", NOW)
    ledger.failed("fax", "la cartella manca", 0, NOW)
    ledger.failed("fax", "la cartella manca", 1, NOW)
    (state,) = ledger.all()
    assert (state.failure, state.failures, state.taken) == ("la cartella manca", 2, 1)
    assert [t.subject for t in Queue(database).troubles()] == ["fax"]
    ledger.succeeded("fax", 4, NOW)
    (state,) = ledger.all()
    assert (state.failure, state.failures, state.taken, state.succeeded_at) == ("", 0, 5, NOW)


def test_the_ledger_keeps_the_place_of_a_source(database: Database) -> None:
    ledger = Sources(database)
    assert ledger.cursor("mail") == ""
    ledger.note_cursor("mail", "1700000000/42")
    assert ledger.cursor("mail") == "1700000000/42"


def test_a_source_has_one_turn_at_a_time(database: Database) -> None:
    ledger = Sources(database)
    with ledger.turn("mail") as first, ledger.turn("mail") as second, ledger.turn("fax") as other:
        assert (first, second, other) == (True, False, True)
    with ledger.turn("mail") as after:
        assert after
