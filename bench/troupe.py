"""What plays with actors share: where they may die, how they start, and what is done to them and their database."""

import multiprocessing
import os
import re
import signal
import time
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Final

import psycopg

from gateway.postgres import EmbeddedPostgres

_ROOMS: Final = ("intake", "cases", "jobs")
_COLLECTOR: Final = ("intake", "jobs/register.py", "jobs/pickup.py")
_ELSEWHERE: Final = ("intake/mailbox", "jobs/daily.py")  # their kills have tests of their own
_GONE_S: Final = 30.0


def instants() -> dict[str, tuple[str, ...]]:
    """Find the names of all instants in the code, by the role that passes them; none can be forgotten."""
    found: dict[str, list[str]] = {"collector": [], "worker": []}
    house = Path(__file__).parent.parent
    for file in sorted(f for room in _ROOMS for f in (house / room).rglob("*.py")):
        place = str(file.relative_to(house))
        if place.startswith(_ELSEWHERE):
            continue
        role = "collector" if place.startswith(_COLLECTOR) else "worker"
        found[role] += re.findall(r"^\s+instant\(\"(.+?)\"\)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {role: tuple(names) for role, names in found.items()}


def nursery() -> ForkServerContext:
    """Give the warm server from which actors are forked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.actor"])
    return context


def put_down(actor: ForkServerProcess, seconds: float) -> None:
    """Wait for an actor, so many seconds at most; then ask it to stop, and then kill it."""
    actor.join(seconds)
    if actor.is_alive():
        actor.terminate()
        actor.join(10)
    if actor.is_alive():
        actor.kill()
        actor.join()


def kill_server(server: EmbeddedPostgres) -> None:
    """Kill the database's first process, and start it again. Raises ``TimeoutError`` when it does not die."""
    os.kill(server.pid or 0, signal.SIGKILL)
    deadline = time.monotonic() + _GONE_S
    while server.alive():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the killed PostgreSQL server lives after {_GONE_S:.0f} s")
        time.sleep(0.01)
    server.start()


def lose_queue(url: str) -> None:
    """Lose the whole queue: it must be rebuilt from the receipts."""
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE procrastinate_jobs CASCADE")
