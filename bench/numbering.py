"""Register from many processes at once, kill them at random, and see that the register has no gap and no repeat.

``python -m bench.numbering --lines 10000 --workers 8 --seed 1`` registers arrivals (each a whole settled delivery) and
letters until so many lines stand in the register; exit code 1 when anything is wrong.
"""

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext, ForkServerProcess

import psycopg

from bench.ground import scratch
from bench.registrar import Order, register_for_ever
from bench.stubs import submission
from cases.balance import books
from cases.database import Database
from cases.ledger import verify
from cases.register_check import check_register
from cases.store import Store
from cases.submission import Looked
from gateway.postgres import EmbeddedPostgres
from jobs.app import migrate

_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened: lines and kills, how long it took, and what is wrong."""

    lines: int
    kills: int
    seconds: float
    wrong: tuple[str, ...]


def tortured(lines: int, workers: int, seed: int, kill_every: int = 25) -> Tally:
    """Run ``workers`` processes, kill one of them after every ``kill_every`` lines, and check everything at the end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.registrar"])
    with scratch() as root, EmbeddedPostgres(root / "postgres", root / "run") as server:
        database = Database(server.url)
        migrate(database)
        began = time.monotonic()
        kills = _run(context, server.url, lines, workers, random.Random(seed), kill_every)
        seconds = time.monotonic() - began
        _settle_rest(database)
        checked = check_register(database)
        wrong = [*checked.wrong, *verify(database), *(d.wrong for d in books(database).discrepancies)]
        database.close()
        return Tally(checked.lines, kills, round(seconds, 1), tuple(wrong))


def _run(context: ForkServerContext, url: str, lines: int, workers: int, chance: random.Random, kill_every: int) -> int:
    """Keep so many processes at work; kill one by chance again and again; give how many were killed."""
    crew = [_hire(context, url, chance) for _ in range(workers)]
    kills = last = 0
    with psycopg.connect(url, autocommit=True) as connection:
        while (count := _count(connection)) < lines:
            time.sleep(chance.uniform(0, _LOOK_S))
            if count - last >= kill_every:
                last, at = count, chance.randrange(workers)
                kills += _kill(crew[at])
                crew[at] = _hire(context, url, chance)
    return kills + sum(_kill(one) for one in crew)


def _hire(context: ForkServerContext, url: str, chance: random.Random) -> ForkServerProcess:
    one = context.Process(target=register_for_ever, args=(Order(url, chance.randrange(10**9)),))
    one.start()
    return one


def _kill(one: ForkServerProcess) -> int:
    os.kill(one.pid or 0, signal.SIGKILL)
    one.join()
    return int(one.exitcode == -signal.SIGKILL)


def _count(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT coalesce(sum(last), 0) FROM register_counter").fetchone()
    return int(row[0]) if row else 0


def _settle_rest(database: Database) -> None:
    """Settle what was admitted by a process that was killed before it could settle it."""
    with psycopg.connect(database.url) as connection:
        open_ = [row[0] for row in connection.execute("SELECT id FROM receipt WHERE state = 'received'").fetchall()]
    for receipt_id in open_:
        Store(database).settle(receipt_id, Looked((submission(),)), datetime.now(UTC))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.numbering", description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    tally = tortured(asked.lines, asked.workers, asked.seed)
    print(json.dumps(asdict(tally), indent=2))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
