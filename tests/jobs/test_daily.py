"""The daily register writes itself: each day of Rome once, after any crash, by one of many; what is touched is seen."""

import csv
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pikepdf
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError, ProgrammingError
from typer.testing import CliRunner

import jobs.upkeep
from bench.ground import scratch
from bench.stubs import delivery
from bench.yard import HASTE
from cases.annul import annul
from cases.database import Database
from cases.ledger import verify
from cases.queue import Queue
from cases.register import DayClosed, Direction, Entry, RegisterNumber, enter_out
from cases.register_check import check_register
from cases.register_day import Body, as_csv, day_of
from cases.register_tables import DayRow
from cases.register_written import DayMoved, close_day, day_due, newest, row_of, written
from gateway.backup import back_up, put_back
from gateway.cli import command_line
from gateway.exits import Exit
from gateway.metrics import exposition
from gateway.settings import load_settings
from intake.originals import Originals
from jobs.app import Daily, Keeping, Wiring, configure
from jobs.child import Limits
from jobs.daily import files_of, write_days
from jobs.daily_check import CheckedDays, check_days, says
from jobs.facts import gather
from jobs.register import register
from jobs.retries import Again
from jobs.setting import LIMITS, set_day
from jobs.steps import carry, give_to_clerk
from jobs.upkeep import Upkeep
from letters.daily import as_pdf
from tests.jobs.conftest import look

ROOT = Path(__file__).parents[2]
BODY = Body("Sportello di prova", "Registro di prova")
MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def wiring(database_url: str, tmp_path: Path) -> Iterator[Wiring]:
    wired = writer(database_url, tmp_path)
    yield wired
    wired.database.close()


def writer(url: str, folder: Path, now: datetime = LATER) -> Wiring:
    keeping = Keeping(folder, folder / "tips", daily=Daily(folder / "register", BODY))
    wired = configure(url, look, Originals(folder / "originals"), {}, HASTE, keeping=keeping)
    return replace(wired, now=lambda: now)


def at(wiring: Wiring, now: datetime) -> Wiring:
    return replace(wiring, now=lambda: now)


def entered(database: Database, when: datetime = MORNING, **changes: str) -> RegisterNumber:
    told = {"subject": "Avviso di ricevimento", "recipient": "anna@example.org", **changes}
    with database.transaction() as session:
        return enter_out(session, Entry(Direction.OUT, "email", "e" * 64, when, **told), when)


def folder_of(wiring: Wiring) -> Path:
    assert wiring.keeping is not None
    assert wiring.keeping.daily is not None
    return wiring.keeping.daily.folder


def names(wiring: Wiring) -> list[str]:
    return sorted(p.relative_to(folder_of(wiring)).as_posix() for p in folder_of(wiring).rglob("*") if p.is_file())


def rows(wiring: Wiring) -> list[DayRow]:
    with wiring.database.transaction() as session:
        return newest(session)


def checked(wiring: Wiring) -> CheckedDays:
    return check_days(wiring.database, BODY, folder_of(wiring))


def due(wiring: Wiring, now: datetime) -> date | None:
    with wiring.database.transaction() as session:
        return day_due(session, now)


def behind_the_back(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))


# Which days


def test_every_finished_day_is_written_also_the_empty_ones_and_after_a_stand_still(wiring: Wiring) -> None:
    entered(wiring.database)
    entered(wiring.database, MORNING + timedelta(days=2))
    assert write_days(wiring) == 3
    assert names(wiring) == [f"2026/2026-11-{day}.{kind}" for day in (23, 24, 25) for kind in ("csv", "pdf")]
    assert [(row.day.day, row.lines) for row in rows(wiring)] == [(23, 1), (24, 0), (25, 1)]
    assert write_days(wiring) == 0
    assert checked(wiring) == CheckedDays(3, ())
    assert check_register(wiring.database).wrong == ()
    assert verify(wiring.database) == ()


def test_the_files_are_those_that_the_command_writes(wiring: Wiring) -> None:
    entered(wiring.database)
    write_days(wiring)
    (pdf, digest), (sheet, _) = files_of(folder_of(wiring), rows(wiring)[0])
    with wiring.database.transaction() as session:
        assert sheet.read_bytes() == as_csv(day_of(session, BODY, MONDAY))
    assert sha256(pdf.read_bytes()).hexdigest() == digest
    with pikepdf.open(pdf) as opened, opened.open_metadata() as told:
        assert told["pdfaid:part"] == "2"
    assert not pdf.stat().st_mode & 0o222


def test_nothing_is_written_before_the_first_line_and_before_the_day_is_over(wiring: Wiring) -> None:
    assert write_days(wiring) == 0
    entered(wiring.database)
    assert due(wiring, datetime(2026, 11, 23, 22, 59, tzinfo=UTC)) is None  # 23:59 in Rome
    assert due(wiring, datetime(2026, 11, 23, 23, 9, tzinfo=UTC)) is None  # 0:09: some may still commit
    assert due(wiring, datetime(2026, 11, 23, 23, 10, tzinfo=UTC)) == MONDAY


@pytest.mark.parametrize(
    ("day", "first", "last", "hours"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 23),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 22, 59, tzinfo=UTC), 25),
    ],
)
def test_a_day_on_which_the_clock_changes_is_whole(
    wiring: Wiring, day: date, first: datetime, last: datetime, hours: int
) -> None:
    for when in (first - timedelta(minutes=1), first, last, last + timedelta(minutes=1)):
        entered(wiring.database, when)
    assert (last + timedelta(minutes=1) - first) == timedelta(hours=hours)
    assert due(wiring, last) == day - timedelta(days=1)
    write_days(at(wiring, last + timedelta(minutes=11)))
    assert [(row.day, row.lines) for row in rows(wiring)] == [(day - timedelta(days=1), 1), (day, 2)]
    assert checked(wiring).wrong == ()


def test_the_end_of_the_year_goes_into_two_folders(wiring: Wiring) -> None:
    entered(wiring.database, datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC))
    entered(wiring.database, datetime(2026, 12, 31, 23, 0, 1, tzinfo=UTC))
    write_days(at(wiring, datetime(2027, 1, 2, 8, tzinfo=UTC)))
    assert names(wiring)[::2] == ["2026/2026-12-31.csv", "2027/2027-01-01.csv"]


def test_how_far_it_is_written_is_told(wiring: Wiring) -> None:
    with wiring.database.transaction() as session:
        assert (written(session, LATER).last, written(session, LATER).behind) == (None, 0)
    entered(wiring.database)
    with wiring.database.transaction() as session:
        assert (written(session, LATER).last, written(session, LATER).behind) == (None, 3)
    write_days(wiring, most=2)
    with wiring.database.transaction() as session:
        assert (written(session, LATER).last, written(session, LATER).behind) == (date(2026, 11, 24), 1)
        assert written(session, MORNING).behind == 0
    facts = gather(wiring.database, folder_of(wiring), 0, LATER)
    assert (facts.register_day, facts.register_behind) == (date(2026, 11, 24), 1)
    assert b"gateway_register_behind 1.0" in exposition(facts)
    assert gather(wiring.database, folder_of(wiring), 0, LATER, daily=False).register_behind == 0


# A closed day


def test_nobody_registers_or_annuls_on_a_day_that_is_written(wiring: Wiring) -> None:
    number = entered(wiring.database)
    write_days(wiring)
    for when in (MORNING, datetime(2026, 11, 25, 22, 59, 59, tzinfo=UTC)):
        with pytest.raises(DayClosed, match="written and closed"):
            entered(wiring.database, when)
        with pytest.raises(DayClosed, match="Set the clock right"), wiring.database.transaction() as session:
            annul(session, number, "anna", "per errore", when)
        with pytest.raises((InternalError, ProgrammingError), match="closed"), wiring.database.transaction() as session:
            session.execute(text("INSERT INTO register_annulment SELECT 2026, 1, :at, 'x', 'y'"), {"at": when})
    assert entered(wiring.database, datetime(2026, 11, 25, 23, 0, tzinfo=UTC)) == RegisterNumber(2026, 2)
    assert checked(wiring).wrong == ()


def test_with_a_clock_that_went_back_onto_a_closed_day_what_comes_waits_and_is_then_registered(wiring: Wiring) -> None:
    entered(wiring.database)
    write_days(wiring)
    behind = at(wiring, MORNING)
    raw = b"one"
    receipt = register(delivery("fax:1", raw), wiring.originals.keep(raw))
    assert receipt is not None
    for attempts in (0, 1, 50, 1000):
        with pytest.raises(Again):
            carry(behind, receipt, attempts)
    with pytest.raises(DayClosed):
        give_to_clerk(behind, receipt, "Non si legge.")
    (trouble,) = Queue(wiring.database).troubles()
    assert (trouble.kind, trouble.subject) == ("clock", "register")
    assert "says 2026-11-23 09:00" in trouble.message
    assert Queue(wiring.database).cases() == ()
    assert carry(wiring, receipt, 1001) == "2026/0000002"
    assert check_register(wiring.database).wrong == ()


def test_no_worker_falls_over_a_clock_that_went_back(wiring: Wiring) -> None:
    entered(wiring.database)
    write_days(wiring)
    raw = b"one"
    assert register(delivery("fax:1", raw), wiring.originals.keep(raw))
    strict = replace(at(wiring, MORNING), patience=replace(HASTE, sweeps=0, sweep_s=0.0))
    behind_the_back(wiring.database, "TRUNCATE procrastinate_jobs CASCADE")
    Upkeep(strict, days=False).round()
    assert Queue(wiring.database).cases() == ()


def test_a_line_that_comes_while_the_day_is_set_is_not_left_out(wiring: Wiring) -> None:
    entered(wiring.database)
    with wiring.database.transaction() as session:
        old = row_of(day_of(session, BODY, MONDAY), 1, "a" * 64, "b" * 64, LATER)
    entered(wiring.database)
    with pytest.raises(DayMoved), wiring.database.transaction() as session:
        close_day(session, old, BODY)
    assert rows(wiring) == []
    write_days(wiring)
    assert rows(wiring)[0].lines == 2


def test_the_closing_waits_for_whoever_registers_and_then_sees_the_line(wiring: Wiring) -> None:
    entered(wiring.database)
    done: list[int] = []
    with wiring.database.transaction() as session:
        enter_out(session, Entry(Direction.OUT, "email", "f" * 64, MORNING, subject="x"), MORNING)
        thread = threading.Thread(target=lambda: done.append(write_days(wiring)))
        thread.start()
        while thread.is_alive() and not waits_for_a_lock(wiring.database):
            time.sleep(0.05)
        assert not done
    thread.join()
    assert done == [0]  # the day has moved: it is set again
    assert write_days(wiring) == 3
    assert rows(wiring)[0].lines == 2
    assert checked(wiring).wrong == ()


def waits_for_a_lock(database: Database) -> bool:
    with database.transaction() as session:  # a new one each time: what it shows stands still within one
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")))


@pytest.mark.parametrize("act", ["UPDATE {} SET pdf = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_noted_cannot_be_taken_back(wiring: Wiring, act: str) -> None:
    entered(wiring.database)
    write_days(wiring)
    with (
        pytest.raises((InternalError, ProgrammingError), match="append-only"),
        wiring.database.transaction() as session,
    ):
        session.execute(text(act.format("register_day")))


# Aside


def test_a_day_that_takes_long_to_set_holds_nothing_up(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    entered(wiring.database)
    going, may_end, turns = threading.Event(), threading.Event(), []

    def slow(wiring: Wiring) -> int:
        turns.append(1)
        going.set()
        may_end.wait(60)
        return write_days(wiring)

    monkeypatch.setattr(jobs.upkeep, "write_days", slow)
    upkeep = Upkeep(replace(wiring, patience=replace(HASTE, sweep_s=0.0)))
    for _ in range(3):
        upkeep.round()
        assert going.wait(60)
    assert turns == [1], "one is under way"
    may_end.set()
    for thread in threading.enumerate():
        if thread.name == "daily register":
            thread.join(60)
    assert len(rows(wiring)) == 3


# Two at once


def test_of_two_workers_one_writes(wiring: Wiring) -> None:
    for _ in range(3):
        entered(wiring.database)
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(write_days(wiring))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 3
    assert len(names(wiring)) == 6
    assert checked(wiring) == CheckedDays(3, ())


def test_two_that_do_not_know_of_each_other_still_write_one_row(wiring: Wiring) -> None:
    """The turn is lost when the server starts again, and the slow worker goes on."""
    entered(wiring.database)
    with wiring.database.transaction() as session:
        slow = row_of(day_of(session, BODY, MONDAY), 1, "a" * 64, "b" * 64, LATER)
    write_days(wiring)
    with pytest.raises(DayMoved), wiring.database.transaction() as session:
        close_day(session, slow, BODY)
    assert checked(wiring) == CheckedDays(3, ())


# Power cuts

_WRITE = """
import sys
from pathlib import Path
from tests.jobs.test_daily import writer
from jobs.daily import write_days
write_days(writer(sys.argv[1], Path(sys.argv[2])))
"""


@pytest.mark.parametrize("kill_at", ["day laid ready:1", "day noted:1", "day named:1", "day named:2", "day noted:2"])
def test_a_kill_between_file_and_row_leaves_every_day_once(wiring: Wiring, tmp_path: Path, kill_at: str) -> None:
    entered(wiring.database)
    entered(wiring.database, MORNING + timedelta(days=1))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GATEWAY_KILL_AT": kill_at}
    call = [sys.executable, "-c", _WRITE, wiring.database.url, str(tmp_path)]
    died = subprocess.run(call, cwd=ROOT, env=environment, check=False, timeout=200)
    assert died.returncode == -signal.SIGKILL
    noted = {f"{row.day}.{kind}" for row in rows(wiring) for kind in ("pdf", "csv")}
    shown = {path.name for path in folder_of(wiring).rglob("*") if not path.name.startswith(".") and path.is_file()}
    assert shown <= noted  # what stands under its name is vouched for
    assert checked(wiring).wrong == ()
    write_days(wiring)
    assert checked(wiring) == CheckedDays(3, ())
    assert [row.edition for row in rows(wiring)] == [1, 1, 1]
    left = [name for name in names(wiring) if name.endswith((".ready", ".part"))]
    assert left == []


def test_what_nobody_noted_is_thrown_away_after_a_day(wiring: Wiring) -> None:
    entered(wiring.database)
    write_days(wiring)
    stale = folder_of(wiring) / "2026" / f".2026-11-30.pdf.{'a' * 64}.ready"
    part = folder_of(wiring) / "2026" / ".0123456789abcdef.part"
    for file in (stale, part):
        file.write_bytes(b"half")
    write_days(wiring)
    assert stale.exists()
    for file in (stale, part):
        os.utime(file, (0, 0))
    write_days(wiring)
    assert not stale.exists()
    assert not part.exists()


def test_a_strange_file_is_never_written_over_and_the_operator_is_told(wiring: Wiring) -> None:
    entered(wiring.database)
    strange = folder_of(wiring) / "2026/2026-11-23.pdf"
    strange.parent.mkdir(parents=True)
    strange.write_bytes(b"mine")
    write_days(wiring)
    write_days(wiring)
    assert strange.read_bytes() == b"mine"
    assert len(rows(wiring)) == 3  # the other days went on
    assert "2026/2026-11-25.pdf" in names(wiring)
    with wiring.database.transaction() as session:
        told = session.scalars(text("SELECT message FROM problem WHERE kind = 'not_written'")).all()
    assert len(told) == 1
    assert "move it away" in told[0]
    strange.rename(folder_of(wiring) / "mine.pdf")
    write_days(wiring)
    assert checked(wiring) == CheckedDays(3, ())


def test_a_folder_that_cannot_be_written_stops_nothing_else(wiring: Wiring) -> None:
    entered(wiring.database)
    folder_of(wiring).write_bytes(b"a file where the folder should be")
    assert write_days(wiring) == 0
    assert rows(wiring) == []
    folder_of(wiring).unlink()
    assert write_days(wiring) == 3


# Erasure


def test_what_is_erased_leaves_the_files_too(wiring: Wiring) -> None:
    entered(wiring.database, recipient="bruno@example.org")
    entered(wiring.database)
    write_days(wiring)
    with wiring.database.transaction() as session:
        gone = "UPDATE register_line SET sender = '', recipient = '', subject = '', salt = '' WHERE number = 1"
        session.execute(text(gone))
    assert checked(wiring).wrong == ()  # until the next turn of the upkeep
    assert write_days(wiring) == 1
    assert names(wiring)[:2] == ["2026/2026-11-23.2.csv", "2026/2026-11-23.2.pdf"]
    assert not [path for path in folder_of(wiring).rglob("*.csv") if b"bruno" in path.read_bytes()]
    assert [(row.edition, row.erased) for row in rows(wiring)] == [(2, 1), (1, 0), (1, 0)]
    assert checked(wiring) == CheckedDays(3, ())
    assert write_days(wiring) == 0


def test_an_old_edition_that_somebody_put_back_is_seen(wiring: Wiring) -> None:
    entered(wiring.database)
    write_days(wiring)
    with wiring.database.transaction() as session:
        session.execute(text("UPDATE register_line SET sender = '', recipient = '', subject = '', salt = ''"))
    write_days(wiring)
    (folder_of(wiring) / "2026/2026-11-23.csv").write_bytes(b"bruno")
    (told,) = checked(wiring).wrong
    assert told.endswith("names whom the register has forgotten: remove it")


# What is touched is seen


@pytest.mark.parametrize("kind", ["pdf", "csv"])
def test_a_changed_file_is_seen(wiring: Wiring, kind: str) -> None:
    entered(wiring.database)
    write_days(wiring)
    file = folder_of(wiring) / f"2026/2026-11-23.{kind}"
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b" ")
    (told,) = checked(wiring).wrong
    assert told == f"{file} was changed: it has other bytes than were written"
    file.unlink()
    assert checked(wiring).wrong == (f"{file} is missing",)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE register_line SET hash = repeat('0', 64)",
            "the register of 2026-11-23 is not the one that was written",
        ),
        ("DELETE FROM register_line", "the register of 2026-11-23 is not the one that was written"),
        ("DELETE FROM register_day WHERE day = '2026-11-24'", "the day 2026-11-24 is missing"),
        ("DELETE FROM register_day WHERE day = '2026-11-25'", "the writing of 2026-11-25 1 was removed"),
        ("UPDATE register_day SET pdf = repeat('0', 64)", "the writing of 2026-11-23 is not in the ledger"),
        ("DELETE FROM ledger_entry WHERE kind = 'noted'", "the writing of 2026-11-23 is not in the ledger"),
    ],
)
def test_whatever_is_changed_behind_our_back_is_seen(wiring: Wiring, statement: str, words: str) -> None:
    entered(wiring.database)
    write_days(wiring)
    behind_the_back(wiring.database, statement)
    wrong = checked(wiring).wrong
    assert any(words in told for told in wrong), wrong


def test_a_file_and_its_row_changed_together_still_do_not_say_what_the_register_says(wiring: Wiring) -> None:
    entered(wiring.database)
    write_days(wiring)
    file = folder_of(wiring) / "2026/2026-11-23.csv"
    raw = file.read_bytes().replace(b"anna", b"olga")
    file.chmod(0o600)
    file.write_bytes(raw)
    with wiring.database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        told = {"digest": sha256(raw).hexdigest()}
        session.execute(text("UPDATE register_day SET csv = :digest WHERE lines = 1"), told)
    assert any("does not say what the register says" in told for told in checked(wiring).wrong)


def test_a_csv_is_compared_cell_by_cell(wiring: Wiring) -> None:
    entered(wiring.database)
    entered(wiring.database)
    with wiring.database.transaction() as session:
        now = day_of(session, BODY, MONDAY)
    raw = as_csv(now)
    assert says(raw, now)
    lines = raw.decode("utf-8-sig").splitlines(keepends=True)
    assert not says("".join(lines[:-1]).encode(), now)
    assert not says("".join([*lines, lines[-1]]).encode(), now)
    assert not says(raw.replace(b"uscita", b"entrata", 1), now)
    assert len(list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))) == 3


# From the command line, and in a backup


def test_a_nightly_run_writes_the_days_and_the_command_checks_them(
    own_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_DB", own_database_url)
    database = Database(own_database_url)
    entered(database, datetime.now(UTC) - timedelta(days=2))
    database.close()
    with scratch() as home:
        (home / "gateway.toml").write_text('[register]\nfolder = "giornale"\n', encoding="utf-8")
        assert call("work", "--until-idle", "--home", str(home))[0] == Exit.OK
        assert len(list((home / "giornale").rglob("*.pdf"))) == 2
        code, told = call("register", "verify", "--home", str(home))
        assert (code, "2 days written" in told) == (Exit.OK, True)
        assert "daily register written up to" in call("status", "--home", str(home))[1]
        next((home / "giornale").rglob("*.pdf")).unlink()
        code, told = call("register", "verify", "--home", str(home))
        assert (code, "is missing" in told) == (Exit.UNACCOUNTED, True)


def call(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command_line(words), list(words))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_a_backup_holds_the_written_days(own_database_url: str, tmp_path: Path) -> None:
    wired = writer(own_database_url, tmp_path)
    entered(wired.database)
    write_days(wired)
    settings, other = load_settings(tmp_path, {}), load_settings(tmp_path / "new", {})
    back_up(own_database_url, settings, wired.originals, tmp_path / "backup", LATER)
    with psycopg.connect(own_database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    put_back(own_database_url, other, tmp_path / "new/originals", tmp_path / "backup")
    assert check_days(wired.database, BODY, other.register_folder) == CheckedDays(3, ())
    shutil.rmtree(tmp_path / "backup")
    assert len(list((tmp_path / "new/register").rglob("*.pdf"))) == 3
    wired.database.close()


# The child that sets the PDF


def test_the_child_sets_the_same_bytes(wiring: Wiring) -> None:
    entered(wiring.database)
    with wiring.database.transaction() as session:
        day = day_of(session, BODY, MONDAY)
    assert set_day(day) == as_pdf(day)


def die(_: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def dawdle(_: bytes) -> bytes:
    time.sleep(600)
    return b""


@pytest.mark.parametrize(
    ("work", "limits", "why"),
    [("die", LIMITS, "stopped or fell"), ("dawdle", replace(LIMITS, wall_s=1.0), "longer than 1 s")],
)
def test_a_setting_that_is_killed_leaves_nothing_is_told_and_tried_again(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch, work: str, limits: Limits, why: str
) -> None:
    entered(wiring.database)
    with monkeypatch.context() as patch:
        patch.setattr("jobs.daily.set_day", lambda day: set_day(day, limits, f"tests.jobs.test_daily:{work}"))
        assert write_days(wiring) == 0
        assert write_days(wiring) == 0
    assert names(wiring) == []
    assert rows(wiring) == []
    with wiring.database.transaction() as session:
        told = session.scalars(text("SELECT message FROM problem WHERE kind = 'not_written'")).all()
    assert len(told) == 1
    assert why in str(told[0])
    assert write_days(wiring) == 3
    assert checked(wiring) == CheckedDays(3, ())
