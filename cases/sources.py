"""How each source fares, and whose turn it is: no two rounds over one source at the same time, on any machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.database import Database
from cases.plain import plain
from cases.tables import ProblemRow, SourceRow


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as last seen. ``failure`` is empty when its last round went well."""

    source: str
    started_at: datetime | None
    succeeded_at: datetime | None
    failed_at: datetime | None
    failure: str
    failures: int
    taken: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The ledger of sources in one database."""

    database: Database

    @contextmanager
    def turn(self, source: str) -> Iterator[bool]:
        """Hold the source's turn during the block; gives False when another round over it is under way.

        It is a lock of the database session, not a lease with a time: it ends with the process that holds it,
        never before and never after, also when that process is only very slow.
        """
        with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            lock = {"name": f"pickup-{source}"}
            asked = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
            mine = bool(connection.execute(asked, lock).scalar())
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), lock)

    def started(self, source: str, now: datetime) -> None:
        """Record that a round begins."""
        with self.database.transaction() as session:
            _know(session, source)
            session.execute(_of(source).values(started_at=now))

    def succeeded(self, source: str, taken: int, now: datetime) -> None:
        """Record a round without a failure, and how many receipts it took in."""
        with self.database.transaction() as session:
            _know(session, source)
            more = col(SourceRow.taken) + taken
            session.execute(_of(source).values(succeeded_at=now, failure="", failures=0, taken=more))

    def failed(self, source: str, failure: str, taken: int, now: datetime) -> None:
        """Record a round with failures; the first of a row of them is a trouble to show."""
        with self.database.transaction() as session:
            _know(session, source)
            changed = _of(source).values(
                failed_at=now,
                failure=plain(failure),
                failures=col(SourceRow.failures) + 1,
                taken=col(SourceRow.taken) + taken,
            )
            if session.execute(changed.returning(col(SourceRow.failures))).scalar_one() == 1:
                note_trouble(session, "source", source, failure, now)

    def all(self) -> tuple[SourceState, ...]:
        """List all sources ever seen, by name."""
        with self.database.transaction() as session:
            rows = session.scalars(select(SourceRow).order_by(col(SourceRow.source)))
            return tuple(
                SourceState(r.source, r.started_at, r.succeeded_at, r.failed_at, r.failure, r.failures, r.taken)
                for r in rows
            )

    def cursor(self, source: str) -> str:
        """Give the place that the source last noted, or an empty string."""
        with self.database.transaction() as session:
            return session.scalar(select(col(SourceRow.cursor)).where(col(SourceRow.source) == source)) or ""

    def forget_cursors(self) -> None:
        """Let every source begin anew: what is known is recognized by its origin."""
        with self.database.transaction() as session:
            session.execute(update(SourceRow).values(cursor=""))

    def note_cursor(self, source: str, cursor: str) -> None:
        """Keep the source's own note of its place."""
        with self.database.transaction() as session:
            _know(session, source)
            session.execute(_of(source).values(cursor=cursor))


def note_trouble(session: Session, kind: str, subject: str, message: str, now: datetime) -> None:
    """Record something that an operator should know."""
    session.add(ProblemRow(at=now, kind=kind, subject=plain(subject), message=plain(message)))


def said_lately(session: Session, kind: str, subject: str, now: datetime) -> bool:
    """Tell whether an operator was told the same within the hour: what lasts is not said again and again."""
    same = (col(ProblemRow.kind) == kind, col(ProblemRow.subject) == plain(subject))
    return bool(session.scalar(select(exists().where(*same, col(ProblemRow.at) > now - timedelta(hours=1)))))


def _know(session: Session, source: str) -> None:
    row = {"source": source, "cursor": "", "failure": "", "failures": 0, "taken": 0}
    session.execute(insert(SourceRow).values(row).on_conflict_do_nothing())


def _of(source: str) -> Update:
    return update(SourceRow).where(col(SourceRow.source) == source)
