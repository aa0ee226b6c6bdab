"""The days of the register that are written into files: which is due, and its closing, noted in the ledger for good."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col

from cases.bins import Kind, Placed
from cases.ledger import append
from cases.register_day import Body, Day, day_of
from cases.register_tables import DayRow, LineRow
from checks.context import ROME

OVER_AFTER: Final = timedelta(minutes=10)
"""So long after midnight a day counts as over: whoever registers takes the time first and commits a moment later."""
NOTE: Final = "daily register"
_DAY: Final = timedelta(days=1)
_SHUT: Final = text("LOCK TABLE register_line, register_annulment IN SHARE ROW EXCLUSIVE MODE")
_FORGOTTEN: Final = text(
    """
    SELECT w.day FROM (SELECT DISTINCT ON (day) day, erased FROM register_day ORDER BY day, edition DESC) w
      JOIN (SELECT (registered_at AT TIME ZONE 'Europe/Rome')::date AS day, count(*) AS erased
              FROM register_line WHERE salt = '' GROUP BY 1) e USING (day)
     WHERE e.erased > w.erased ORDER BY 1 LIMIT 1
    """
)
_UNNOTED: Final = text(
    """
    SELECT d.day FROM register_day d WHERE 2 > (SELECT count(*) FROM ledger_entry e
       WHERE e.kind = 'noted' AND e.reason = :note AND e.digest IN (d.pdf, d.csv)
         AND e.target = d.day || ' ' || d.edition)
     ORDER BY 1
    """
)
_TAKEN_BACK: Final = text(
    """
    SELECT DISTINCT e.target FROM ledger_entry e WHERE e.kind = 'noted' AND e.reason = :note
       AND NOT EXISTS (SELECT 1 FROM register_day d
            WHERE e.digest IN (d.pdf, d.csv) AND e.target = d.day || ' ' || d.edition)
     ORDER BY 1
    """
)


class DayMoved(Exception):
    """The register of a day is no more what was set: set it again."""


@dataclass(frozen=True, slots=True)
class Written:
    """How far the daily register is written: up to which day, and how many finished days are still to be written."""

    last: date | None
    behind: int


def written(session: Session, now: datetime) -> Written:
    """Tell how far the daily register is written."""
    last = _last(session)
    first = _next(session, last)
    return Written(last, 0 if first is None else max(0, (_over(now) - first).days + 1))


def day_due(session: Session, now: datetime) -> date | None:
    """Give the day to be written next, the oldest first; each day has its turn, also one without a registration.

    When none is left: a day of which words were erased since it was written. None when nothing is to be done.
    """
    first = _next(session, _last(session))
    if first is not None and first <= _over(now):
        return first
    forgotten: date | None = session.scalar(_FORGOTTEN)
    return forgotten


def edition_of(session: Session, day: date) -> int:
    """Give the newest edition of a day, 0 when it is not written."""
    return session.scalar(select(func.max(col(DayRow.edition))).where(col(DayRow.day) == day)) or 0


def newest(session: Session, days: Sequence[date] | None = None) -> list[DayRow]:
    """Give the newest edition of every day that is written, or of these; the oldest day first."""
    query = select(DayRow).ext(distinct_on(col(DayRow.day))).order_by(col(DayRow.day), col(DayRow.edition).desc())
    return list(session.scalars(query if days is None else query.where(col(DayRow.day).in_(days))))


def close_day(session: Session, row: DayRow, body: Body) -> None:
    """Note the files of a day, in the caller's transaction and its last step; from its commit on the day is closed.

    Nobody registers or annuls meanwhile, and the database refuses afterwards what would fall on the day. Raises
    ``DayMoved`` when the register or the editions are not those that were set.
    """
    session.execute(_SHUT)
    now = day_of(session, body, row.day)
    if (now.digest, now.erased, edition_of(session, row.day) + 1) != (row.digest, row.erased, row.edition):
        raise DayMoved(f"the register of {row.day} changed while it was written")
    session.add(row)
    session.flush()
    target = f"{row.day} {row.edition}"
    noted = [Placed(Kind.NOTED, None, digest, target, NOTE) for digest in (row.pdf, row.csv)]
    append(session, None, noted, row.written_at)


def row_of(day: Day, edition: int, pdf: str, csv: str, now: datetime) -> DayRow:
    """Say what is noted of a day whose files have these SHA-256."""
    counts = {"lines": len(day.lines), "annulled": len(day.annulled), "erased": day.erased}
    return DayRow(day=day.day, edition=edition, written_at=now, **counts, digest=day.digest, pdf=pdf, csv=csv)


def check_written(session: Session, body: Body) -> Iterator[tuple[DayRow, Day, tuple[str, ...]]]:
    """Compare every written day with the register; give its newest edition, the day as it is now, what is wrong."""
    before: date | None = None
    for row in newest(session):
        now = day_of(session, body, row.day)
        wrong = []
        if before is not None and row.day != before + _DAY:
            wrong.append(f"the day {before + _DAY} is missing among those that were written")
        if (now.digest, len(now.lines), len(now.annulled)) != (row.digest, row.lines, row.annulled):
            wrong.append(f"the register of {row.day} is not the one that was written")
        before = row.day
        yield row, now, tuple(wrong)


def check_noted(session: Session) -> tuple[str, ...]:
    """Compare the written days with the ledger, both ways."""
    wrong = [f"the writing of {day} is not in the ledger" for day in session.scalars(_UNNOTED, {"note": NOTE})]
    wrong += [f"the writing of {day} was removed" for day in session.scalars(_TAKEN_BACK, {"note": NOTE})]
    return tuple(wrong)


def _last(session: Session) -> date | None:
    last: date | None = session.scalar(select(func.max(col(DayRow.day))))
    return last


def _next(session: Session, last: date | None) -> date | None:
    """Give the day after the last one written; the first of the register when none is, None when it is empty."""
    if last is not None:
        return last + _DAY
    first: datetime | None = session.scalar(select(func.min(col(LineRow.registered_at))))
    return first.astimezone(ROME).date() if first else None


def _over(now: datetime) -> date:
    return (now - OVER_AFTER).astimezone(ROME).date() - _DAY
