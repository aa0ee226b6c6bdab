"""The faults of a simulated day, by name: each is a block that begins, lasts as long as it is held, and ends."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from types import MappingProxyType
from typing import Final

import psycopg

from bench.stage import Stage
from bench.town import GREEDY, POISON, infected_mail, mail
from bench.troupe import instants, kill_server, lose_queue
from bench.yard import Piece, sheet

_LONGEST_JUMP_S: Final = 6 * 3600
_SECOND_S: Final = 1.2


def _once(what: Callable[[Stage], None]) -> "Callable[[Stage], AbstractContextManager[None]]":
    @contextmanager
    def fault(stage: Stage) -> Iterator[None]:
        what(stage)
        yield

    return fault


def _kill_at(stage: Stage, role: str) -> None:
    place = stage.chance.choice(instants()[role])
    stage.enter("service", f"{place}:{stage.chance.randint(1, 2)}")
    for _ in range(3):
        stage.arrive()


def _kill_any(stage: Stage) -> None:
    stage.chance.choice(stage.services)[0].kill()


def _jump(stage: Stage) -> None:
    """Let the clock of the processes that start from now on be wrong; one of them starts at once."""
    stage.ahead_s = stage.chance.uniform(-_LONGEST_JUMP_S, _LONGEST_JUMP_S)
    stage.services[0][0].terminate()


@contextmanager
def _locked(stage: Stage) -> Iterator[None]:
    """Hold a lock on the table of receipts, as a backup or a migration does."""
    connection = psycopg.connect(stage.server.url)
    try:
        connection.execute("LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        connection.close()


@contextmanager
def _gate(stage: Stage, mode: str) -> Iterator[None]:
    stage.gate.after, stage.gate.mode = stage.chance.randint(1, 5_000), mode
    try:
        stage.arrive("mail")
        yield
    finally:
        stage.gate.after = None


def _cut(stage: Stage) -> "AbstractContextManager[None]":
    return _gate(stage, stage.chance.choice(("fin", "rst")))


def _hang(stage: Stage) -> "AbstractContextManager[None]":
    return _gate(stage, "stall")


def _number_anew(stage: Stage) -> None:
    """Lose the server's index: every mail gets another UID under another UIDVALIDITY, which is the second."""
    time.sleep(max(0.0, stage.numbered_at + _SECOND_S - time.monotonic()))
    for path in [stage.town.box.maildir / "dovecot-uidlist", *stage.town.box.maildir.glob("dovecot.index*")]:
        path.unlink(missing_ok=True)
    stage.town.box.client().logout()
    stage.numbered_at = time.monotonic()


def _expunge(stage: Stage) -> None:
    """Let a person remove a mail, as near as can be to the instant in which it is fetched."""
    _, raw = stage.arrive("mail", least=0, done=0)
    client = stage.town.box.client()
    try:
        time.sleep(stage.chance.uniform(0.0, 0.5))
        (uid,) = client.search(["HEADER", "Message-ID", raw.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()])
        client.delete_messages([uid])
        client.expunge([uid])
    finally:
        client.logout()


@contextmanager
def _growing(stage: Stage) -> Iterator[None]:
    raw = sheet("fax", stage.number())
    path = stage.town.tray("fax") / f"{stage.number():06d}.tif"
    stage.fed.append(Piece(raw))
    with path.open("wb", buffering=0) as file:
        file.write(raw[: len(raw) // 2])
        yield
        file.write(raw[len(raw) // 2 :])


def _rename(stage: Stage) -> None:
    """Rename files that may be in somebody's hand: at worst there is a second receipt, and its case says so."""
    for _ in range(3):
        name, _ = stage.arrive("scan", most=2)
        time.sleep(stage.chance.uniform(0.0, 0.1))
        path = stage.town.tray("scan") / name
        with suppress(FileNotFoundError):  # taken already
            path.rename(path.with_name(f"renamed-{name}"))


def _remount(stage: Stage, how: str) -> Callable[[], bool]:
    words = ["mount", "-o", f"remount,bind,{how}", str(stage.town.tray("fax"))]
    return lambda: subprocess.run(words, check=False, capture_output=True).returncode == 0  # noqa: S603  our own words


@contextmanager
def _read_only(stage: Stage) -> Iterator[None]:
    for _ in range(2):
        stage.arrive("fax")
    stage.wait("the fax tray to become read-only", _remount(stage, "ro"))
    try:
        yield
    finally:
        stage.wait("the fax tray to become writable", _remount(stage, "rw"))


@contextmanager
def _full(stage: Stage) -> Iterator[None]:
    filler = stage.town.originals.root / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65_536))
    try:
        stage.arrive()
        yield
    finally:
        filler.unlink()


@contextmanager
def _frozen(stage: Stage) -> Iterator[None]:
    pid = stage.services[0][0].pid or 0
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def _unscanned(stage: Stage) -> Iterator[None]:
    stage.clamd.stop()
    try:
        stage.arrive()
        yield
    finally:
        stage.clamd.start()


def _again(stage: Stage) -> None:
    """Let the same fax arrive a second time under another number."""
    _, raw = stage.arrive("fax")
    stage.take("fax", f"{stage.number():06d}.tif", raw)


def _twice(stage: Stage) -> None:
    _, raw = stage.arrive("mail")
    stage.take("mail", "", raw)


FAULTS: Final[Mapping[str, "Callable[[Stage], AbstractContextManager[None]]"]] = MappingProxyType(
    {
        "worker killed at an instant": _once(lambda s: _kill_at(s, "worker")),
        "collector killed at an instant": _once(lambda s: _kill_at(s, "collector")),
        "service killed anywhere": _once(_kill_any),
        "postmaster killed": _once(lambda s: kill_server(s.server)),
        "database locked": _locked,
        "IMAP connection cut": _cut,
        "IMAP server hangs": _hang,
        "UIDVALIDITY changed": _once(_number_anew),
        "mail expunged": _once(_expunge),
        "growing file": _growing,
        "renamed file": _once(_rename),
        "read-only tray": _read_only,
        "full disk": _full,
        "clock jumps": _once(_jump),
        "frozen service": _frozen,
        "queue lost": _once(lambda s: lose_queue(s.server.url)),
        "scanner down": _unscanned,
        "child out of memory": _once(lambda s: s.take("mail", "", mail(s.number(), GREEDY))),
        "fax sent again": _once(_again),
        "same mail twice": _once(_twice),
        "infected mail": _once(lambda s: s.take("mail", "", infected_mail(s.number()))),
        "poison scan": _once(lambda s: s.take("scan", f"{s.number():06d}.png", sheet("scan", s.number(), POISON))),
    }
)
"""Every kind has its turn before any comes again."""
