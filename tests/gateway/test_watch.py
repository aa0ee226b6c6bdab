"""Watching: what a monitoring system sees, what a log says, and that what hangs is started again."""

import io
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from bench.ground import scratch
from bench.stubs import delivery, submission
from cases.database import Database
from cases.sources import Sources
from cases.store import Store, admit
from cases.submission import Looked
from gateway.children import Backoff, Kept, Pulse
from gateway.log import blanked, formatter
from gateway.metrics import exposition
from gateway.show_cases import lasting
from gateway.supervise import ServerPulse
from gateway.watch import Slow, Watch, answer
from jobs.beat import VARIABLE, beat, silent_s
from jobs.facts import Facts, SourceFacts, gather

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FACTS = Facts(
    receipts={"email": 3},
    cases={"queued": 2},
    refused={"bounce": 1},
    unread=1,
    oldest_unread_s=90.0,
    workers=2,
    unaccounted=0,
    disk_free_bytes=10,
    disk_bytes=100,
    sources={"mail": SourceFacts(12.0, 0, 3), "fax": SourceFacts(None, 4, 0)},
)


def eventually(what: Callable[[], bool], seconds: float = 120.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(psutil.NoSuchProcess, OSError):
            if what():
                return True
        time.sleep(0.1)
    return False


# Facts and metrics


def test_metrics_are_what_prometheus_reads() -> None:
    families = text_string_to_metric_families(exposition(FACTS).decode())
    read = {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}
    assert read["gateway_receipts", "email"] == 3
    assert read["gateway_oldest_unread_seconds",] == 90
    assert read["gateway_unaccounted",] == 0
    assert read["gateway_source_since_success_seconds", "mail"] == 12
    assert ("gateway_source_since_success_seconds", "fax") not in read
    assert read["gateway_source_failures", "fax"] == 4


def test_facts_of_a_database(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        first = admit(session, delivery("fax:1"), "a" * 64, NOW - timedelta(minutes=5))
        admit(session, delivery("fax:2"), "b" * 64, NOW - timedelta(minutes=3))
    assert first is not None
    Store(database).settle(first, Looked((submission(),)), NOW)
    Sources(database).succeeded("mail", 2, NOW - timedelta(seconds=30))
    facts = gather(database, tmp_path / "not" / "there", 0, NOW)
    assert (facts.receipts, facts.cases, facts.unread) == ({"fax": 2}, {"queued": 1}, 1)
    assert facts.oldest_unread_s == 180
    assert facts.sources == {"mail": SourceFacts(30.0, 0, 2)}
    assert facts.ledger_lines == 2
    assert 0 < facts.disk_free_bytes <= facts.disk_bytes


def away() -> Facts:
    raise OperationalError("SELECT 1", {}, Exception("no server"))


def test_health_tells_a_hung_supervisor_from_a_database_that_is_away() -> None:
    assert answer("/health/live", lambda: True, away).status == 200
    assert answer("/health/live", lambda: False, lambda: FACTS).status == 503
    assert answer("/health/ready", lambda: True, lambda: FACTS).status == 200
    assert answer("/health/ready", lambda: True, away).status == 503
    assert answer("/health/ready", lambda: True, lambda: replace(FACTS, workers=0)).body == b"no worker's heart beats\n"
    assert answer("/metrics", lambda: True, away).status == 503
    assert answer("/metrics", lambda: True, lambda: FACTS).body.startswith(b"# HELP gateway_")
    assert answer("/", lambda: True, lambda: FACTS).status == 404


def test_the_server_listens_on_the_loopback_interface_only() -> None:
    watch = Watch(0, lambda: True, lambda: FACTS)
    watch.start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{watch.port}/metrics?x=1") as got:
            assert b"gateway_workers 2.0" in got.read()
        with pytest.raises(HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{watch.port}/etc/passwd")
        assert watch._server.server_address[0] == "127.0.0.1"
    finally:
        watch.stop()


def test_a_costly_number_is_counted_now_and_then() -> None:
    counted: list[int] = []

    def count() -> int:
        counted.append(1)
        return len(counted)

    often, seldom = Slow(count, every_s=0.0), Slow(count)
    assert [often(), often()] == [1, 2]
    assert [seldom(), seldom()] == [3, 3]


def test_a_time_is_told_in_the_unit_that_fits() -> None:
    assert [lasting(s) for s in (3.2, 61, 3600, 90_000)] == ["3 s", "1 min", "1 h", "1 d"]


# Logs


@pytest.fixture
def said() -> Iterator[Callable[[str], list[dict[str, object]]]]:
    """Give loggers whose lines are read back."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter())
    used: list[logging.Logger] = []

    def lines(name: str) -> list[dict[str, object]]:
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        if logger not in used:
            logger.addHandler(handler)
            used.append(logger)
        found = [json.loads(line) for line in out.getvalue().splitlines()]
        out.truncate(0)
        out.seek(0)
        return found

    yield lines
    for logger in used:
        logger.removeHandler(handler)


Said = Callable[[str], list[dict[str, object]]]


def test_a_line_is_one_object_with_time_level_and_place(said: Said) -> None:
    said("jobs.test")
    logging.getLogger("jobs.test").warning("swept: %d go on", 3)
    (line,) = said("jobs.test")
    assert (line["level"], line["from"], line["event"]) == ("warning", "jobs.test", "swept: 3 go on")
    assert datetime.fromisoformat(str(line["at"])).tzinfo is not None


def test_an_error_is_told_by_type_and_place_never_by_what_it_quotes(said: Said) -> None:
    def fail() -> None:
        try:
            _ = {}["Mario Rossi"]
        except KeyError as error:
            raise ValueError("RSSMRA80A01H501U") from error

    said("jobs.test")
    try:
        fail()
    except ValueError:
        logging.getLogger("jobs.test").exception("job 3 failed")
    (line,) = said("jobs.test")
    assert "Rossi" not in str(line)
    assert "RSSMRA" not in str(line)
    assert str(line["error"]).startswith("ValueError at test_watch.py:")
    assert " < KeyError at test_watch.py:" in str(line["error"])


def test_of_another_package_only_the_template_is_kept(said: Said) -> None:
    said("imapclient.test")
    logging.getLogger("imapclient.test").warning("header %s", "Subject: Mario Rossi")
    logging.getLogger("imapclient.test").warning(f"header {'Mario Rossi'}")  # noqa: G004  as some packages do
    assert [line["event"] for line in said("imapclient.test")] == ["header %s", "a message of imapclient.test"]


@pytest.mark.parametrize(
    "personal",
    [
        "mario.rossi@example.com",
        "RSSMRA80A01H501U",
        "IT001E12345678",
        "+39 333 1234567",
        "06/12345678",
        "00884325153183",
    ],
)
def test_what_still_looks_personal_is_blanked(personal: str) -> None:
    assert blanked(f"of {personal} today") == "of […] today"


@pytest.mark.parametrize("harmless", ["receipt 1234567", "in 12.5 s", "2026-11-25 10:00", "host1-w0", "/a/b:123"])
def test_what_an_operator_needs_is_not_blanked(harmless: str) -> None:
    assert blanked(harmless) == harmless


_PERSONAL_FIELDS = (
    "surname",
    "given_name",
    "tax_code",
    "email",
    "pec",
    "phone",
    "mobile",
    "pod",
    "pdr",
    "street",
    "iban",
)


def personal_words(truth: Path) -> set[str]:
    told = json.loads(truth.read_text())
    fields = [item for one in told["submissions"] for item in one["fields"].items()]
    named = [f["value"] for name, f in fields if any(word in name for word in _PERSONAL_FIELDS)]
    return {value.lower() for value in named if isinstance(value, str) and len(value) > 3 and value != "SNC"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_logs_of_real_work_name_nobody() -> None:
    with scratch() as root:
        tray, name = root / "home/inbox/mail", "06-cmor-complete-delegate.eml"
        tray.mkdir(parents=True)
        shutil.copy(ROOT / "samples/post/mail" / name, tray / name)
        os.utime(tray / name, (0, 0))
        words = personal_words(ROOT / "samples/post/mail" / f"{name}.truth.json")
        (root / "home/inbox/mail/broken.eml").write_bytes(b"From: x\r\nContent-Type: multipart/mixed\r\n\r\n\x00\xff")
        log = root / "log"
        environment = {**os.environ, "GATEWAY_LOG_FILE": str(log), "PYTHONPATH": str(ROOT)}
        shown = b""
        for command in (["collect"], ["work", "--until-idle"]):
            call = [sys.executable, "-m", "gateway", *command, "--home", str(root / "home")]
            done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=800)
            assert done.returncode == 0, done.stderr
            shown += done.stdout + done.stderr
        text = log.read_text(encoding="utf-8")
    assert len(words) > 12
    assert text.count("\n") > 3
    assert all(json.loads(line)["event"] for line in text.splitlines())
    assert not [word for word in words if word in text.lower() or word in shown.decode().lower()]


# The watchdog


def test_silence_counts_from_the_last_beat_or_the_start(tmp_path: Path) -> None:
    now = time.monotonic()
    assert silent_s(tmp_path / "none", now - 50) >= 50
    (tmp_path / "old").write_text(f"{now - 30}")
    assert 30 <= silent_s(tmp_path / "old", now - 50) < 50
    assert silent_s(tmp_path / "old", now) < 30
    (tmp_path / "half").write_text("12.")
    (tmp_path / "junk").write_text("soon")
    assert silent_s(tmp_path / "junk", now - 50) >= 50
    beat(tmp_path / "new")
    assert silent_s(tmp_path / "new", now - 50) < 30
    beat(tmp_path / "no" / "folder")


_BEATING = f"""
import os, time
while True:
    open(os.environ["{VARIABLE}"], "w").write(str(time.monotonic()))
    time.sleep(0.1)
"""


def test_a_stopped_child_is_killed_and_starts_again(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path / "beat", hung_s=3.0)  # the first beat may take longer
    argv = [sys.executable, "-I", "-S", "-c", _BEATING]
    child = Kept("w0", argv, {VARIABLE: str(pulse.file)}, Backoff(first_s=0.1), pulse)
    alarms: list[str] = []

    def turned() -> int | None:
        child.tend(alarms.append)
        return child.pid

    try:
        assert eventually(lambda: turned() is not None and pulse.file.exists())
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        assert eventually(lambda: turned() not in {first, None})
        assert not psutil.pid_exists(first)
        assert any("w0 hangs" in alarm for alarm in alarms)
    finally:
        child.order_stop()
        child.see_off(time.monotonic() + 10)


def test_a_server_that_answers_is_left_alone_and_a_silent_one_is_not() -> None:
    lively, silent = ServerPulse(1.0), ServerPulse(0.3)
    assert not lively.stopped(lambda: True)
    assert eventually(lambda: silent.stopped(lambda: False))
    assert not silent.stopped(lambda: False)


_RUN = """
import sys
from dataclasses import replace
from pathlib import Path
from gateway.settings import load_settings
from gateway.supervise import supervise
from gateway.wiring import plan
supervise(replace(plan(load_settings(Path(sys.argv[1]))), hung_s=25.0))
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_stopped_worker_and_a_stopped_server_are_started_again_and_work_goes_on() -> None:
    with scratch() as root:
        home, port = root / "home", _free_port()
        (home / "inbox/mail").mkdir(parents=True)
        environment = {**os.environ, "GATEWAY_WATCH_PORT": str(port), "GATEWAY_PICKUP_EVERY_S": "1"}
        with (root / "out").open("wb") as out:
            tree = subprocess.Popen(
                [sys.executable, "-c", _RUN, str(home)], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        try:
            assert eventually(lambda: _ready(port), 200), (root / "out").read_text()
            for kind in ("work", "postgres"):
                victim = _child(tree.pid, kind)
                os.kill(victim, signal.SIGSTOP)
                assert eventually(lambda k=kind, v=victim: _child(tree.pid, k) not in {0, v}, 200), kind  # type: ignore[misc]
                assert eventually(lambda: _ready(port), 200), (root / "out").read_text()
            mail = home / "inbox/mail/1.eml"
            mail.write_bytes(b"From: a@example.com\r\nAuto-Submitted: auto-replied\r\nSubject: x\r\n\r\nSono via.\r\n")
            os.utime(mail, (0, 0))
            assert eventually(lambda: 'gateway_refused{reason="auto_reply"} 1.0' in _metrics(port), 200)
        finally:
            tree.terminate()
            tree.wait(120)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _ready(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as got:
        return got.status == 200


def _metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as got:
        return got.read().decode()


def _child(parent: int, kind: str) -> int:
    """Give the process of a kind right below the supervisor: the worker, or the database server."""
    for process in psutil.Process(parent).children():
        words = process.cmdline()
        if (kind == "work" and "work" in words) or (kind == "postgres" and process.name() == "postgres"):
            return process.pid
    return 0


@pytest.mark.parametrize(
    ("age", "beat_ago", "hangs"), [(50, None, False), (350, None, True), (50, 40, True), (50, 5, False)]
)
def test_the_first_beat_may_take_longer(tmp_path: Path, age: float, beat_ago: float | None, hangs: bool) -> None:  # noqa: FBT001
    pulse = Pulse(tmp_path / "beat", hung_s=30.0)
    if beat_ago is not None:
        pulse.file.write_text(str(time.monotonic() - beat_ago))
    child = Kept("w0", ["true"], {}, Backoff(), pulse)
    child._began = time.monotonic() - age
    assert child._hangs() is hangs
