import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from bench.stubs import delivery, submission
from cases.case import CaseState
from cases.database import Database
from cases.queue import Queue
from cases.register import RegisterNumber
from cases.store import Store, admit
from cases.submission import Looked
from checks.validation import Outcome
from intake.receipt import Channel, Delivery, MailKind, Origin, Refused

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def take(database: Database, arrived: Delivery) -> int:
    with database.transaction() as session:
        receipt_id = admit(session, arrived, arrived.digest, NOW)
    assert receipt_id is not None
    return receipt_id


def test_an_origin_is_admitted_once(database: Database) -> None:
    take(database, delivery())
    with database.transaction() as session:
        assert admit(session, delivery(), "d" * 64, NOW) is None


def test_each_submission_becomes_a_case_with_a_number_and_a_line(database: Database) -> None:
    receipt_id = take(database, delivery())
    looked = Looked(
        (submission(), submission(Outcome.INCOMPLETE, "BONUS")), subject="richiesta", sender="a@example.com"
    )
    numbers = Store(database).settle(receipt_id, looked, NOW)
    assert numbers == (RegisterNumber(2026, 1), RegisterNumber(2026, 2))
    first, second = Queue(database).cases()
    assert (first.number, first.state, first.form) == ("2026/0000001", CaseState.QUEUED, "CMOR")
    assert (second.number, second.state, second.form) == ("2026/0000002", CaseState.WAITING_CUSTOMER, "BONUS")
    assert first.sender == "a@example.com"
    assert first.received_at == delivery().received_at
    with database.transaction() as session:
        lines = session.execute(text("SELECT number, digest, subject, direction FROM register_line ORDER BY 1")).all()
    assert [tuple(line) for line in lines] == [(n, delivery().digest, "richiesta", "in") for n in (1, 2)]


def test_the_case_has_its_published_shape(database: Database) -> None:
    Store(database).settle(take(database, delivery()), Looked((submission(),)), NOW)
    (case,) = Queue(database).cases()
    published = case.published()
    assert published.number == "2026/0000001"
    assert published.submission.outcome is Outcome.READY
    assert published.channel is Channel.FAX


def test_settling_again_changes_nothing(database: Database) -> None:
    receipt_id = take(database, delivery())
    store = Store(database)
    first = store.settle(receipt_id, Looked((submission(),)), NOW)
    again = store.settle(receipt_id, Looked((submission(), submission()), failure="altro"), NOW)
    assert again == first
    assert len(Queue(database).cases()) == 1


def test_of_many_settlers_one_wins(database: Database) -> None:
    receipt_id = take(database, delivery())
    store, got = Store(database), []
    start = threading.Barrier(4)

    def settle() -> None:
        start.wait()
        got.append(store.settle(receipt_id, Looked((submission(), submission())), NOW))

    threads = [threading.Thread(target=settle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [(RegisterNumber(2026, 1), RegisterNumber(2026, 2))] * 4
    assert len(Queue(database).cases()) == 2


def test_an_unknown_receipt_is_an_error(database: Database) -> None:
    with pytest.raises(KeyError):
        Store(database).settle(999, Looked((submission(),)), NOW)
    with pytest.raises(KeyError):
        Store(database).receipt(999)


def test_a_failed_look_goes_to_a_clerk_with_its_sentence(database: Database) -> None:
    Store(database).settle(take(database, delivery()), Looked((), failure="Aprire l'originale."), NOW)
    (case,) = Queue(database).for_clerk()
    assert (case.state, case.outcome, case.reasons) == (
        CaseState.WAITING_CLERK,
        Outcome.MANUAL_REVIEW,
        ("look_failed",),
    )
    assert case.published().submission.findings[0].message == "Aprire l'originale."


def test_a_request_in_which_nothing_was_found_goes_to_a_clerk(database: Database) -> None:
    Store(database).settle(take(database, delivery()), Looked(()), NOW)
    (case,) = Queue(database).for_clerk()
    assert case.reasons == ("nothing_found",)


@pytest.mark.parametrize("kind", [MailKind.RECEIPT, MailKind.BOUNCE, MailKind.AUTO_REPLY, MailKind.LIST])
def test_what_is_no_request_is_recorded_and_gets_no_number(database: Database, kind: MailKind) -> None:
    assert Store(database).settle(take(database, delivery()), Looked((), kind=kind, subject="avviso"), NOW) == ()
    (refusal,) = Queue(database).refusals()
    assert (refusal.reason, refusal.name, refusal.whole) == (kind.value, "avviso", True)
    assert Queue(database).counts().refused == {kind.value: 1}


def test_a_submission_that_is_no_request_is_recorded(database: Database) -> None:
    Store(database).settle(take(database, delivery()), Looked((submission(Outcome.NOT_A_REQUEST),)), NOW)
    assert Queue(database).cases() == ()
    assert Queue(database).refusals()[0].reason == "NOT_A_REQUEST"


def test_a_part_that_could_not_be_used_is_recorded_beside_the_case(database: Database) -> None:
    part = Refused("chiuso.pdf", "encrypted", "Il file è protetto da password: chiedere una copia senza.")
    Store(database).settle(take(database, delivery()), Looked((submission(),), (part,)), NOW)
    (refusal,) = Queue(database).refusals()
    assert (refusal.name, refusal.reason, refusal.whole) == ("chiuso.pdf", "encrypted", False)
    assert Queue(database).counts().refused == {}


def test_the_same_bytes_under_another_origin_are_a_second_case_with_a_note(database: Database) -> None:
    store = Store(database)
    store.settle(take(database, delivery("fax:1")), Looked((submission(),)), NOW)
    store.settle(take(database, delivery("post:1", channel=Channel.POST)), Looked((submission(),)), NOW)
    first, second = Queue(database).cases()
    assert "repeated_bytes" not in [f.rule for f in first.published().submission.findings]
    assert "repeated_bytes" in [f.rule for f in second.published().submission.findings]


def test_signs_that_the_database_refuses_are_replaced(database: Database) -> None:
    arrived = Delivery(Origin("mail:a\0b\udcff"), Channel.EMAIL, "n\0", b"x", NOW, "s\0", {"k\0": "v\udcff"})
    looked = Looked((submission(form="C\0"),), subject="\0", sender="\udcff", message_id="\0")
    Store(database).settle(take(database, arrived), looked, NOW)
    (case,) = Queue(database).cases()
    assert case.form == "C\N{REPLACEMENT CHARACTER}"
    receipt, waits = Store(database).receipt(case.receipt)
    assert (receipt.name, waits) == ("n\N{REPLACEMENT CHARACTER}", False)


def test_hold_until_is_kept(database: Database) -> None:
    held = submission(Outcome.HELD_UNTIL, hold_until=date(2026, 12, 1))
    Store(database).settle(take(database, delivery()), Looked((held,)), NOW)
    (case,) = Queue(database).cases()
    assert (case.state, case.hold_until) == (CaseState.HELD, date(2026, 12, 1))


def test_a_certified_instant_rules_over_the_mailbox(database: Database) -> None:
    certified = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    Store(database).settle(take(database, delivery()), Looked((submission(),), certified_at=certified), NOW)
    (case,) = Queue(database).cases()
    assert case.received_at == certified
