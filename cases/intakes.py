"""Past intakes, for replay: each settled receipt with what was read of it and the cases it became. Only ever read."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select, text
from sqlmodel import Session, col

from cases.database import Database
from cases.recorded import NoRecord, Recorded, unpressed
from cases.register import RegisterNumber
from cases.store import SETTLED
from cases.tables import CaseRow, ReadingRow, ReceiptRow
from intake.receipt import Channel

ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class Span:
    """Which past intakes are meant: received since a day (Rome), with a case of a form, the one of a case."""

    since: date | None = None
    form: str = ""
    case: RegisterNumber | None = None
    limit: int = 0


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case as it stands: its register number, and the submission as it is published."""

    number: str
    payload: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Intake:
    """One settled receipt, read by ``versions``.

    ``record`` is None where none was stored, or where it cannot be read; then ``missing`` says why.
    """

    receipt: int
    name: str
    channel: Channel
    digest: str
    received_at: datetime
    settled_at: datetime
    cases: tuple[PastCase, ...]
    record: Recorded | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""

    @property
    def looked_on(self) -> date:
        """The day that its checks went by."""
        kept = self.record.looked_on if self.record else None
        return kept or self.settled_at.astimezone(ROME).date()


@dataclass(frozen=True, slots=True)
class Intakes:
    """The past of one database."""

    database: Database

    def numbers(self, span: Span) -> Sequence[int]:
        """List the receipts of a span whose contents are not erased, in the order of their arrival."""
        asked = select(col(ReceiptRow.id)).where(col(ReceiptRow.state) == SETTLED)
        of_it = col(CaseRow.receipt_id) == col(ReceiptRow.id)
        erased = col(CaseRow.payload).contains({"findings": [{"rule": "erased"}]})
        asked = asked.where(col(ReceiptRow.erased_at).is_(None), ~exists().where(of_it, erased))
        if span.since is not None:
            asked = asked.where(col(ReceiptRow.received_at) >= datetime.combine(span.since, time(), ROME))
        if span.form:
            asked = asked.where(exists().where(of_it, col(CaseRow.form) == span.form))
        if span.case is not None:
            year, number = span.case.year, span.case.number
            asked = asked.where(exists().where(of_it, col(CaseRow.year) == year, col(CaseRow.number) == number))
        asked = asked.order_by(col(ReceiptRow.id))
        with self._reading() as session:
            return session.execute(asked.limit(span.limit) if span.limit else asked).scalars().all()

    def intake(self, receipt: int) -> Intake:
        """Give one past intake. Raises ``KeyError`` for an unknown or unsettled receipt."""
        with self._reading() as session:
            row, kept = session.get(ReceiptRow, receipt), session.get(ReadingRow, receipt)
            if row is None or row.settled_at is None:
                raise KeyError(receipt)
            of_it = select(CaseRow).where(col(CaseRow.receipt_id) == receipt).order_by(col(CaseRow.item))
            record, missing = _record(kept)
            return Intake(
                receipt=row.id,
                name=row.name,
                channel=Channel(row.channel),
                digest=row.digest,
                received_at=row.received_at,
                settled_at=row.settled_at,
                cases=tuple(
                    PastCase(str(RegisterNumber(c.year, c.number)), c.payload) for c in session.execute(of_it).scalars()
                ),
                record=record,
                versions=kept.versions if kept else {},
                missing=missing,
            )

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """Give a transaction in which the database itself refuses any change."""
        with self.database.transaction() as session:
            session.execute(text("SET TRANSACTION READ ONLY"))
            yield session


def _record(kept: ReadingRow | None) -> tuple[Recorded | None, str]:
    if kept is None:
        return None, "no reading is stored: it was settled before readings were kept"
    try:
        return unpressed(kept.body, kept.record_version), ""
    except NoRecord as error:
        return None, str(error)
