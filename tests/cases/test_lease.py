import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bench.stubs import ARRIVED, delivery, submission
from cases import claims, lease
from cases.case import CaseState
from cases.database import Database
from cases.lease import Hold, Lease, LeaseLost, NoSuchCase
from cases.queue import Queue
from cases.register import RegisterNumber
from cases.store import Store, admit
from cases.submission import Looked
from checks.validation import Outcome

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def queue(database: Database, count: int, *, backwards: bool = False, form: str = "CMOR") -> None:
    for at in range(count):
        arrived = delivery(f"{form}:{at}", received_at=ARRIVED + timedelta(minutes=-at if backwards else at))
        with database.transaction() as session:
            receipt = admit(session, arrived, arrived.digest, NOW)
        assert receipt is not None
        Store(database).settle(receipt, Looked((submission(form=form),)), NOW)


def claim(database: Database, holder: str = "one", most: int = 1, now: datetime = NOW) -> tuple[Lease, ...]:
    with database.transaction() as session:
        return lease.claim(session, holder, now, 60, most)


def hold(taken: Lease, holder: str = "one") -> Hold:
    return Hold(holder, RegisterNumber.parse(taken.case.number), taken.token)


def states(database: Database) -> list[CaseState]:
    return [case.state for case in Queue(database).cases()]


def test_the_oldest_arrival_goes_out_first(database: Database) -> None:
    queue(database, 3, backwards=True)
    taken = claim(database, most=2)
    assert [t.case.number for t in taken] == ["2026/0000003", "2026/0000002"]
    assert states(database) == [CaseState.HANDED_OVER, CaseState.HANDED_OVER, CaseState.QUEUED]
    assert taken[0].case.state is CaseState.HANDED_OVER
    assert taken[0].token not in repr(taken[0])


def test_only_what_is_ready_goes_out(database: Database) -> None:
    arrived = delivery()
    with database.transaction() as session:
        receipt = admit(session, arrived, arrived.digest, NOW)
    assert receipt is not None
    Store(database).settle(receipt, Looked((submission(Outcome.INCOMPLETE),)), NOW)
    assert claim(database) == ()


def test_a_claim_may_ask_for_forms(database: Database) -> None:
    queue(database, 1)
    queue(database, 1, form="BONUS")
    with database.transaction() as session:
        (taken,) = lease.claim(session, "one", NOW, 60, 5, ["BONUS"])
    assert taken.case.form == "BONUS"


def test_a_case_is_completed_once_and_saying_so_again_changes_nothing(database: Database) -> None:
    queue(database, 1)
    (taken,) = claim(database)
    for _ in range(2):
        with database.transaction() as session:
            assert lease.complete(session, hold(taken), NOW).state is CaseState.CLOSED
    with database.transaction() as session:
        steps = session.execute(text("SELECT event, actor FROM case_step ORDER BY id")).all()
    assert [tuple(s) for s in steps] == [("born", "gateway"), ("taken", "client:one"), ("closed", "client:one")]


def test_a_released_case_takes_its_place_again(database: Database) -> None:
    queue(database, 2)
    (first,) = claim(database)
    with database.transaction() as session:
        lease.release(session, hold(first), NOW)
    (again,) = claim(database, "two")
    assert again.case.number == first.case.number
    with database.transaction() as session, pytest.raises(LeaseLost, match="released"):
        lease.complete(session, hold(first), NOW)


def test_an_expired_lease_returns_its_case_by_itself(database: Database) -> None:
    queue(database, 1)
    (taken,) = claim(database)
    later = NOW + timedelta(seconds=60)
    with database.transaction() as session, pytest.raises(LeaseLost, match="expired"):
        lease.complete(session, hold(taken), later)
    with database.transaction() as session:
        assert lease.return_expired(session, NOW + timedelta(seconds=59)) == 0
        assert lease.return_expired(session, later) == 1
        assert lease.return_expired(session, later) == 0
    assert states(database) == [CaseState.QUEUED]


def test_a_claim_gives_what_has_just_expired(database: Database) -> None:
    queue(database, 1)
    (taken,) = claim(database)
    (again,) = claim(database, "two", now=NOW + timedelta(seconds=61))
    assert again.case.number == taken.case.number
    assert again.token != taken.token


def test_a_renewed_lease_lasts_longer(database: Database) -> None:
    queue(database, 1)
    (taken,) = claim(database)
    with database.transaction() as session:
        assert lease.renew(session, hold(taken), NOW + timedelta(seconds=50), 60) == NOW + timedelta(seconds=110)
    assert claim(database, "two", now=NOW + timedelta(seconds=70)) == ()


def test_a_stranger_cannot_use_a_lease(database: Database) -> None:
    queue(database, 2)
    first, second = claim(database, most=2)
    foreign = Hold("one", RegisterNumber.parse(first.case.number), second.token)
    for wrong in (hold(first, "two"), foreign):
        with database.transaction() as session, pytest.raises(LeaseLost, match="never held"):
            lease.complete(session, wrong, NOW)
    with database.transaction() as session, pytest.raises(NoSuchCase):
        lease.renew(session, Hold("one", RegisterNumber(2026, 99), first.token), NOW, 60)


def test_the_database_itself_refuses_a_second_open_lease(database: Database) -> None:
    queue(database, 1)
    claim(database)
    second = "INSERT INTO case_lease (case_id, holder, digest, taken_at, expires_at, ending) "
    second += "SELECT case_id, 'two', 'x', taken_at, expires_at, '' FROM case_lease"
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text(second))


def test_many_consumers_never_hold_one_case(database: Database) -> None:
    queue(database, 24)
    got: list[str] = []
    start = threading.Barrier(6)

    def consume(name: str) -> None:
        start.wait()
        while taken := claim(database, name, most=3):
            got.extend(t.case.number for t in taken)

    threads = [threading.Thread(target=consume, args=(f"c{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got)) == 24


def test_what_a_clerk_has_in_hand_is_not_given_to_a_machine_nor_the_other_way_round(database: Database) -> None:
    queue(database, 2)
    first, second = Queue(database).cases()
    with database.transaction() as session:
        claims.claim(session, first.id, "clerk:anna", NOW, timedelta(minutes=5))
    (taken,) = claim(database, most=2)
    assert taken.case.number == second.number
    with database.transaction() as session:
        assert lease.claim(session, "two", NOW, 60, 5, ["CMOR"]) == ()
    for over in (False, True):
        with database.transaction() as session:
            stands = claims.claim(session, second.id, "clerk:anna", NOW, timedelta(minutes=5), over=over)
        assert (stands.holder, stands.until) == ("client:one", NOW + timedelta(seconds=60))
    with database.transaction() as session:
        assert {c.holder for c in claims.claims(session, [first.id, second.id], NOW).values()} == {
            "clerk:anna",
            "client:one",
        }
        lease.release(session, hold(taken), NOW)
        mine = claims.claim(session, second.id, "clerk:anna", NOW, timedelta(minutes=5))
    assert mine.held_by("clerk:anna")
