"""The ledger against real sources: trays on disk, a real Dovecot, the originals."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.yard import HASTE, Yard
from cases.ledger import tip, verify
from cases.queue import Queue
from cases.sources import Sources
from intake.mailbox import Mailbox
from intake.source import Source
from jobs.app import Wiring, configure
from jobs.pickup import pick_up
from jobs.reconcile import Statement, quick_number, reconcile
from jobs.steps import carry
from jobs.tips import note_tip, noted_tips
from jobs.upkeep import clean_daily
from tests.intake.dovecot import Box

MAIL = b"From: a@example.com\r\nSubject: uno\r\n\r\nBuongiorno.\r\n"


@dataclass(frozen=True)
class Place:
    """The cursor of a mailbox, in the database."""

    ledger: Sources

    def get(self, name: str) -> str | None:
        return self.ledger.cursor(name) or None

    def put(self, name: str, value: str) -> None:
        self.ledger.note_cursor(name, value)


Wire = Callable[[Mapping[str, Source]], Wiring]


@pytest.fixture
def wire(wiring: Wiring) -> Iterator[Wire]:
    made: list[Wiring] = []

    def rewire(sources: Mapping[str, Source]) -> Wiring:
        made.append(configure(wiring.database.url, wiring.look, wiring.originals, sources, HASTE))
        return made[-1]

    yield rewire
    for each in made:
        each.database.close()


def settle_all(wiring: Wiring) -> None:
    with wiring.database.transaction() as session:
        waiting = list(session.scalars(text("SELECT id FROM receipt WHERE state = 'received' ORDER BY id")))
    for receipt_id in waiting:
        carry(wiring, receipt_id, 0)


def found(statement: Statement) -> str:
    return "\n".join(d.wrong for d in statement.discrepancies)


@pytest.fixture
def post(wire: Wire, tmp_path: Path) -> tuple[Wiring, Yard]:
    """Three pieces of post in trays, taken in and settled."""
    yard = Yard(tmp_path)
    wired = wire(yard.sources())
    (yard.tray("mail") / "1.eml").write_bytes(MAIL)
    (yard.tray("mail") / "2.eml").write_bytes(MAIL.replace(b"uno", b"due"))
    assert pick_up(wired, "mail") is not None
    settle_all(wired)
    return wired, yard


def test_what_came_in_and_was_settled_balances(post: tuple[Wiring, Yard]) -> None:
    wired, yard = post
    (yard.tray("mail") / "3.eml").write_bytes(MAIL.replace(b"uno", b"tre"))
    statement = reconcile(wired)
    assert statement.unaccounted == 0, found(statement)
    counted = {c.source: (len(c.done), c.waiting) for c in statement.censuses}
    assert counted == {"maildrop:mail": (2, 1), "fax:fax": (0, 0), "scans:scan": (0, 0)}
    assert quick_number(wired.database, wired.originals) == 0


def test_what_is_taken_in_and_not_settled_yet_is_in_work_and_not_lost(wire: Wire, tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    wired = wire(yard.sources())
    (yard.tray("mail") / "1.eml").write_bytes(MAIL)
    pick_up(wired, "mail")
    statement = reconcile(wired)
    assert (statement.unaccounted, statement.books.in_work) == (0, 1)


def test_a_file_in_done_without_a_receipt_is_unaccounted_for(post: tuple[Wiring, Yard]) -> None:
    wired, yard = post
    (yard.tray("mail") / "done" / "9.eml").write_bytes(MAIL.replace(b"uno", b"nove"))
    assert "9.eml counts as done, but there is no receipt of it" in found(reconcile(wired))


def test_a_missing_or_changed_original_is_unaccounted_for(post: tuple[Wiring, Yard]) -> None:
    wired, _ = post
    first, second = wired.originals.files()
    first.unlink()
    second.chmod(0o600)
    second.write_bytes(b"other bytes")
    assert found(reconcile(wired)).splitlines() == [
        f"the original {first.name} is missing",
        f"the original {second.name} has other bytes than it arrived with",
    ]
    assert quick_number(wired.database, wired.originals) == 1


def test_an_original_without_a_receipt_is_unaccounted_for_when_it_is_old(post: tuple[Wiring, Yard]) -> None:
    wired, _ = post
    digest = wired.originals.keep(b"nobody knows me")
    assert reconcile(wired).unaccounted == 0  # its row may be committed at this very moment
    path = wired.originals.root / digest[:2] / digest
    os.utime(path, (time.time() - 7200, time.time() - 7200))
    assert f"the original {digest} is kept, but has no receipt" in found(reconcile(wired))


def test_a_half_written_original_is_swept_when_it_is_old_and_said_so(post: tuple[Wiring, Yard]) -> None:
    wired, _ = post
    folder = next(wired.originals.files()).parent
    (folder / ".young.part").write_bytes(b"x")
    (folder / ".old.part").write_bytes(b"x")
    os.utime(folder / ".old.part", (0, 0))
    assert clean_daily(wired)
    assert [path.name for path in folder.glob(".*.part")] == [".young.part"]
    assert [t.kind for t in Queue(wired.database).troubles()] == ["half_written"]


def test_a_tip_is_noted_and_a_line_cut_short_is_passed_over(post: tuple[Wiring, Yard], tmp_path: Path) -> None:
    wired, _ = post
    path = tmp_path / "apart" / "tips"
    with wired.database.transaction() as session:
        end = tip(session)
    note_tip(path, end, wired.now())
    with path.open("a") as file:
        file.write("2026-11-25T10:00:00+00:00 12:abc")
    assert list(noted_tips(path)) == [end]
    assert verify(wired.database, noted_tips(path)) == ()
    assert list(noted_tips(tmp_path / "none")) == []


# A mailbox


@pytest.fixture
def boxed(wire: Wire, box: Box) -> Callable[[], Wiring]:
    def make() -> Wiring:
        wired = wire({})
        return wire({"box": Mailbox(box.options(), Place(wired.ledger))})

    return make


def test_every_mail_below_the_cursor_has_a_receipt(boxed: Callable[[], Wiring], box: Box) -> None:
    box.put(MAIL, MAIL.replace(b"uno", b"due"))
    wired = boxed()
    pick_up(wired, "box")
    settle_all(wired)
    box.put(MAIL.replace(b"uno", b"tre"))
    statement = reconcile(wired)
    assert statement.unaccounted == 0, found(statement)
    assert [(len(c.done), c.waiting) for c in statement.censuses] == [(2, 1)]


def test_a_mail_that_the_cursor_passed_over_is_found_and_asked_again(boxed: Callable[[], Wiring], box: Box) -> None:
    box.put(MAIL, MAIL.replace(b"uno", b"due"))
    wired = boxed()
    client = box.client()
    validity = client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"]
    client.logout()
    wired.ledger.note_cursor(wired.sources["box"].name, f"{validity} 2")  # a fault: as if UID 1 had been taken
    pick_up(wired, "box")
    settle_all(wired)
    assert "UID 1 counts as done, but there is no receipt of it" in found(reconcile(wired))
    wired.ledger.forget_cursors()
    report = pick_up(wired, "box")
    assert report is not None
    assert (len(report.taken), report.known) == (1, 1)
    settle_all(wired)
    assert reconcile(wired).unaccounted == 0


def test_a_mailbox_numbered_anew_doubles_no_case_and_balances(boxed: Callable[[], Wiring], box: Box) -> None:
    box.put(MAIL, MAIL.replace(b"uno", b"due"))
    wired = boxed()
    pick_up(wired, "box")
    settle_all(wired)
    time.sleep(1.1)  # the server takes the second as the new UIDVALIDITY
    for path in [box.maildir / "dovecot-uidlist", *box.maildir.glob("dovecot.index*")]:
        path.unlink()
    box.put(MAIL.replace(b"uno", b"tre"))
    report = pick_up(wired, "box")
    assert report is not None
    assert (len(report.taken), report.known) == (1, 2)
    settle_all(wired)
    assert len(Queue(wired.database).cases()) == 3
    statement = reconcile(wired)
    assert statement.unaccounted == 0, found(statement)
    assert [(len(c.done), c.waiting) for c in statement.censuses] == [(3, 0)]
    assert verify(wired.database) == ()


def test_a_mailbox_that_does_not_answer_is_said_and_hides_nothing_else(
    boxed: Callable[[], Wiring], box: Box, wire: Wire
) -> None:
    wired = boxed()
    mailbox = Mailbox(box.options(port=1), Place(wired.ledger))
    statement = reconcile(wire({"box": mailbox}))
    assert len(statement.unknown) == 1
    assert statement.unknown[0].startswith("box: ")
