"""Facts about the work, for a status page, a health check or a monitoring system. Numbers only, no contents."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import text

from cases.database import Database
from cases.queue import Queue
from cases.register_written import written
from cases.sources import Sources

_AGES: Final = text(
    """
    SELECT (SELECT extract(epoch FROM :now - min(registered_at)) FROM receipt WHERE state = 'received'),
           (SELECT extract(epoch FROM :now - min(e.at)) FROM procrastinate_jobs j
              JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'started' WHERE j.status = 'doing'),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
           (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :fresh)),
           (SELECT count(*) FROM receipt WHERE failure <> ''),
           (SELECT coalesce(max(count), 0) FROM ledger_tip)
    """
)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source: seconds since its last success (None: never), failures in a row, receipts taken in."""

    since_success_s: float | None
    failures: int
    taken: int


@dataclass(frozen=True, slots=True)
class Facts:
    """How the work stands at one instant."""

    receipts: Mapping[str, int] = field(default_factory=dict)
    """By channel."""
    cases: Mapping[str, int] = field(default_factory=dict)
    """By state."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    unread: int = 0
    oldest_unread_s: float = 0.0
    """How long the oldest receipt has been waiting to be settled."""
    longest_doing_s: float = 0.0
    waiting_jobs: int = 0
    failed_jobs: int = 0
    workers: int = 0
    """Workers whose heart beat a moment ago."""
    quarantined: int = 0
    """Receipts that could not be read and went to a clerk."""
    ledger_lines: int = 0
    unaccounted: int = 0
    disk_free_bytes: int = 0
    disk_bytes: int = 0
    register_day: date | None = None
    """The last day whose register is written."""
    register_behind: int = 0
    """Finished days whose register is still to be written."""
    sources: Mapping[str, SourceFacts] = field(default_factory=dict)


def gather(
    database: Database, folder: Path, unaccounted: int, now: datetime, fresh_s: float = 60.0, *, daily: bool = True
) -> Facts:
    """Gather the facts of a database, and of the disk that a folder is on; ``daily``: the daily register is written."""
    counts = Queue(database).counts()
    with database.transaction() as session:
        ages = session.execute(_AGES, {"now": now, "fresh": fresh_s}).one()
        days = written(session, now)
    disk = shutil.disk_usage(next(p for p in (folder, *folder.parents) if p.exists()))
    return Facts(
        receipts={channel.value: n for channel, n in counts.receipts.items()},
        cases={state.value: n for state, n in counts.cases.items()},
        refused=counts.refused,
        unread=counts.unread,
        oldest_unread_s=float(ages[0] or 0),
        longest_doing_s=float(ages[1] or 0),
        waiting_jobs=ages[2],
        failed_jobs=ages[3],
        workers=ages[4],
        quarantined=ages[5],
        ledger_lines=ages[6],
        unaccounted=unaccounted,
        disk_free_bytes=disk.free,
        disk_bytes=disk.total,
        register_day=days.last,
        register_behind=days.behind if daily else 0,
        sources=_sources(database, now),
    )


def _sources(database: Database, now: datetime) -> dict[str, SourceFacts]:
    found = {}
    for source in Sources(database).all():
        since = (now - source.succeeded_at).total_seconds() if source.succeeded_at else None
        if "/" not in source.source:  # a mailbox keeps its place under a longer name of its own
            found[source.source] = SourceFacts(since, source.failures, source.taken)
    return found
