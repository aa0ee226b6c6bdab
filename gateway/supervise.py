"""One process tree: the embedded server, the workers and the clock; what ends starts again, a stop goes in reverse.

The main thread must call ``supervise``: children hang on the life of the thread that starts them.
"""

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final, Protocol

from sqlalchemy.exc import InterfaceError, OperationalError

from cases.database import Database
from cases.sources import note_trouble
from gateway.children import Backoff, Kept
from gateway.pglock import Lock
from gateway.postgres import EmbeddedPostgres

_LOG: Final = logging.getLogger(__name__)
_LOOK_S: Final = 0.2


class AlreadyRuns(Exception):
    """Another supervisor runs on this home folder. The message says what to do."""


class Stoppable(Protocol):
    """What runs beside the children, like the clock."""

    def stop(self) -> None:
        """End it."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. Either ``server``, or ``url`` of a server that others run."""

    home: Path
    work_argv: Callable[[str], Sequence[str]]
    """The command of a worker of a given name. It finds the database's URL in ``GATEWAY_DB``."""
    prepare: Callable[[str], None]
    """Bring the database of a URL to the newest version, before anything uses it."""
    start_clock: Callable[[str], Stoppable]
    server: EmbeddedPostgres | None = None
    url: str = ""
    workers: int = 1
    stop_s: float = 40.0
    backoff: Backoff = field(default_factory=Backoff)
    say: Callable[[str], None] = print


def supervise(plan: Plan) -> None:
    """Run until SIGTERM or SIGINT. Raises ``AlreadyRuns``, or ``NoPostgres`` when the server cannot start."""
    plan.home.mkdir(parents=True, exist_ok=True)
    lock = Lock(plan.home / "supervisor.lock")
    if not lock.take():
        raise AlreadyRuns(f"Another 'gateway run' works on {plan.home}: stop it, or use another folder.")
    try:
        with _orders() as stop:
            _Tree(plan, stop).run()
    finally:
        lock.release()


class _Tree:
    """The process tree while it stands."""

    def __init__(self, plan: Plan, stop: threading.Event) -> None:
        self._plan, self._stop = plan, stop
        self._url = plan.url

    def run(self) -> None:
        try:
            if self._plan.server:
                self._url = self._plan.server.start()
            if self._prepared():
                self._work()
        finally:
            if self._plan.server:
                self._plan.server.stop()

    def _prepared(self) -> bool:
        """Prepare the database; wait for one that is away. False when the stop came first."""
        while not self._stop.is_set():
            try:
                self._plan.prepare(self._url)
            except (OperationalError, InterfaceError) as error:
                self._plan.say(f"The database does not answer ({error.orig}): trying again shortly.")
                self._stop.wait(2.0)
            else:
                return True
        return False

    def _work(self) -> None:
        clock = self._plan.start_clock(self._url)
        host = socket.gethostname()
        names = [f"{host}-w{number}" for number in range(self._plan.workers)]
        place = {"GATEWAY_DB": self._url}
        children = [Kept(name, self._plan.work_argv(name), place, self._plan.backoff) for name in names]
        self._plan.say(f"Ready: {len(children)} worker processes. Stop with Ctrl-C.")
        try:
            while not self._stop.wait(_LOOK_S):
                self._tend_server()
                for child in children:
                    child.tend(self._alarm)
        finally:
            clock.stop()
            self._dismiss(children)

    def _tend_server(self) -> None:
        if self._plan.server and not self._plan.server.alive():
            _LOG.warning("the database server ended; it starts again")
            self._plan.server.start()

    def _dismiss(self, children: Sequence[Kept]) -> None:
        for child in children:
            child.order_stop()
        deadline = time.monotonic() + self._plan.stop_s
        for child in children:
            child.see_off(deadline)

    def _alarm(self, message: str) -> None:
        self._plan.say(f"ATTENTION: {message}")
        database = Database(self._url)
        try:
            with database.transaction() as session:
                note_trouble(session, "crash_loop", "worker", message, datetime.now(UTC))
        except (OperationalError, InterfaceError) as error:
            _LOG.warning("the alarm could not be recorded: %s", error.orig)
        finally:
            database.close()


@contextmanager
def _orders() -> Iterator[threading.Event]:
    """Turn SIGTERM and SIGINT into an event during the block."""
    stop = threading.Event()

    def ordered(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ordered) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
