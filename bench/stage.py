"""The real servers of a simulated day, the processes of the gateway between them, and what may be done to them."""

import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Final

import psycopg

from bench.actor import Order, act
from bench.clamd import Clamd, clamd_server
from bench.dovecot import dovecot_server
from bench.gate import Gate
from bench.ground import scratch
from bench.town import KINDS, Town, post
from bench.troupe import nursery, put_down
from bench.yard import Piece
from cases.database import Database
from gateway.postgres import EmbeddedPostgres
from jobs.app import migrate

_SERVICES: Final = 2
_STOP_S: Final = 20.0
_DISK: Final = "64m"


class NoMount(Exception):
    """Nothing can be mounted here; the message says what to do."""


@dataclass
class Stage:
    """All that plays: servers, gate, processes, and every piece of post that arrived so far."""

    server: EmbeddedPostgres
    town: Town
    gate: Gate
    clamd: Clamd
    chance: random.Random
    minute_s: float
    fed: list[Piece] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    services: list[tuple[ForkServerProcess, str]] = field(default_factory=list)
    ahead_s: float = 0.0
    numbered_at: float = 0.0
    """When (monotonic) the mailbox was numbered anew last: a server takes the second as its UIDVALIDITY."""
    context: ForkServerContext = field(default_factory=nursery)

    def number(self) -> int:
        """Give the number of the next piece of post."""
        return len(self.fed)

    def arrive(self, kind: str = "", **fate: int) -> tuple[str, bytes]:
        """Let an ordinary piece of post arrive; give its name and bytes."""
        kind = kind or self.chance.choice(KINDS)
        name, raw = post(kind, self.number())
        self.take(kind, name, raw, **fate)
        return name, raw

    def take(self, kind: str, name: str, raw: bytes, **fate: int) -> None:
        """Let this piece of post arrive. It counts before it is there: the servers may take it at once."""
        self.fed.append(Piece(raw, **fate))
        self.town.drop(kind, name, raw)

    def supervise(self) -> None:
        """Replace the services that died, as a supervisor does."""
        self.bury()
        while len(self.services) < _SERVICES:
            self.enter("service")

    def enter(self, role: str, kill_at: str = "") -> ForkServerProcess:
        """Start a process of the gateway."""
        order = Order(role, self.server.url, self.town, kill_at, ahead_s=self.ahead_s)
        actor = self.context.Process(target=act, args=(order,), name=role)
        actor.start()
        self.services.append((actor, kill_at))
        return actor

    def bury(self) -> None:
        """Take the dead out of the list, and count the killed by where they died."""
        for actor, kill_at in [pair for pair in self.services if not pair[0].is_alive()]:
            actor.join()
            self.services.remove((actor, kill_at))
            if actor.exitcode == -signal.SIGKILL:
                self.kills[re.sub(r":\d+$", "", kill_at) or "anywhere"] += 1

    def end(self) -> list[str]:
        """Stop the services; say which did not stop when told."""
        for actor, _ in self.services:
            actor.terminate()
        stuck = []
        for actor, _ in self.services:
            actor.join(_STOP_S)
            if actor.is_alive():
                stuck.append(f"a service did not stop within {_STOP_S:.0f} s")
                actor.kill()
                actor.join()
        self.bury()
        return stuck

    def finish(self, wait_s: float) -> list[str]:
        """Let actors that nobody kills finish the work; say what they could not do."""
        failed = []
        for role in ("collector", "worker"):
            actor = self.enter(role)
            put_down(actor, wait_s)
            if actor.exitcode != 0:
                failed.append(f"the {role} after the day ended with {actor.exitcode}")
        self.bury()
        return failed

    def settled(self) -> int:
        """Count the receipts that have their cases or their refusal."""
        with psycopg.connect(self.server.url) as connection:
            row = connection.execute("SELECT count(*) FROM receipt WHERE state = 'settled'").fetchone()
        return int(row[0]) if row else 0

    def wait(self, what: str, ready: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something is so. Raises ``TimeoutError`` that says for what."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {seconds:.0f} s for {what}")
            time.sleep(0.02)


@contextmanager
def staged(seed: int, minute_s: float) -> Iterator[Stage]:
    """Start every server and open the gate; all of it is gone at the end. Raises ``NoMount`` without root."""
    with ExitStack() as stack:
        root = stack.enter_context(scratch())
        server = stack.enter_context(EmbeddedPostgres(root / "postgres", root / "run"))
        with closing(Database(server.url)) as database:
            migrate(database)
        dovecot = stack.enter_context(dovecot_server())
        clamd = stack.enter_context(clamd_server())
        clamd.start()
        gate = stack.enter_context(closing(Gate(dovecot.port)))
        gate.open()
        town = Town(root / "home", dovecot, gate.number, clamd.scanner)
        for folder in (town.tray("fax"), town.tray("scan"), town.originals.root):
            folder.mkdir(parents=True)
        stack.enter_context(_mounted("-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(town.originals.root)))
        stack.enter_context(_mounted("--bind", str(town.tray("fax")), str(town.tray("fax"))))
        stage = Stage(server, town, gate, clamd, random.Random(seed), minute_s)
        town.box.client().logout()  # the server makes the mailbox
        try:
            yield stage
        finally:
            for actor, _ in stage.services:
                os.kill(actor.pid or 0, signal.SIGCONT)
                actor.kill()
                actor.join()


@contextmanager
def _mounted(*words: str) -> Iterator[None]:
    done = subprocess.run(["mount", *words], check=False, capture_output=True, text=True)  # noqa: S603, S607  our own words
    if done.returncode:
        raise NoMount(f"{done.stderr.strip()} Run it as root, or in a container with CAP_SYS_ADMIN.")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", words[-1]], check=True, capture_output=True)  # noqa: S603, S607
