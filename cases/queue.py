"""The one queue: cases in the order in which they arrived, and what the desk should know about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from cases.case import Case, CaseState
from cases.database import Database
from cases.register import RegisterNumber
from cases.store import RECEIVED
from cases.tables import CaseRow, ProblemRow, ReceiptRow, RefusalRow
from checks.validation import Outcome
from intake.receipt import Channel

FOR_CLERK: Final = (CaseState.WAITING_CLERK, CaseState.REFUSAL_PROPOSED)
"""The states in which nothing happens until a clerk acts."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases to list; an empty part asks for all."""

    states: Sequence[CaseState] = ()
    outcomes: Sequence[Outcome] = ()
    forms: Sequence[str] = ()
    channels: Sequence[Channel] = ()
    limit: int = 1000
    after: int = 0
    """How many to pass over."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of what. ``oldest_unread`` is the arrival of the oldest receipt not yet looked at."""

    receipts: Mapping[Channel, int]
    unread: int
    cases: Mapping[CaseState, int]
    outcomes: Mapping[Outcome, int]
    refused: Mapping[str, int]
    oldest_unread: datetime | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that an operator should know."""

    at: datetime
    kind: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What came in and became no case, or a part of it that could not be used (``whole`` False)."""

    at: datetime
    receipt: int
    channel: Channel
    delivery: str
    name: str
    reason: str
    message: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """Read what is in the queue of one database."""

    database: Database

    def cases(self, wanted: Wanted | None = None) -> tuple[Case, ...]:
        """List cases by arrival, then by birth."""
        asked = wanted or Wanted()
        query = select(CaseRow).order_by(col(CaseRow.received_at), col(CaseRow.id))
        for column, values in (
            (CaseRow.state, asked.states),
            (CaseRow.outcome, asked.outcomes),
            (CaseRow.form, asked.forms),
            (CaseRow.channel, asked.channels),
        ):
            if values:
                query = query.where(col(column).in_([str(v) for v in values]))
        with self.database.transaction() as session:
            return tuple(case_of(row) for row in session.scalars(query.offset(asked.after).limit(asked.limit)))

    def case(self, number: RegisterNumber) -> Case | None:
        """Give the case with a register number, or None when no case has it."""
        query = select(CaseRow).where(col(CaseRow.year) == number.year, col(CaseRow.number) == number.number)
        with self.database.transaction() as session:
            row = session.scalars(query).one_or_none()
            return None if row is None else case_of(row)

    def for_clerk(self) -> tuple[Case, ...]:
        """List what waits for a clerk, oldest first."""
        return self.cases(Wanted(states=FOR_CLERK))

    def counts(self) -> Counts:
        """Count what there is."""
        unread = select(func.min(col(ReceiptRow.received_at)), func.count()).where(col(ReceiptRow.state) == RECEIVED)
        with self.database.transaction() as session:
            oldest, waiting = session.execute(unread).one()
            return Counts(
                receipts={Channel(k): n for k, n in _grouped(session, col(ReceiptRow.channel)).items()},
                unread=waiting,
                cases={CaseState(k): n for k, n in _grouped(session, col(CaseRow.state)).items()},
                outcomes={Outcome(k): n for k, n in _grouped(session, col(CaseRow.outcome)).items()},
                refused=_grouped(session, col(RefusalRow.reason), col(RefusalRow.whole)),
                oldest_unread=oldest,
            )

    def refusals(self, limit: int = 1000) -> tuple[Refusal, ...]:
        """List what became no case, newest first."""
        query = select(RefusalRow, ReceiptRow).join(ReceiptRow, col(ReceiptRow.id) == col(RefusalRow.receipt_id))
        with self.database.transaction() as session:
            rows = session.execute(query.order_by(col(RefusalRow.id).desc()).limit(limit))
            return tuple(_refusal(row[0], row[1]) for row in rows)

    def troubles(self, limit: int = 20) -> tuple[Trouble, ...]:
        """List what an operator should know, newest first."""
        query = select(ProblemRow).order_by(col(ProblemRow.id).desc()).limit(limit)
        with self.database.transaction() as session:
            return tuple(Trouble(r.at, r.kind, r.subject, r.message) for r in session.scalars(query))


def _grouped(session: Session, column: Mapped[str], *where: Mapped[bool]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(*where).group_by(column))
    return {row[0]: row[1] for row in rows}


def _refusal(row: RefusalRow, receipt: ReceiptRow) -> Refusal:
    return Refusal(
        at=row.at,
        receipt=receipt.id,
        channel=Channel(receipt.channel),
        delivery=receipt.name,
        name=row.name,
        reason=row.reason,
        message=row.message,
        whole=row.whole,
    )


def case_of(row: CaseRow) -> Case:
    """Give the case that a row holds."""
    return Case(
        id=row.id,
        number=str(RegisterNumber(row.year, row.number)),
        state=CaseState(row.state),
        outcome=Outcome(row.outcome),
        reasons=tuple(row.reasons),
        form=row.form,
        channel=Channel(row.channel),
        received_at=row.received_at,
        registered_at=row.registered_at,
        sender=row.sender,
        receipt=row.receipt_id,
        item=row.item,
        hold_until=row.hold_until,
        payload=row.payload,
        completed_at=row.completed_at,
    )
