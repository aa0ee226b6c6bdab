"""The clock: it says when a source's turn comes, and nothing else. It claims a slot and defers a pickup.

Any number of clocks may run, on any machine; a slot has one winner, because its row has one key.
"""

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import col

from cases.database import Database
from cases.tables import SlotRow
from jobs.defer import defer_pickup

_LOG: Final = logging.getLogger(__name__)


def tick(database: Database, source: str, period_s: int, at: float | None = None) -> bool:
    """Claim the slot of this instant and defer its pickup; False when another clock had the slot.

    A pickup that still waits takes the slot along: late ticks come together.
    """
    slot = int(time.time() if at is None else at) // period_s
    with database.transaction() as session:
        row = {"source": source, "slot": slot, "at": datetime.now(UTC)}
        claim = insert(SlotRow).values(row).on_conflict_do_nothing().returning(col(SlotRow.slot))
        if session.execute(claim).scalar() is None:
            return False
        defer_pickup(session, source, slot)
        return True


class Clock:
    """Ticks for each source in its period, in a thread of this process. It remembers nothing."""

    def __init__(self, database: Database, periods_s: Mapping[str, int]) -> None:
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60}
        )
        for source, period_s in periods_s.items():
            self._scheduler.add_job(
                _tick_or_say,
                IntervalTrigger(seconds=period_s, timezone="UTC"),
                (database, source, period_s),
                next_run_time=datetime.now(UTC),
            )

    def start(self) -> None:
        """Start to tick, the first time at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop to tick, and wait for a tick under way."""
        self._scheduler.shutdown()


def _tick_or_say(database: Database, source: str, period_s: int) -> None:
    try:
        tick(database, source, period_s)
    except (OperationalError, InterfaceError) as error:
        _LOG.warning("the clock could not tick for %s: %s; it will at the next slot", source, error.orig)
