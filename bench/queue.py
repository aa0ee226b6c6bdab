"""How the queue grows: ``python -m bench.queue [--sizes 10000,100000,1000000] [--times N] [--rounds N] [--write]``.

Makes a crowd of cases in the embedded PostgreSQL and measures, at each size, what the API's operations ask of it: a
claim with its commit, pages of lists at their beginning and in the middle, narrowed and not, and the look-up of a case
by its number. Prints median and 95th percentile over all rounds and how they grew; ``--write`` draws the plot
``docs/queue.svg``. The wanted: every 95th percentile under 50 ms, and no more than twice that of the smallest size.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from random import Random
from statistics import median, quantiles

from bench.ground import fresh, server
from bench.grown import grow
from bench.queue_plot import drawn
from cases import lease
from cases.case import CaseState
from cases.database import Database
from cases.listing import Position, Sought, page
from cases.queue import Queue
from cases.register import RegisterNumber
from intake.receipt import Channel

OUT = Path(__file__).parent / "out"
PLOT = Path(__file__).parents[1] / "docs/queue.svg"
_START = datetime(2021, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """One operation at one size: median and 95th percentile in milliseconds, of all rounds together and of each."""

    size: int
    what: str
    p50: float
    p95: float
    p95_of_rounds: tuple[float, ...]


def operations(database: Database, size: int, rng: Random) -> Mapping[str, Callable[[], object]]:
    """Name what is measured."""

    def somewhere() -> Position:
        return Position(_START + timedelta(seconds=150 * rng.randint(1, size)), 0)

    def listed(sought: Sought, after: Position | None = None) -> object:
        with database.transaction() as session:
            return page(session, sought, after, 51)

    def claim(*forms: str) -> object:
        with database.transaction() as session:
            return lease.claim(session, "bench", datetime.now(UTC), 3600, 1, forms)

    def look_up() -> object:
        n = rng.randint(1, size)
        return Queue(database).case(RegisterNumber(2021 + n // 200_000, n % 200_000 + 1))

    queued = Sought([CaseState.QUEUED])
    rare = Sought([CaseState.HELD], form="RIPRISTINO", channel=Channel.PEC)
    return {
        "claim": claim,
        "claim of one form": lambda: claim("BONUS"),
        "list, first page": lambda: listed(Sought()),
        "list, any page": lambda: listed(Sought(), somewhere()),
        "list of queued, any page": lambda: listed(queued, somewhere()),
        "list of a rare kind, any page": lambda: listed(rare, somewhere()),
        "look-up by number": look_up,
    }


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Time an act, in milliseconds; the first few, which only warm caches, do not count."""
    for _ in range(5):
        act()
    found = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        found.append((time.perf_counter() - started) * 1000)
    return found


def measure(database: Database, size: int, times: int, rounds: int, seed: int) -> list[Timing]:
    """Measure every operation at one size, in turns, so that a noisy moment falls on all alike."""
    acts = operations(database, size, Random(seed))
    seen: dict[str, list[list[float]]] = {what: [] for what in acts}
    for _ in range(rounds):
        for what, act in acts.items():
            seen[what].append(timed(act, times))
    return [_timing(size, what, runs) for what, runs in seen.items()]


def _timing(size: int, what: str, runs: Sequence[Sequence[float]]) -> Timing:
    every = list(chain.from_iterable(runs))
    return Timing(size, what, median(every), p95(every), tuple(p95(run) for run in runs))


def p95(values: Sequence[float]) -> float:
    """Give the 95th percentile."""
    return quantiles(values, n=20)[-1]


def report(timings: Sequence[Timing]) -> str:
    """Write the table as Markdown, and whether the goal is met."""
    least, most = min(t.size for t in timings), max(t.size for t in timings)
    lines = [
        f"| operation | p50 at {least:,} | p95 | p50 at {most:,} | p95 | p95 of the rounds | growth of p50, p95 |",
        "|---|---|---|---|---|---|---|",
    ]
    first = {t.what: t for t in timings if t.size == least}
    for t in (t for t in timings if t.size == most):
        small = first[t.what]
        rounds = " / ".join(f"{value:.1f}" for value in t.p95_of_rounds)
        lines.append(
            f"| {t.what} | {small.p50:.1f} ms | {small.p95:.1f} ms | {t.p50:.1f} ms | {t.p95:.1f} ms | {rounds} | "
            f"{t.p50 / small.p50:.2f}, {t.p95 / small.p95:.2f} |"
        )
    worst = max(t.p95 for t in timings if t.size == most)
    grown = max(t.p50 / first[t.what].p50 for t in timings if t.size == most)
    told = f"Worst p95 {worst:.1f} ms (wanted < 50); worst growth of p50 {grown:.2f} (wanted <= 2)."
    return "\n".join([*lines, "", told])


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    sizes = sorted(int(size) for size in asked.sizes.split(","))
    timings: list[Timing] = []
    with server() as running, fresh(running) as url:
        database = Database(url)
        for before, size in zip([0, *sizes], sizes, strict=False):
            started = time.perf_counter()
            grow(database, before, size)
            print(f"{size:,} cases after {time.perf_counter() - started:.0f} s more", flush=True)
            timings += measure(database, size, asked.times, asked.rounds, asked.seed)
        database.close()
    told = report(timings)
    print(told)
    OUT.mkdir(exist_ok=True)
    (OUT / "queue.md").write_text(told + "\n", encoding="utf-8")
    rows = [{"size": t.size, "what": t.what, "p50": t.p50, "p95": t.p95} for t in timings]
    (OUT / "queue.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    if asked.write:
        PLOT.write_text(drawn(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
