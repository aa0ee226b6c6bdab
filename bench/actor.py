"""One process of the gateway in the yard, told when to die. Forked from a warm server, so that a kill costs little."""

import importlib
import logging
import os
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType

from sqlalchemy import update
from sqlmodel import Session, col

import intake.instants
import jobs.tasks
import jobs.upkeep
import jobs.worker
from bench.yard import HASTE, Yard
from cases.database import Database
from cases.store import SETTLED, Store
from cases.submission import Looked
from cases.tables import ReceiptRow
from intake.receipt import Receipt
from jobs.app import Wiring, configure, wired
from jobs.clock import Clock
from jobs.rescue import Rescued


@dataclass(frozen=True, slots=True)
class Order:
    """What an actor does, where it dies (``name:n``, or nowhere), and which guard is switched off."""

    role: str
    url: str
    yard: Yard
    kill_at: str = ""
    without: str = ""
    linger_s: float = 0.0
    """How much longer a look takes."""
    ahead_s: float = 0.0
    """How far the clock of this machine is ahead of the true one."""


def act(order: Order) -> None:
    """Play the role to its end, or to the kill."""
    _leave_parent_behind(order)

    def look(receipt: Receipt, raw: bytes) -> Looked:
        time.sleep(order.linger_s)
        return order.yard.look(receipt, raw)

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=order.ahead_s)

    with closing(Database(order.url)) as database:
        sources = order.yard.sources(database)
        configure(order.url, look, order.yard.originals, sources, HASTE, now=now, again=order.yard.look_again)
        _switch_off(order.without)
        roles = {"collector": _collect, "worker": _work, "service": _serve}
        sys.exit(roles[order.role]())


def _leave_parent_behind(order: Order) -> None:
    os.environ["GATEWAY_KILL_AT"] = order.kill_at
    importlib.reload(intake.instants)  # it reads its order once; in place, so that all who know it obey
    sys.modules["__main__"] = ModuleType("__main__")  # children of the gateway would load the whole bench anew
    log = (order.yard.root / "actors.log").open("a", encoding="utf-8", buffering=1)
    os.dup2(log.fileno(), sys.stderr.fileno())  # they may well lose the database in the middle of a sentence
    logging.basicConfig(stream=log, level=logging.INFO, force=True)


def _collect() -> int:
    reports = jobs.worker.collect_once()
    return 0 if all(report is not None and report.ok for _, report in reports) else 2


def _work() -> int:
    return jobs.worker.work_until_idle(f"actor-{os.getpid()}", concurrency=2)


def _serve() -> int:
    wiring = wired()
    clock = Clock(wiring.database, dict.fromkeys(wiring.sources, 1))
    clock.start()
    try:
        return jobs.worker.run_worker(f"actor-{os.getpid()}", concurrency=2)
    finally:
        clock.stop()


def _switch_off(guard: str) -> None:
    """Switch one guard off, to see that the checks notice. The unique keys are dropped in the database itself."""
    replaced: dict[str, tuple[tuple[object, str, object], ...]] = {
        "rescue": ((jobs.worker, "rescue_stalled", _nothing), (jobs.upkeep, "rescue_stalled", _nothing)),
        "sweeper": ((jobs.worker, "sweep", _nothing), (jobs.upkeep, "sweep", _nothing)),
        "fence": ((Store, "_claim", _claim_always),),
    }
    for owner, name, instead in replaced.get(guard, ()):
        setattr(owner, name, instead)


def _nothing(_wiring: Wiring) -> Rescued:
    return Rescued()


def _claim_always(_store: Store, session: Session, receipt_id: int, *_rest: object) -> ReceiptRow | None:
    always = update(ReceiptRow).where(col(ReceiptRow.id) == receipt_id).values(state=SETTLED).returning(ReceiptRow)
    return session.execute(always).scalar_one_or_none()
