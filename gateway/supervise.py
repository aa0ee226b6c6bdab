"""One process tree: the embedded server, the workers and the clock; what ends starts again, a stop goes in reverse.

The main thread must call ``supervise``: children hang on the life of the thread that starts them.
"""

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final, Protocol

from sqlalchemy.exc import InterfaceError, OperationalError

from cases.database import Database
from cases.sources import note_trouble
from gateway.children import Backoff, Kept, Pulse
from gateway.pglock import Lock
from gateway.postgres import EmbeddedPostgres
from jobs.beat import VARIABLE

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
    desk_argv: Sequence[str] = ()
    """The command of the clerk's desk, when it is to be kept, too."""
    stop_s: float = 40.0
    backoff: Backoff = field(default_factory=Backoff)
    hung_s: float = 120.0
    """A worker, or the server, that gives no sign of life for so long is ended and started again."""
    watch: Callable[[str, Callable[[], bool]], Stoppable] | None = None
    """Start what others watch at, for a URL and the sign that the supervisor turns."""
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


class ServerPulse:
    """Ask the database server from time to time whether it lives, beside the supervisor, who must never wait for it."""

    def __init__(self, hung_s: float) -> None:
        self._hung_s = hung_s
        self._heard = time.monotonic()
        self._asking: threading.Thread | None = None

    def stopped(self, responds: Callable[[], bool]) -> bool:
        """Tell whether no answer came for too long; the count then starts anew."""
        if self._asking is None or not self._asking.is_alive():
            self._asking = threading.Thread(target=self._ask, args=(responds,), daemon=True)
            self._asking.start()
        if time.monotonic() - self._heard <= self._hung_s:
            return False
        self._heard = time.monotonic()
        return True

    def _ask(self, responds: Callable[[], bool]) -> None:
        if responds():
            self._heard = time.monotonic()
        time.sleep(min(5.0, self._hung_s / 4))


class _Tree:
    """The process tree while it stands."""

    def __init__(self, plan: Plan, stop: threading.Event) -> None:
        self._plan, self._stop = plan, stop
        self._url = plan.url
        self._turned = time.monotonic()
        self._pulse = ServerPulse(plan.hung_s)

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
        children = [self._kept(name, place) for name in names]
        if self._plan.desk_argv:
            children.append(Kept("desk", self._plan.desk_argv, place, self._plan.backoff))
        watch = self._plan.watch(self._url, self._turns) if self._plan.watch else None
        self._plan.say(f"Ready: {len(names)} worker processes. Stop with Ctrl-C.")
        try:
            while not self._stop.wait(_LOOK_S):
                self._turned = time.monotonic()
                self._tend_server()
                for child in children:
                    child.tend(self._alarm)
        finally:
            clock.stop()
            if watch is not None:
                watch.stop()
            self._dismiss(children)

    def _kept(self, name: str, place: Mapping[str, str]) -> Kept:
        pulse = Pulse(self._plan.home / f".{name}.beat", self._plan.hung_s)
        return Kept(name, self._plan.work_argv(name), {**place, VARIABLE: str(pulse.file)}, self._plan.backoff, pulse)

    def _turns(self) -> bool:
        """Tell whether the supervisor itself goes round."""
        return time.monotonic() - self._turned < self._plan.hung_s

    def _tend_server(self) -> None:
        server = self._plan.server
        if server is None:
            return
        if server.alive() and self._pulse.stopped(server.responds):
            self._alarm("The database server hangs: it is ended by force and starts again.")
            server.put_down()
        if not server.alive():
            _LOG.warning("the database server ended; it starts again")
            server.start()
            self._pulse = ServerPulse(self._plan.hung_s)  # it may have recovered for longer than a server may be silent

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
