"""Everything is scanned before it is read: what is infected is quarantined, a scanner that is down is waited for."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bench.stubs import delivery
from cases.balance import books
from cases.correction_case import delivery_of
from cases.intakes import Intake
from cases.paper import Slot
from cases.quarantine import Released, quarantined, release
from cases.queue import Queue
from cases.submission import Looked
from cases.tables import CaseRow, ReceiptRow
from checks.context import CheckSettings
from intake.originals import Originals
from intake.receipt import Channel, Receipt
from intake.scanner import FOUND, NotScanned, ScannerDown
from jobs.again import read_again
from jobs.app import Wiring
from jobs.child import Limits
from jobs.register import register
from jobs.replay import Again as Replay
from jobs.retries import Again, Next, decide
from jobs.scanning import infected, inside, scanned
from jobs.steps import carry
from tests.intake.clamd import FINDING, MALWARE, Clamd, clamd, clamd_server
from tests.jobs.conftest import look

__all__ = ["clamd", "clamd_server"]


def mail(content: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "anna@example.com", "Modulo"
    message.set_content("In allegato.")
    message.add_attachment(content, maintype="application", subtype="pdf", filename="modulo.pdf")
    return bytes(message)


def taken(wiring: Wiring, raw: bytes) -> int:
    receipt = register(delivery(f"mail:{len(raw)}", raw), wiring.originals.keep(raw))
    assert receipt is not None
    return receipt


def test_files_inside_a_mail_are_scanned_as_we_unpack_them() -> None:
    assert list(inside("m.eml", mail(b"%PDF-1.7 one"), Limits())) == [b"%PDF-1.7 one"]


def test_an_infected_file_is_quarantined_unread_and_reported(wiring: Wiring, clamd: Clamd) -> None:
    seen: list[bytes] = []
    watched = scanned(lambda receipt, raw: (seen.append(raw), look(receipt, raw))[1], clamd.scanner, Limits())
    wiring = replace(wiring, look=watched)
    receipt = taken(wiring, mail(b"%PDF-1.7 " + MALWARE))
    carry(wiring, receipt, 0)
    assert not seen
    with wiring.database.transaction() as session:
        (held,) = quarantined(session)
    assert held.receipt_id == receipt
    assert FINDING in held.reason
    (trouble,) = Queue(wiring.database).troubles()
    assert (trouble.kind, trouble.subject) == ("virus", f"receipt {receipt}")


def test_a_later_look_that_is_told_more_is_scanned_as_well(wiring: Wiring, clamd: Clamd) -> None:
    told: list[tuple[Slot, ...]] = []

    def again(receipt: Receipt, raw: bytes, slots: tuple[Slot, ...]) -> Looked:
        told.append(slots)
        return look(receipt, raw)

    watched, slots = scanned(again, clamd.scanner, Limits()), (Slot("modulo.pdf", 1, "CMOR/2026", 1),)
    receipt, _ = wiring.store.receipt(taken(wiring, mail(b"%PDF-1.7 three")))
    assert watched(receipt, mail(b"%PDF-1.7 " + MALWARE), slots).facts == {FOUND: FINDING}
    assert not told
    watched(receipt, mail(b"%PDF-1.7 three"), slots)
    assert told == [slots]


def test_a_replay_opens_nothing_that_was_not_scanned(clamd: Clamd, tmp_path: Path) -> None:
    originals, asked = Originals(tmp_path / "originals"), []
    for raw in (mail(b"%PDF-1.7 " + MALWARE), mail(b"%PDF-1.7 clean")):
        digest = originals.keep(raw)
        day = datetime(2026, 11, 20, tzinfo=UTC)
        asked.append(Intake(1, "m.eml", Channel.EMAIL, digest, day, day, ()))
    replay = Replay(originals, CheckSettings(), Limits(), scanner=clamd.scanner)
    assert replay.look(asked[0]).facts == {FOUND: FINDING}
    assert FOUND not in replay.look(asked[1]).facts
    clamd.stop()
    with pytest.raises(ScannerDown):
        replay.look(asked[1])


def test_what_was_found_infected_is_never_read_again(wiring: Wiring, clamd: Clamd) -> None:
    opened: list[bytes] = []

    def again(receipt: Receipt, raw: bytes, _slots: tuple[Slot, ...]) -> Looked:
        opened.append(raw)
        return look(receipt, raw)

    wiring = replace(wiring, look=scanned(look, clamd.scanner, Limits()), again=again)
    carry(wiring, taken(wiring, mail(b"%PDF-1.7 " + MALWARE)), 0)
    with wiring.database.transaction() as session:
        case = session.scalars(select(CaseRow.id)).one()
    assert read_again(wiring, case, 0) == "infected"
    assert not opened
    told = {trouble.kind: trouble.message for trouble in Queue(wiring.database).troubles()}
    assert FINDING in told["read_again"], "nobody is sent to mark the corners of what must not be opened"


def test_a_virus_that_is_known_only_now_closes_the_original_and_leaves_what_was_read(wiring: Wiring) -> None:
    receipt = taken(wiring, mail(b"%PDF-1.7 four"))
    carry(wiring, receipt, 0)
    (before,) = Queue(wiring.database).cases()
    wiring = replace(wiring, again=lambda *_: infected(FINDING))
    for _ in range(2):
        assert read_again(wiring, before.id, 0) == "infected"
    troubles = Queue(wiring.database).troubles()
    assert sorted(trouble.kind for trouble in troubles) == ["read_again", "read_again", "virus"]
    assert all(FINDING in trouble.message for trouble in troubles)
    (after,) = Queue(wiring.database).cases()
    assert (after.payload, after.state) == (before.payload, before.state)
    with wiring.database.transaction() as session:
        assert delivery_of(session.get_one(ReceiptRow, receipt)).infected
        trail = session.execute(text("SELECT action, subject FROM audit_line")).all()
    assert [tuple(line) for line in trail] == [("virus_found", before.number)]
    assert books(wiring.database).discrepancies == ()
    assert sum(books(wiring.database).bins.values()) > 0, "what was placed in bins stays there"


def test_a_late_find_that_was_a_false_alarm_is_released_and_read_as_asked(wiring: Wiring) -> None:
    receipt = taken(wiring, mail(b"%PDF-1.7 five"))
    carry(wiring, receipt, 0)
    (case,) = Queue(wiring.database).cases()
    read_again(replace(wiring, again=lambda *_: infected(FINDING)), case.id, 0)
    with wiring.database.transaction() as session:
        assert release(session, receipt, "the scanner was wrong", wiring.now()) == Released(cases=(case.id,))
        row = session.get_one(ReceiptRow, receipt)
        assert (row.state, delivery_of(row).infected, row.failure) == ("settled", False, "")
    asked: list[int] = []

    def again(receipt: Receipt, raw: bytes, _slots: tuple[Slot, ...]) -> Looked:
        asked.append(receipt.id)
        return look(receipt, raw)

    assert read_again(replace(wiring, again=again), case.id, 0) == "nothing new"
    assert asked == [receipt]
    assert books(wiring.database).discrepancies == ()


def test_after_a_false_alarm_what_is_released_is_open_again(wiring: Wiring, clamd: Clamd) -> None:
    receipt = taken(wiring, mail(b"%PDF-1.7 " + MALWARE))
    carry(replace(wiring, look=scanned(look, clamd.scanner, Limits())), receipt, 0)
    with wiring.database.transaction() as session:
        assert delivery_of(session.get_one(ReceiptRow, receipt)).infected
        release(session, receipt, "the scanner was wrong", wiring.now())
    carry(wiring, receipt, 0)
    with wiring.database.transaction() as session:
        assert not delivery_of(session.get_one(ReceiptRow, receipt)).infected


def test_what_cannot_be_scanned_waits_and_is_read_when_the_scanner_is_back(wiring: Wiring, clamd: Clamd) -> None:
    wiring = replace(wiring, look=scanned(look, clamd.scanner, Limits()))
    receipt = taken(wiring, mail(b"%PDF-1.7 two"))
    clamd.stop()
    for attempts in (0, 1, 500):
        with pytest.raises(Again):
            carry(wiring, receipt, attempts)
    assert [t.kind for t in Queue(wiring.database).troubles()] == ["scanner"]
    assert not Queue(wiring.database).cases()
    clamd.start()
    carry(wiring, receipt, 501)
    assert len(Queue(wiring.database).cases()) == 1


def test_a_scanner_is_waited_for_and_bytes_that_it_refuses_go_to_a_clerk() -> None:
    assert decide(ScannerDown("down"), 100_000).next is Next.AGAIN
    assert decide(NotScanned("too many"), 2).next is Next.CLERK
