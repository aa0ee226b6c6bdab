"""Claims under crashes: ``python -m bench.claims [--cases N] [--consumers N] [--crash SHARE] [--seed N]``.

So many consumers, each a process of its own, take cases out of one queue and complete them. At any step a consumer may
kill itself with SIGKILL; another takes its place. What it held comes back when its leases expire. At the end every case
must be closed, by exactly one completed lease, and no consumer may have seen another hold a case at the same time.
"""

import argparse
import multiprocessing
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Final

from sqlalchemy import text

from bench.consumer import consume, left
from bench.ground import fresh, server
from bench.grown import grow
from cases.database import Database

_LEASE_S: Final = 10.0
_LOOK_S: Final = 0.05
_COUNTS: Final = {
    "cases": "SELECT count(*) FROM case_",
    "closed": "SELECT count(*) FROM case_ WHERE state = 'closed'",
    "completed once": """SELECT count(*) FROM (SELECT case_id FROM case_lease WHERE ending = 'completed'
                         GROUP BY case_id HAVING count(*) = 1) AS once""",
    "closed by one step": """SELECT count(*) FROM (SELECT case_id FROM case_step WHERE event = 'closed'
                             GROUP BY case_id HAVING count(*) = 1) AS once""",
    "held by two at once": """SELECT count(*) FROM case_lease a JOIN case_lease b ON b.case_id = a.case_id
                              AND b.id > a.id AND b.taken_at < a.ended_at""",
    "expired and given again": "SELECT count(*) FROM case_lease WHERE ending = 'expired'",
    "still open": "SELECT count(*) FROM case_lease WHERE ended_at IS NULL",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    counts: Mapping[str, int]
    crashes: int
    seconds: float

    @property
    def right(self) -> bool:
        """Tell whether every case was completed exactly once."""
        c = self.counts
        whole = {c["cases"], c["closed"], c["completed once"], c["closed by one step"]}
        return len(whole) == 1 and c["held by two at once"] == 0 and c["still open"] == 0


def run(url: str, consumers: int, crash: float, seed: int, lease_s: float = _LEASE_S) -> Outcome:
    """Let consumers work until the queue is empty, and start a new one for each that dies."""
    started, crashes, number = time.monotonic(), 0, 0
    database = Database(url)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.consumer"])  # a new consumer is a fork: imports would take seconds each
    alive: list[BaseProcess] = []
    while alive or left(database):
        while len(alive) < consumers and left(database):
            number += 1
            alive.append(
                context.Process(target=consume, args=(url, f"c{number}", crash, seed * 100_000 + number, lease_s))
            )
            alive[-1].start()
        time.sleep(_LOOK_S)
        crashes += sum(1 for p in alive if p.exitcode == -signal.SIGKILL)
        if any(p.exitcode not in {None, 0, -signal.SIGKILL} for p in alive):
            raise RuntimeError("a consumer failed by itself: its traceback stands on standard error")
        alive = [p for p in alive if p.exitcode is None]
    with database.transaction() as session:
        counts = {name: session.execute(text(query)).scalar_one() for name, query in _COUNTS.items()}
    database.close()
    return Outcome(counts, crashes, time.monotonic() - started)


def main() -> None:
    """Run it once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--consumers", type=int, default=8)
    parser.add_argument("--crash", type=float, default=0.0005)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with server() as running, fresh(running) as url:
        fill(url, asked.cases)
        outcome = run(url, asked.consumers, asked.crash, asked.seed)
    print(f"{outcome.crashes} crashes in {outcome.seconds:.0f} s, seed {asked.seed}")
    for name, count in outcome.counts.items():
        print(f"  {name}: {count:,}")
    print("every case was completed exactly once" if outcome.right else "WRONG")
    raise SystemExit(0 if outcome.right else 1)


def fill(url: str, cases: int) -> None:
    """Queue so many cases."""
    database = Database(url)
    grow(database, 0, cases)
    with database.transaction() as session:
        session.execute(text("UPDATE case_ SET state = 'queued'"))
    database.close()


if __name__ == "__main__":
    main()
