"""Backup and restore of a running system, forgetting, and the keys: with the real server and real files."""

import json
import os
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from typer.testing import CliRunner

from bench.ground import scratch
from bench.yard import HASTE, Yard, quick_look
from cases.case import CaseState
from cases.due import Retention, due
from cases.erase import Erasure, erase, receipts_about
from cases.ledger import tip, verify
from cases.queue import Queue
from checks.context import ROME
from gateway.backup import NotRestored, back_up, put_back, read_manifest
from gateway.cli import command_line
from gateway.exits import Exit
from gateway.postgres import EmbeddedPostgres
from gateway.settings import Settings, load_settings
from intake.originals import Originals
from jobs.app import Keeping, Wiring, configure
from jobs.forget import ERASURES, again, forget
from jobs.pickup import pick_up
from jobs.reconcile import reconcile
from jobs.steps import carry
from jobs.tips import noted_tips
from jobs.upkeep import clean_daily

CODE = "RSSMRA80A01H501U"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    (tmp_path / "home").mkdir()
    return load_settings(tmp_path / "home", {})


@pytest.fixture
def wired(database_url: str, home: Settings) -> Iterator[Wiring]:
    yard = Yard(home.home)
    wiring = configure(database_url, quick_look, Originals(home.originals_folder), yard.sources(), HASTE)
    yield wiring
    wiring.database.close()


def mail(number: int) -> bytes:
    return b"From: Maria.Rossi@example.com\r\nSubject: %d\r\n\r\nBuongiorno.\r\n" % number


def deliver(wiring: Wiring, home: Settings, *numbers: int) -> None:
    for number in numbers:
        (Yard(home.home).tray("mail") / f"Maria Rossi {number}.eml").write_bytes(mail(number))
    pick_up(wiring, "mail")
    with wiring.database.transaction() as session:
        waiting = list(session.scalars(text("SELECT id FROM receipt WHERE state = 'received' ORDER BY id")))
    for receipt_id in waiting:
        carry(wiring, receipt_id, 0)


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            name: sorted(
                connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))).fetchall()
            )
            for (name,) in found
        }


def everywhere(wiring: Wiring, home: Settings) -> str:
    """Give all that the database and the data folder still say."""
    files = [p.name.encode() + p.read_bytes() for p in home.home.rglob("*") if p.is_file()]
    return str(rows(wiring.database.url)) + b"\n".join(files).decode(errors="replace")


# Backup and restore


@pytest.fixture
def empty_url(running_server: EmbeddedPostgres) -> Iterator[str]:
    with psycopg.connect(running_server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE put_back")
        yield running_server.url.replace("/gateway?", "/put_back?")
        connection.execute("DROP DATABASE put_back WITH (FORCE)")


def test_a_backup_restored_into_an_empty_place_is_the_same_table_by_table_and_file_by_file(
    wired: Wiring, home: Settings, tmp_path: Path, empty_url: str
) -> None:
    deliver(wired, home, *range(6))
    made = back_up(wired.database.url, home, wired.originals, tmp_path / "backup", NOW)
    assert made == read_manifest(tmp_path / "backup")
    other = load_settings(tmp_path / "other", {})
    other.home.mkdir()
    put_back(empty_url, other, other.originals_folder, tmp_path / "backup")
    assert rows(empty_url) == rows(wired.database.url)
    restored = Originals(other.originals_folder)
    assert [(p.name, p.read_bytes()) for p in restored.files()] == [
        (p.name, p.read_bytes()) for p in wired.originals.files()
    ]
    again_wired = configure(empty_url, quick_look, restored, {}, HASTE)
    assert verify(again_wired.database) == ()
    assert reconcile(again_wired).unaccounted == 0
    again_wired.database.close()


@pytest.mark.slow
def test_a_backup_taken_while_others_write_is_whole(
    wired: Wiring, home: Settings, tmp_path: Path, empty_url: str
) -> None:
    begun, stop = threading.Event(), threading.Event()
    numbers = iter(range(10_000))

    def write() -> None:
        while not stop.is_set():
            deliver(wired, home, next(numbers))
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(120)
        for at in range(3):
            back_up(wired.database.url, home, wired.originals, tmp_path / f"backup{at}", NOW)
    finally:
        stop.set()
        writer.join()
    other = load_settings(tmp_path / "other", {})
    other.home.mkdir()
    put_back(empty_url, other, other.originals_folder, tmp_path / "backup2")
    restored = configure(empty_url, quick_look, Originals(other.originals_folder), {}, HASTE)
    with closing(restored.database):
        assert verify(restored.database) == ()
        assert [d for d in reconcile(restored).discrepancies if "has no receipt" not in d.wrong] == []
        with restored.database.transaction() as session:
            assert tip(session).count > 0


def test_a_backup_is_never_half_there_and_never_overwritten(wired: Wiring, home: Settings, tmp_path: Path) -> None:
    deliver(wired, home, 1)
    shutil.rmtree(wired.originals.root)
    wired.originals.root.write_bytes(b"no folder")
    back_up(wired.database.url, home, wired.originals, tmp_path / "one", NOW)
    with pytest.raises(NotRestored, match="exists already"):
        back_up(wired.database.url, home, wired.originals, tmp_path / "one", NOW)
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o700


@pytest.mark.parametrize("harm", ["change", "remove", "add", "manifest"])
def test_a_backup_that_was_touched_is_refused(wired: Wiring, home: Settings, tmp_path: Path, harm: str) -> None:
    deliver(wired, home, 1)
    folder = tmp_path / "backup"
    back_up(wired.database.url, home, wired.originals, folder, NOW)
    original = next((folder / "originals").glob("??/*"))
    original.chmod(0o600)
    if harm == "change":
        original.write_bytes(b"other")
    elif harm == "remove":
        original.unlink()
    elif harm == "add":
        (folder / "more").write_bytes(b"x")
    else:
        (folder / "manifest.json").write_text("[]")
    with pytest.raises(NotRestored):
        read_manifest(folder)


def test_nothing_is_restored_over_what_is_there(wired: Wiring, home: Settings, tmp_path: Path) -> None:
    deliver(wired, home, 1)
    back_up(wired.database.url, home, wired.originals, tmp_path / "b", NOW)
    with pytest.raises(NotRestored, match="is not empty"):
        put_back(wired.database.url, home, home.originals_folder, tmp_path / "b")
    other = load_settings(tmp_path / "other", {})
    with pytest.raises(NotRestored, match="database is not empty"):
        put_back(wired.database.url, other, other.originals_folder, tmp_path / "b")


def test_the_password_of_the_database_is_on_no_command_line(
    wired: Wiring, home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = __import__("subprocess").run

    def run(command: list[str], **more: object) -> object:
        seen.extend(command)
        return real(command, **more)

    monkeypatch.setattr("gateway.pgdump.subprocess.run", run)
    url = wired.database.url.replace("postgres@", "postgres:very-secret@")
    back_up(url, home, wired.originals, tmp_path / "b", NOW)
    assert seen
    assert not [word for word in seen if "secret" in word]
    assert "secret" not in (tmp_path / "b" / "manifest.json").read_text()


# Forgetting


def fill_case(wiring: Wiring) -> None:
    field = {"value": CODE, "raw": CODE, "state": "filled", "confidence": 1.0, "source": "ocr"}
    with wiring.database.transaction() as session:
        session.execute(
            text("UPDATE case_ SET payload = jsonb_set(payload, '{fields}', CAST(:f AS jsonb)) WHERE number = 1"),
            {"f": json.dumps({"holder_tax_code": field})},
        )


def test_what_is_erased_is_nowhere_any_more_and_the_chains_stay_whole(wired: Wiring, home: Settings) -> None:
    deliver(wired, home, 1, 2)
    fill_case(wired)
    with wired.database.transaction() as session:
        noted = tip(session)
        (receipt_id,) = receipts_about(session, CODE)
    (done,) = forget(wired, home.home, [Erasure(receipt_id, "request of today")])
    assert (done.copies, done.elsewhere) == (2, ())
    said = everywhere(wired, home)
    assert CODE not in said
    with wired.database.transaction() as session:
        assert receipt_id not in session.scalars(text("SELECT receipt_id FROM reading")).all()
    number = 1 if "Maria Rossi 1" not in said else 2
    assert f"Maria Rossi {number}.eml" not in said
    assert f"Maria Rossi {3 - number}.eml" in said
    assert verify(wired.database, [noted]) == ()
    assert reconcile(wired).unaccounted == 0
    case = next(c for c in Queue(wired.database).cases() if c.receipt == receipt_id)
    published = case.published()
    assert [f.rule for f in published.submission.findings] == ["erased"]
    assert (published.sender, published.submission.fields) == ("", {})
    with wired.database.transaction() as session:
        kept = session.execute(text("SELECT number, digest, sender, subject FROM register_line ORDER BY number")).all()
    assert [(n, s) for n, _, s, _ in kept if n == 1] == [(1, "")]


def test_what_was_erased_comes_back_as_known_and_never_as_a_case(wired: Wiring, home: Settings) -> None:
    deliver(wired, home, 1)
    list(forget(wired, home.home, [Erasure(Queue(wired.database).cases()[0].receipt, "request")]))
    before = len(Queue(wired.database).cases())
    deliver(wired, home, 1)
    assert len(Queue(wired.database).cases()) == before


def test_the_same_bytes_in_another_delivery_are_kept(wired: Wiring, home: Settings) -> None:
    tray = Yard(home.home).tray("mail")
    for name in ("a.eml", "b.eml"):
        (tray / name).write_bytes(mail(1))
    deliver(wired, home)
    first, second = sorted({c.receipt for c in Queue(wired.database).cases()})
    list(forget(wired, home.home, [Erasure(first, "request")]))
    assert len(list(wired.originals.digests())) == 1
    list(forget(wired, home.home, [Erasure(second, "request")]))
    assert len(list(wired.originals.digests())) == 0
    assert reconcile(wired).unaccounted == 0


def test_a_restored_backup_forgets_again(wired: Wiring, home: Settings, tmp_path: Path, empty_url: str) -> None:
    deliver(wired, home, 1)
    fill_case(wired)
    back_up(wired.database.url, home, wired.originals, tmp_path / "b", NOW)
    list(forget(wired, home.home, [Erasure(Queue(wired.database).cases()[0].receipt, "request")]))
    other = load_settings(tmp_path / "other", {})
    other.home.mkdir()
    shutil.copy(home.home / ERASURES, other.home / ERASURES)
    put_back(empty_url, other, other.originals_folder, tmp_path / "b")
    restored = configure(empty_url, quick_look, Originals(other.originals_folder), {}, HASTE)
    assert CODE in str(rows(empty_url))
    assert again(restored, other.home) == 1
    assert again(restored, other.home) == 0
    assert CODE not in everywhere(restored, other)
    assert list(restored.originals.digests()) == []
    assert verify(restored.database) == ()
    restored.database.close()


def test_what_is_still_in_work_is_not_erased(wired: Wiring, home: Settings) -> None:
    (Yard(home.home).tray("mail") / "1.eml").write_bytes(mail(1))
    pick_up(wired, "mail")
    with wired.database.transaction() as session:
        waiting = session.execute(text("SELECT id FROM receipt")).scalar_one()
    with pytest.raises(ValueError, match="not settled yet"), wired.database.transaction() as session:
        erase(session, Erasure(waiting, "request"), NOW)


def end_all(wiring: Wiring, state: CaseState) -> None:
    with wiring.database.transaction() as session:
        session.execute(text("UPDATE case_ SET state = :state"), {"state": state.value})


def test_retention_takes_only_what_has_ended_long_enough_ago_and_is_under_no_hold(
    wired: Wiring, home: Settings
) -> None:
    deliver(wired, home, *range(8))
    cases = Queue(wired.database).cases()
    now = wired.now()

    def found(retention: Retention, at: datetime) -> list[tuple[bool, bool]]:
        with wired.database.transaction() as session:
            return [(e.original, e.values) for e in due(session, retention, at)]

    with_case = {c.receipt for c in cases}
    keep = Retention(originals=30, values=60, no_case=10)
    assert found(keep, now) == []
    assert len(found(keep, now + timedelta(days=11))) == 8 - len(with_case)
    assert found(Retention(originals=30), now + timedelta(days=31)) == []  # the cases are still open
    end_all(wired, CaseState.CLOSED)
    assert found(Retention(originals=30), now + timedelta(days=31)) == [(True, False)] * len(with_case)
    assert found(Retention(originals=30, values=60), now + timedelta(days=61)) == [(True, True)] * len(with_case)
    assert found(Retention(originals=30, legal_hold=True), now + timedelta(days=31)) == []
    held = Retention(originals=30, hold=(cases[0].number,))
    assert len(found(held, now + timedelta(days=31))) == len(with_case) - 1
    assert found(Retention(), now + timedelta(days=9999)) == []


def test_the_daily_upkeep_erases_what_is_due_and_notes_the_tip(wired: Wiring, home: Settings) -> None:
    deliver(wired, home, *range(4))
    end_all(wired, CaseState.CLOSED)
    keeping = Keeping(home.home, home.tips_file, Retention(originals=30, no_case=30))
    later = replace(wired, keeping=keeping, now=lambda: datetime.now(UTC) + timedelta(days=31))
    assert clean_daily(later)
    assert not clean_daily(later)
    assert list(wired.originals.digests()) == []
    assert [t.kind for t in Queue(wired.database).troubles()] == ["forgotten"]
    assert len(list(noted_tips(home.tips_file))) == 1
    assert verify(wired.database, noted_tips(home.tips_file)) == ()
    assert reconcile(wired).unaccounted == 0


# The commands, as a person calls them


@pytest.fixture
def place() -> Iterator[Path]:
    with scratch() as root:
        yield root


def call(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command_line(words), list(words))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.mark.slow
def test_keys_backup_restore_forget_and_ledger_from_the_command_line(place: Path) -> None:
    home, key = place / "home", place / "key"
    assert call("keys", "new", str(key))[0] == 0
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert call("init", "--home", str(home))[0] == 0
    (home / "inbox/mail").mkdir(parents=True)
    (home / "inbox/mail/1.eml").write_bytes(mail(1))
    os.utime(home / "inbox/mail/1.eml", (0, 0))
    at = ("--home", str(home))
    assert "1 taken in" in call("collect", *at)[1]
    assert call("webhooks", "add", "https://example.org/told", *at)[0] == 0
    assert "1 webhooks have their secret in plain" in call("keys", "list", *at)[1]
    (home / "gateway.toml").write_text(f'[keeping]\nkey_file = "{key}"\n')
    said = call("keys", "seal", *at)[1]
    assert "1 originals encrypted" in said
    assert "1 webhooks have their secret encrypted" in said
    said = call("keys", "rotate", *at)[1]
    assert "1 originals encrypted" in said
    assert "1 webhooks have their secret encrypted" in said
    assert "in plain" not in call("keys", "list", *at)[1]
    assert call("work", "--until-idle", *at)[0] == 0
    code, said = call("ledger", *at)
    assert (code, "Unaccounted for: 0" in said) == (0, True), said
    assert "The chain is whole" in call("ledger", "verify", *at)[1]
    assert call("ledger", "verify", "--tip", "99:" + "a" * 64, *at)[0] == Exit.UNACCOUNTED
    assert call("backup", str(place / "backup"), *at)[0] == 0
    restored = ("--home", str(place / "other"))
    code, said = call("restore", str(place / "backup"), *restored)
    assert (code, f"goes on at {datetime.now(ROME).year}/0000002" in " ".join(said.split())) == (0, True), said
    lost = call("register", "lost", f"{datetime.now(ROME).year}/5", "--reason", "ripristino", *restored)
    assert "4 numbers entered as lost" in lost[1]
    code, said = call("register", "verify", *restored)
    assert (code, "5 lines" in said) == (0, True), said
    code, said = call("ledger", "--json", "--home", str(place / "other"))
    assert (code, json.loads(said)["unaccounted"]) == (0, 0)
    year = datetime.now(UTC).year
    assert call("forget", f"{year}/1", *at)[0] == Exit.USAGE
    assert "would erase" in call("forget", f"{year}/1", "--reason", "request", "--dry-run", *at)[1]
    assert "1 deliveries erased" in call("forget", f"{year}/1", "--reason", "request", *at)[1]
    assert call("ledger", *at)[0] == 0
    assert "Nothing is due" in call("forget", "--due", *at)[1]
    next((place / "other" / "originals").rglob("*.sealed")).unlink()
    assert call("ledger", "--home", str(place / "other"))[0] == Exit.UNACCOUNTED
