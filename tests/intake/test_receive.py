import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from intake import instants
from intake.fax import FaxTray
from intake.instants import instant
from intake.mailbox import Mailbox
from intake.maildrop import MailDrop
from intake.originals import Originals
from intake.receipt import Channel, Delivery, Origin
from intake.receive import TakeReport, take
from intake.scans import ScanFolder
from intake.source import Problem, Source, SourceDown
from intake.tray import TrayOptions
from tests.intake.dovecot import Box

PDF = b"%PDF-1.7\nstartxref\n9\n%%EOF\n"
MAILS = [b"From: a@example.com\r\nSubject: %d\r\n\r\nciao\r\n" % number for number in range(3)]


class Books:
    """Receipts and cursors in a real database file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as connection, connection:
            connection.execute(
                "create table if not exists receipt (id integer primary key, origin unique, digest unique)"
            )
            connection.execute("create table if not exists cursor (name primary key, value)")

    def _open(self) -> "closing[sqlite3.Connection]":
        connection = sqlite3.connect(self.path)
        connection.execute("pragma synchronous = normal")
        return closing(connection)

    def register(self, kept: Sequence[tuple[Delivery, str]]) -> list[int | None]:
        row = "insert into receipt (origin, digest) values (?, ?) on conflict do nothing returning id"
        with self._open() as connection, connection:
            if any(delivery.raw == b"bad" for delivery, _ in kept):
                raise ValueError("one bad delivery")
            made = [connection.execute(row, (delivery.origin, digest)).fetchone() for delivery, digest in kept]
            instant("before commit")
        return [int(found[0]) if found else None for found in made]

    def get(self, name: str) -> str | None:
        with self._open() as connection:
            found = connection.execute("select value from cursor where name = ?", (name,)).fetchone()
        return str(found[0]) if found else None

    def put(self, name: str, value: str) -> None:
        with self._open() as connection, connection:
            connection.execute("insert or replace into cursor values (?, ?)", (name, value))
            instant("before cursor commit")

    def digests(self) -> list[str]:
        with self._open() as connection:
            return sorted(row[0] for row in connection.execute("select digest from receipt"))


class FakeSource:
    name = "fake"

    def __init__(self, *contents: bytes, down_after: int = -1) -> None:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        self.deliveries = [
            Delivery(Origin(f"fake/{number}"), Channel.POST, f"{number}", raw, at)
            for number, raw in enumerate(contents)
        ]
        self.down_after = down_after
        self.settled: list[str] = []

    def waiting(self) -> Iterator[Delivery]:
        for number, delivery in enumerate(self.deliveries):
            if number == self.down_after:
                raise SourceDown("the line is dead", transient=False)
            yield delivery

    def settle(self, delivery: Delivery) -> None:
        if delivery.raw == b"stuck":
            raise RuntimeError("cannot settle")
        self.settled.append(delivery.name)

    def problems(self) -> tuple[Problem, ...]:
        return (Problem("x", "left behind"),)


def test_a_source_settles_only_what_is_kept_and_committed(tmp_path: Path) -> None:
    books, source = Books(tmp_path / "books"), FakeSource(b"a", b"b", b"a", b"stuck", b"c")
    report = take(source, Originals(tmp_path / "originals"), books.register)
    assert report.taken == (1, 2, 3, 4)
    assert report.known == 1
    assert [(failure.name, failure.reason) for failure in report.failures] == [("3", "RuntimeError: cannot settle")]
    assert report.problems == (Problem("x", "left behind"),)
    assert source.settled == ["0", "1", "2", "4"]
    assert list(Originals(tmp_path / "originals").digests()) == books.digests()


def test_one_bad_delivery_costs_its_neighbours_nothing(tmp_path: Path) -> None:
    books, source = Books(tmp_path / "books"), FakeSource(*(b"%d" % n for n in range(40)), b"bad", b"last")
    report = take(source, Originals(tmp_path / "originals"), books.register)
    assert len(report.taken) == 41
    assert [(failure.name, failure.reason) for failure in report.failures] == [("40", "ValueError: one bad delivery")]
    assert source.settled == [*map(str, range(40)), "41"]


def test_a_source_that_dies_reports_itself_and_keeps_what_was_taken(tmp_path: Path) -> None:
    report = take(FakeSource(b"a", b"b", down_after=1), Originals(tmp_path / "o"), Books(tmp_path / "books").register)
    assert report.taken == (1,)
    assert [(failure.reason, failure.transient) for failure in report.failures] == [("the line is dead", False)]


def test_a_broken_source_is_a_failure_and_no_crash(tmp_path: Path) -> None:
    source = FakeSource(b"a")
    source.deliveries = None  # type: ignore[assignment]
    report = take(source, Originals(tmp_path / "o"), Books(tmp_path / "books").register)
    assert not report.ok
    assert report.failures[0].reason.startswith("TypeError")


def scans(folder: Path, _books: Books) -> Source:
    for number in range(2):
        _put(folder, f"{number}.pdf", PDF + b"%d" % number)
    return ScanFolder(TrayOptions(folder))


def faxes(folder: Path, _books: Books) -> Source:
    buffer = io.BytesIO()
    Image.new("1", (100, 50)).save(buffer, "TIFF", compression="group4")
    for number in range(2):
        _put(folder, f"{number}.tif", buffer.getvalue() + b"%d" % number)
        _put(folder, f"{number}.json", b'{"sender": "%d"}' % number)
    return FaxTray(TrayOptions(folder))


def drop(folder: Path, _books: Books) -> Source:
    for number, raw in enumerate(MAILS[:2]):
        _put(folder, f"{number}.eml", raw)
    return MailDrop(TrayOptions(folder))


def _put(folder: Path, name: str, raw: bytes) -> None:
    (folder / name).write_bytes(raw)
    os.utime(folder / name, (time.time() - 60,) * 2)


def killed_at(count: int, work: Callable[[], TakeReport], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Do the work in a process of its own that dies at the n-th instant; tell whether it died."""
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(instants, "_ORDER", f"*:{count}")
        instants._passed.clear()
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
    return status != 0


@pytest.mark.parametrize(
    "build", [faxes, pytest.param(scans, marks=pytest.mark.slow), pytest.param(drop, marks=pytest.mark.slow)]
)
def test_killed_at_any_instant_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: Callable[[Path, Books], Source]
) -> None:
    count, died = 0, True
    while died:
        count += 1
        place = tmp_path / str(count)
        (place / "tray").mkdir(parents=True)
        books, originals = Books(place / "books"), Originals(place / "originals")
        source = build(place / "tray", books)
        before = {path.name: path.read_bytes() for path in (place / "tray").iterdir()}
        died = killed_at(count, lambda: take(source, originals, books.register), monkeypatch)  # noqa: B023
        report = take(source, originals, books.register)
        assert report.ok, f"after the kill at instant {count}"
        assert len(books.digests()) == 2
        assert list(originals.digests()) == books.digests()
        assert not originals.verify_all()
        assert {path.name: path.read_bytes() for path in (place / "tray" / "done").iterdir()} == before
        assert [path.name for path in (place / "tray").iterdir()] == ["done"]
    assert count >= 15


@pytest.mark.slow
@pytest.mark.parametrize("move_to", ["", "Presi"])
def test_a_mailbox_killed_at_any_instant_loses_and_doubles_nothing(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move_to: str
) -> None:
    count, died = 0, True
    while died:
        count += 1
        place = tmp_path / str(count)
        place.mkdir()
        books, originals = Books(place / "books"), Originals(place / "originals")
        own = Box(box.server, f"{box.user}-{count}")
        own.put(*MAILS)
        if move_to:
            own.make_folder(move_to)
        work = lambda: take(Mailbox(own.options(move_to=move_to), books), originals, books.register)  # noqa: B023, E731
        died = killed_at(count, work, monkeypatch)
        assert work().ok
        assert len(books.digests()) == 3
        assert list(originals.digests()) == books.digests()
        assert own.folder(move_to or "INBOX") == MAILS
    assert count > 18


def test_the_environment_names_the_instant_of_death() -> None:
    code = (
        "from intake.instants import instant\nfor n in range(3):\n    instant('a'); instant('b'); print(n, flush=True)"
    )
    environment = {**os.environ, "GATEWAY_KILL_AT": "b:2"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == "0\n"
