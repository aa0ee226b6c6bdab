import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from bench.ground import scratch
from gateway.account import Account, choose_account, closed_to, may_stand_apart
from gateway.leash import leashed
from gateway.pgbin import NoPostgres, find_bin, major_of
from gateway.pgidentity import answers, assert_ours
from gateway.pglock import Lock
from gateway.postgres import EmbeddedPostgres, runtime_folder

OWNER = """
import codecs, os, sys, time
from pathlib import Path
from gateway.pgidentity import answers
from gateway.postgres import EmbeddedPostgres
answers("postgresql:///none?host=/none", Path("/none"))  # load now what may not be readable later
[codecs.lookup(name) for name in ("ascii", "idna", "utf-8")]
sys.executable = sys.argv[3]
if int(sys.argv[4]) != os.geteuid():
    os.setgroups([])
    os.setgid(int(sys.argv[5]))
    os.setuid(int(sys.argv[4]))
print(EmbeddedPostgres(Path(sys.argv[1]), Path(sys.argv[2])).start(), flush=True)
time.sleep(600)
"""

PARENT = """
import signal, subprocess, time
from gateway.leash import leashed
print(subprocess.Popen(leashed(['/bin/sleep', '600'], signal.SIGKILL)).pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as made:
        yield made


@pytest.fixture
def made(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = at(folder)
    yield server
    server.stop()


def at(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "postgres", folder / "run")


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def ask(url: str, question: str = "SELECT 1") -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def other_owner(folder: Path, account: Account | None = None) -> "subprocess.Popen[str]":
    places = [str(folder / "postgres"), str(folder / "run"), interpreter(account)]
    who = [account.uid, account.gid] if account else [os.geteuid(), os.getegid()]
    command = [sys.executable, "-c", OWNER, *places, *map(str, who)]
    return subprocess.Popen(leashed(command, signal.SIGKILL), stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


def interpreter(account: Account | None) -> str:
    """Give a Python that the account may run, for the leash; ours may lie in root's home."""
    closed = account and closed_to(account, Path(sys.executable).resolve())
    return "/usr/bin/python3" if closed else sys.executable


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def test_start_stop_and_start_again_keep_the_data(made: EmbeddedPostgres) -> None:
    with psycopg.connect(made.start()) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    made.stop()
    assert not answers(made._address("gateway"), made.data_dir)
    assert ask(made.start(), "SELECT count(*) FROM kept") == 0


def test_nothing_listens_on_tcp_and_folders_are_private(made: EmbeddedPostgres) -> None:
    made.start()
    assert ask(made.url, "SHOW listen_addresses") == ""
    assert psutil.Process(made.pid).net_connections(kind="inet") == []
    assert made.data_dir.stat().st_mode & 0o777 == 0o700
    assert made.runtime_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_a_path_with_blanks_and_umlauts_will_do() -> None:
    with scratch() as folder, EmbeddedPostgres(folder / "cartella più lunga" / "dati", folder / "è qui") as server:
        assert ask(server.url) == 1


def test_another_process_attaches_and_takes_over_when_the_owner_ends(made: EmbeddedPostgres, folder: Path) -> None:
    made.start()
    second = at(folder)
    assert second.start() == made.url
    assert (made.owner, second.owner) == (True, False)
    made.stop()
    until(lambda: not second.alive())
    assert ask(second.start()) == 1
    assert second.owner
    second.stop()


@pytest.mark.slow
def test_the_owner_waits_for_those_attached(made: EmbeddedPostgres, folder: Path) -> None:
    made.start()
    second = at(folder)
    second.start()
    began = time.monotonic()
    made.stop(wait_for_users_s=0.5)
    assert time.monotonic() - began >= 0.5
    second.stop()


@pytest.mark.slow
def test_a_killed_server_starts_again(made: EmbeddedPostgres) -> None:
    made.start()
    assert made.pid
    os.kill(made.pid, signal.SIGKILL)
    until(lambda: not made.alive())
    assert ask(made.start()) == 1


@pytest.mark.slow
def test_the_server_of_a_killed_owner_is_put_down_and_its_data_kept(folder: Path) -> None:
    owner = other_owner(folder)
    try:
        assert owner.stdout
        url = owner.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
    finally:
        end(owner)
    with at(folder) as server:
        assert ask(server.url, "SELECT count(*) FROM kept") == 0
        assert server.owner


@pytest.mark.slow
def test_a_kill_during_initdb_leaves_no_half_cluster(folder: Path) -> None:
    owner = other_owner(folder)
    try:
        until(lambda: list(folder.glob(".postgres.initdb-*/base")))
    finally:
        end(owner)
    assert not (folder / "postgres").exists()
    with at(folder) as server:
        assert ask(server.url) == 1
    assert list(folder.glob(".postgres.initdb-*")) == []


@pytest.mark.slow
def test_a_stale_pid_of_another_program_does_not_stop_the_start(made: EmbeddedPostgres) -> None:
    made.start()
    assert made.pid
    os.kill(made.pid, signal.SIGKILL)
    until(lambda: not made.alive())
    account = choose_account(made.data_dir)
    stranger = subprocess.Popen(leashed(["/bin/sleep", "600"], signal.SIGKILL, account.uid, account.gid))
    try:
        until(lambda: psutil.Process(stranger.pid).name() == "sleep")
        pid_file = made.data_dir / "postmaster.pid"
        rest = pid_file.read_text().split("\n", 1)[1]
        pid_file.write_text(f"{stranger.pid}\n{rest}")
        assert ask(made.start()) == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.slow
def test_a_server_that_somebody_else_started_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with at(folder):
        pass
    account, programs = choose_account(folder / "postgres"), find_bin()
    place = ["-k", str(folder / "run"), "-p", "5433", "-c", "listen_addresses="]
    argv = [str(programs / "postgres"), "-D", str(folder / "postgres"), *place]
    command = leashed(argv, signal.SIGINT, account.uid, account.gid)
    stranger = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={"LC_ALL": "C.UTF-8"})
    try:
        until((folder / "run" / ".s.PGSQL.5433").exists)
        monkeypatch.setattr("gateway.postgres._ORPHAN_S", 0.5)
        with pytest.raises(NoPostgres, match=f"process {stranger.pid}"):
            at(folder).start(wait_s=5)
        assert stranger.poll() is None
    finally:
        stranger.send_signal(signal.SIGINT)
        stranger.wait(30)


@pytest.mark.slow
def test_it_runs_without_any_privilege(folder: Path) -> None:
    account = choose_account(folder / "postgres")
    os.chown(folder, account.uid, account.gid)
    owner = other_owner(folder, account)
    try:
        assert owner.stdout
        assert ask(owner.stdout.readline().strip()) == 1
        served = Lock(folder / "postgres.lock").read()
        assert served
        assert psutil.Process(served.pid).uids().real == account.uid
    finally:
        end(owner)


@pytest.mark.slow
def test_data_of_another_version_is_refused(made: EmbeddedPostgres) -> None:
    made.start()
    made.stop()
    (made.data_dir / "PG_VERSION").write_text("17\n")
    with pytest.raises(NoPostgres, match="PostgreSQL 17"):
        made.start()


def test_a_folder_with_other_things_is_refused(made: EmbeddedPostgres) -> None:
    made.data_dir.mkdir()
    (made.data_dir / "lettera.txt").write_text("x")
    with pytest.raises(NoPostgres, match="not empty"):
        made.start()


@pytest.mark.slow
def test_a_server_with_its_safety_off_is_refused(made: EmbeddedPostgres) -> None:
    with psycopg.connect(made.start(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
    made.stop()
    with pytest.raises(NoPostgres, match="full_page_writes"):
        made.start()


def test_the_server_of_another_folder_is_not_ours(made: EmbeddedPostgres, folder: Path) -> None:
    made.start()
    assert not answers(made.url, folder / "other")
    with pytest.raises(NoPostgres, match="stop it, then"):
        assert_ours(made.url, folder / "other", major_of(find_bin()))


def test_a_socket_path_that_is_too_long_is_refused(folder: Path) -> None:
    with pytest.raises(NoPostgres, match="too long"):
        EmbeddedPostgres(folder / "postgres", folder / ("x" * 100)).start()


def test_a_folder_that_the_account_cannot_reach_is_named(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    assert closed_to(Account("somebody", 64321, 64321), closed / "postgres") == closed
    assert closed_to(choose_account(folder / "postgres"), folder / "postgres") is None


def test_below_a_private_home_of_root_the_server_runs_all_the_same(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    server = EmbeddedPostgres(private / "postgres", folder / "run")
    if os.geteuid() == 0 and not may_stand_apart():
        with pytest.raises(NoPostgres, match=f"chmod o.x {private}"):
            server.start()
        return
    for _ in range(2):  # made, and started again on what is there
        with server:
            assert ask(server.url, "SELECT 1") == 1


def test_the_runtime_folder_is_short_and_always_the_same(tmp_path: Path) -> None:
    assert runtime_folder(tmp_path) == runtime_folder(tmp_path)
    assert runtime_folder(tmp_path) != runtime_folder(tmp_path / "other")
    assert len(str(runtime_folder(tmp_path / ("long" * 40)))) < 90


def test_the_programs_are_found_or_the_remedy_is_named(tmp_path: Path) -> None:
    assert major_of(find_bin({})) >= 15
    assert find_bin({"GATEWAY_PG_BIN": str(find_bin({}))}) == find_bin({})
    with pytest.raises(NoPostgres, match="GATEWAY_PG_BIN"):
        find_bin({"GATEWAY_PG_BIN": str(tmp_path)})


def test_a_lock_tells_nothing_that_is_half_written(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text('{"url": "postg')
    assert Lock(tmp_path / "lock").read() is None
    assert Lock(tmp_path / "none").read() is None


def test_a_leashed_program_dies_with_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    until(lambda: child.name() == "sleep")
    end(parent)
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
