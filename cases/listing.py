"""Listing: pages of the queue by arrival, each as fast as the first, however many cases there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, func, literal, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from cases.case import CaseState
from cases.register import RegisterNumber
from cases.tables import CaseRow
from checks.validation import Outcome
from intake.receipt import Channel


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order of arrival: after the case that arrived then and has this id."""

    received_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Sought:
    """Which cases to list; an empty part asks for all. Days and instants: from, and before."""

    states: Sequence[CaseState] = ()
    form: str = ""
    channel: Channel | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: a case without what was read of it."""

    id: int
    number: RegisterNumber
    state: CaseState
    outcome: Outcome
    reasons: tuple[str, ...]
    form: str
    edition: str
    channel: Channel
    received_at: datetime
    registered_at: datetime
    hold_until: date | None
    version: int

    @property
    def position(self) -> Position:
        """Its place in the order."""
        return Position(self.received_at, self.id)


def page(session: Session, sought: Sought, after: Position | None, limit: int) -> tuple[Entry, ...]:
    """Give at most ``limit`` cases by arrival that come after a position.

    Each state is asked by itself, along the index in which its cases stand by arrival; the few first of each are
    merged. So a page costs the same at its end as at its beginning, and no filter walks over all other cases.
    """
    asked = literal([state.value for state in sought.states or CaseState], ARRAY(Text))
    state = func.unnest(asked).table_valued("state").render_derived()
    first = _of_state(state.c.state, sought, after, limit).lateral()
    merged = select(first).select_from(state.join(first, true()))
    found = session.execute(merged.order_by(first.c.received_at, first.c.id).limit(limit))
    return tuple(_entry(row) for row in found)


_COLUMNS: tuple[Any, ...] = tuple(
    col(column)
    for column in (
        CaseRow.id, CaseRow.year, CaseRow.number, CaseRow.state, CaseRow.outcome, CaseRow.reasons, CaseRow.form,
        CaseRow.edition, CaseRow.channel, CaseRow.received_at, CaseRow.registered_at, CaseRow.hold_until,
        CaseRow.version,
    )
)  # fmt: skip


def _of_state(state: ColumnElement[str], sought: Sought, after: Position | None, limit: int) -> Select[Any]:
    wanted = [col(CaseRow.state) == state, *_narrowed(sought)]
    if after is not None:
        place = tuple_(col(CaseRow.received_at), col(CaseRow.id))
        wanted.append(place > tuple_(after.received_at, after.id))
    return select(*_COLUMNS).where(*wanted).order_by(col(CaseRow.received_at), col(CaseRow.id)).limit(limit)


def _narrowed(sought: Sought) -> list[ColumnElement[bool]]:
    arrived = col(CaseRow.received_at)
    told = (
        col(CaseRow.form) == sought.form if sought.form else None,
        col(CaseRow.channel) == sought.channel if sought.channel else None,
        arrived >= sought.received_from if sought.received_from else None,
        arrived < sought.received_before if sought.received_before else None,
    )
    return [condition for condition in told if condition is not None]


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        number=RegisterNumber(row.year, row.number),
        state=CaseState(row.state),
        outcome=Outcome(row.outcome),
        reasons=tuple(row.reasons),
        form=row.form,
        edition=row.edition,
        channel=Channel(row.channel),
        received_at=row.received_at,
        registered_at=row.registered_at,
        hold_until=row.hold_until,
        version=row.version,
    )
