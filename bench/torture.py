"""Kill the gateway's processes and its database at chosen instants, and see that nothing is lost and nothing doubled.

``python -m bench.torture --points 500 --seed 1`` kills until 500 kills happened; exit code 1 when anything was wrong.
"""

import argparse
import json
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess

import psycopg

from bench.actor import Order, act
from bench.asker import ask
from bench.ground import scratch
from bench.troupe import instants, kill_server, lose_queue, nursery, put_down
from bench.verdict import wrongs
from bench.yard import Piece, Yard
from cases.database import Database
from gateway.postgres import EmbeddedPostgres
from jobs.app import migrate

_WAIT_S = 90.0
_FEED = 8
_AT_ONCE = 3
_ASKED = 2
_KINDS = 5


@dataclass(slots=True)
class Tally:
    """What happened: kills by place, and what was found wrong."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    points: set[str] = field(default_factory=set)
    rounds: int = 0
    fed: int = 0
    asked: int = 0
    """Cases that a clerk had read again."""
    zombies: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """How many processes died."""
        return self.kills.total()

    def as_json(self) -> str:
        """Give the tally for a program to read."""
        told = {"seed": self.seed, "kills": dict(self.kills.most_common()), "killed": self.killed}
        told |= {
            "points": len(self.points),
            "rounds": self.rounds,
            "fed": self.fed,
            "asked": self.asked,
            "zombies": self.zombies,
            "wrong": self.wrong,
        }
        return json.dumps(told, indent=2)


class Torture:
    """One database and one yard, tortured round by round."""

    def __init__(self, server: EmbeddedPostgres, yard: Yard, seed: int, without: str = "") -> None:
        self._server, self._yard, self._without = server, yard, without
        self._chance = random.Random(seed)
        self._fed: list[Piece] = []
        self._places: dict[str, list[str]] = {"collector": [], "worker": []}
        self._context = nursery()
        self.tally = Tally(seed)

    def run(self, points: int) -> Tally:
        """Go on until so many kills have happened, or something is wrong."""
        while self.tally.killed < points and not self.tally.wrong:
            self.round()
        return self.tally

    def round(self) -> None:
        """Feed post, kill some actors at their instants, let clean ones finish, and check everything."""
        self._fed += [Piece(self._yard.feed(len(self._fed) + n, self._chance)) for n in range(_FEED)]
        self._suffer()
        self.tally.wrong += self._recover()
        self.tally.wrong += wrongs(self._server.url, self._yard, self._fed)
        self.tally.rounds += 1
        self.tally.fed = len(self._fed)

    def _suffer(self) -> None:
        for kill_at in self._plans("collector"):
            self._reap([self._start("collector", kill_at)], [f"collector: {kill_at}"])
        self._await(self._start("collector", ""))
        self.tally.asked += ask(self._server.url, _ASKED, self._chance)
        freezing = self.tally.rounds % _KINDS == 0
        plans = [""] * _AT_ONCE if freezing else self._plans("worker")
        actors = [self._start("worker", kill_at, linger_s=1.5 if freezing else 0.0) for kill_at in plans]
        self._chaos(actors)
        self._reap(actors, [f"worker: {kill_at}" for kill_at in plans])

    def _chaos(self, actors: Sequence[ForkServerProcess]) -> None:
        """In most rounds something worse happens beside the planned kills."""
        worse: tuple[Callable[[], None] | None, ...] = (
            None,
            self._kill_server,
            None,
            lambda: self._kill_any(actors),
            self._lose_queue,
        )
        kind = self.tally.rounds % _KINDS
        if kind == 0:
            self._freeze(actors)
        elif what := worse[kind]:
            time.sleep(self._chance.uniform(0.1, 0.8))
            what()

    def _reap(self, actors: Sequence[ForkServerProcess], points: Sequence[str]) -> None:
        for actor, point in zip(actors, points, strict=True):
            self._await(actor)
            if actor.exitcode == -signal.SIGKILL:
                self.tally.kills[re.sub(r":\d+$", "", point)] += 1
                self.tally.points.add(point)

    def _plans(self, role: str) -> list[str]:
        """Take the next instants of a role, each at a pass by chance; every one has its turn before any comes again."""
        places = self._places[role]
        while len(places) < _AT_ONCE:
            again = list(instants()[role])
            self._chance.shuffle(again)
            places += again
        taken, self._places[role] = places[:_AT_ONCE], places[_AT_ONCE:]
        return [f"{name}:{self._chance.randint(1, 2)}" for name in taken]

    def _recover(self) -> list[str]:
        """Let actors that nobody kills finish the work; say what they could not do."""
        failed = []
        for role in ("collector", "worker"):
            actor = self._start(role, "")
            self._await(actor, 6.0 if self._without else _WAIT_S)
            if actor.exitcode != 0:
                failed.append(f"the {role} after the kills ended with {actor.exitcode}")
        return failed

    def _start(self, role: str, kill_at: str, linger_s: float = 0.0) -> ForkServerProcess:
        order = Order(role, self._server.url, self._yard, kill_at, self._without, linger_s)
        actor = self._context.Process(target=act, args=(order,), name=role)
        actor.start()
        return actor

    def _await(self, actor: ForkServerProcess, seconds: float = _WAIT_S) -> None:
        put_down(actor, 8.0 if self._without else seconds)

    def _freeze(self, actors: Sequence[ForkServerProcess]) -> None:
        """Stop living workers in the middle of a look, let another do their work, and wake them up: zombies."""
        deadline = time.monotonic() + 5
        while not self._busy() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        frozen = [actor.pid for actor in actors if actor.is_alive() and actor.pid]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            self._start("worker", "").join(8)
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        self.tally.zombies += len(frozen)

    def _busy(self) -> bool:
        with psycopg.connect(self._server.url) as connection:
            return connection.execute("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'").fetchone() is not None

    def _kill_server(self) -> None:
        kill_server(self._server)
        self.tally.kills["postmaster"] += 1
        self.tally.points.add(f"postmaster in round {self.tally.rounds}")

    def _kill_any(self, actors: Sequence[ForkServerProcess]) -> None:
        for actor in actors[::2]:
            actor.kill()

    def _lose_queue(self) -> None:
        """Lose the whole queue: it must be rebuilt from the receipts."""
        lose_queue(self._server.url)


@contextmanager
def tortured(seed: int, without: str = "") -> Iterator[Torture]:
    """Make the ground: a server, a migrated database without the guard's unique key, and a yard."""
    with scratch() as root, EmbeddedPostgres(root / "postgres", root / "run") as server:
        database = Database(server.url)
        migrate(database)
        database.close()
        drop = {
            "origin": "ALTER TABLE receipt DROP CONSTRAINT uq_receipt_origin",
            "fence": "ALTER TABLE case_ DROP CONSTRAINT uq_case__receipt_id_item",
        }
        if without in drop:
            with psycopg.connect(server.url) as connection:
                connection.execute(drop[without].encode())
        yard = Yard(root / "home")
        yard.sources()
        yield Torture(server, yard, seed, without)


def main(argv: Sequence[str]) -> int:
    """Torture as the command line says."""
    parser = argparse.ArgumentParser(description="Kill processes at chosen instants and check that nothing is lost.")
    parser.add_argument("--points", type=int, default=500, help="how many kills")
    parser.add_argument("--seed", type=int, default=1)
    guards = ("origin", "fence", "rescue", "sweeper")
    parser.add_argument("--without", choices=guards, default="", help="switch a guard off: must end in exit code 1")
    asked = parser.parse_args(argv)
    began = time.monotonic()
    with tortured(asked.seed, asked.without) as torture:
        tally = torture.run(asked.points)
    print(tally.as_json())
    print(f"{tally.killed} kills at {len(tally.points)} points in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
