"""What every worker process does beside its jobs, again and again: rescue, sweep, release, clean, write down."""

import logging
import time
from datetime import datetime, timedelta
from threading import Thread
from typing import Final

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session, col

from cases.due import due
from cases.lease import return_expired
from cases.ledger import tip
from cases.register import DayClosed
from cases.release import release_held
from cases.sources import note_trouble
from cases.tables import SlotRow
from jobs.app import Keeping, Wiring
from jobs.daily import write_days
from jobs.forget import again, forget
from jobs.letters import sweep_letters, write_letters
from jobs.rescue import Rescued, rescue_stalled, sweep
from jobs.tips import note_tip

_LOG: Final = logging.getLogger(__name__)
_CLEANING: Final = "cleaning"
_KEEP_DAYS: Final = 30
_PARTS_S: Final = 86_400.0
_OLD_JOBS: Final = text(
    """
    DELETE FROM procrastinate_jobs j
     WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
       AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > :before)
    """
)


class Upkeep:
    """Keep the work of one database in order. Every worker may do it: whoever comes second finds nothing to do.

    ``days`` is off where the process writes the finished days of the register at its end, and waits for them.
    """

    def __init__(self, wiring: Wiring, *, days: bool = True) -> None:
        self._wiring, self._with_days = wiring, days
        self._swept = -float("inf")
        self._days = Thread()

    def round(self) -> None:
        """Do what is due. A database that is away is waited for."""
        try:
            self._say("rescued", rescue_stalled(self._wiring))
            write_letters(self._wiring)
            return_leases(self._wiring)
            if time.monotonic() - self._swept >= self._wiring.patience.sweep_s:
                self._say("swept", sweep(self._wiring))
                sweep_letters(self._wiring)
                release_held(self._wiring.database, self._wiring.now())
                clean_daily(self._wiring)
                self._write_days()
                self._swept = time.monotonic()
        except (OperationalError, InterfaceError) as error:
            _LOG.warning("upkeep waits for the database: %s", error.orig)
        except DayClosed as error:
            _LOG.warning("upkeep waits for the clock: %s", error)

    def _write_days(self) -> None:
        """Have finished days written in a thread that nothing waits for: a crash in it may come at any instant."""
        if self._with_days and not self._days.is_alive():
            self._days = Thread(target=_write_days, args=(self._wiring,), name="daily register", daemon=True)
            self._days.start()

    def _say(self, verb: str, what: Rescued) -> None:
        if what.again or what.to_clerk:
            _LOG.warning("%s: %d go on, %d to a clerk", verb, what.again, len(what.to_clerk))


def _write_days(wiring: Wiring) -> None:
    try:
        write_days(wiring)
    except (OperationalError, InterfaceError) as error:
        _LOG.warning("the daily register waits for the database: %s", error.orig)


def return_leases(wiring: Wiring) -> int:
    """Give every case back whose lease has expired, a few at a time; give how many."""
    returned = 0
    while True:
        with wiring.database.transaction() as session:
            some = return_expired(session, wiring.now())
        returned += some
        if some == 0:
            return returned


def clean_daily(wiring: Wiring) -> bool:
    """Remove old finished jobs and old slots, once a day whoever comes first; the audit trail is in our own tables."""
    now = wiring.now()
    with wiring.database.transaction() as session:
        row = {"source": _CLEANING, "slot": now.toordinal(), "at": now}
        claim = insert(SlotRow).values(row).on_conflict_do_nothing().returning(col(SlotRow.slot))
        if session.execute(claim).scalar() is None:
            return False
        before = now - timedelta(days=_KEEP_DAYS)
        session.execute(_OLD_JOBS, {"before": before})
        _forget_slots(session, before)
        _sweep_parts(wiring, session, now)
    if wiring.keeping is not None:
        _keep(wiring, wiring.keeping, now)
    return True


def _keep(wiring: Wiring, keeping: Keeping, now: datetime) -> None:
    """Note the ledger's tip, finish erasures that a crash cut short, and erase what is due."""
    with wiring.database.transaction() as session:
        note_tip(keeping.tips, tip(session), now)
        found = due(session, keeping.retention, now)
    again(wiring, keeping.home)
    count = sum(1 for _ in forget(wiring, keeping.home, found))
    if count:
        with wiring.database.transaction() as session:
            note_trouble(session, "forgotten", "retention", f"The contents of {count} deliveries were erased.", now)


def _sweep_parts(wiring: Wiring, session: Session, now: datetime) -> None:
    """Remove what a crash left half-written among the originals; its source still holds the whole."""
    swept = wiring.originals.sweep_parts(_PARTS_S, now.timestamp())
    if swept:
        note_trouble(session, "half_written", "originals", f"{len(swept)} half-written files removed.", now)


def _forget_slots(session: Session, before: object) -> None:
    session.execute(delete(SlotRow).where(col(SlotRow.at) < before))
