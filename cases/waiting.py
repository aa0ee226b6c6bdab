"""The list of what waits, in the order in which it breaks; read a slice at a time, as fast at its end as at its start.

A case is ripe from its arrival on, or from the day until which it was held; the order is by that instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, tuple_
from sqlmodel import Session, col

from cases.case import CaseState
from cases.finding import Asked, matching
from cases.proposed import proposer
from cases.register import RegisterNumber
from cases.tables import CaseRow
from cases.trail_tables import ClaimRow


class View(StrEnum):
    """Which cases to look at, by where they stand."""

    WAITING = "waiting"
    """Nothing happens until a person acts."""
    MINE = "mine"
    """What the person has in hand."""
    CUSTOMER = "customer"
    HELD = "held"
    QUEUED = "queued"
    OPEN = "open"
    """All on which the work has not ended."""


# Written out, not bound: PostgreSQL takes a partial index only for a condition that it can read.
_STATES: Final = {
    View.WAITING: "state IN ('waiting_clerk', 'refusal_proposed')",
    View.MINE: "state IN ('waiting_clerk', 'refusal_proposed')",
    View.CUSTOMER: "state = 'waiting_customer'",
    View.HELD: "state = 'held'",
    View.QUEUED: "state = 'queued'",
    View.OPEN: "state IN ('waiting_clerk', 'refusal_proposed', 'waiting_customer', 'held', 'queued')",
}
_BEGIN: Final = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order."""

    ripe_at: datetime
    case_id: int


@dataclass(frozen=True, slots=True)
class Sought:
    """What to list; an empty part asks for all. ``actor`` is whose ``MINE`` means."""

    view: View = View.WAITING
    form: str | None = None
    """A form's code; the empty text asks for cases of no known form."""
    channel: str = ""
    outcome: str = ""
    reason: str = ""
    asked: Asked | None = None
    actor: str = ""
    others_refusals: bool = False
    """For the next case: leave out a refusal that ``actor`` proposed, which another must confirm."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list. ``message`` is the weightiest of its findings."""

    id: int
    number: str
    state: CaseState
    outcome: str
    reasons: tuple[str, ...]
    form: str
    channel: str
    received_at: datetime
    hold_until: date | None
    place: Place
    name: str
    message: str
    holder: str
    """Who has it in hand, as an actor; empty when nobody has."""
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Some lines, in order, and whether there are others before and after."""

    lines: tuple[Waiting, ...]
    earlier: bool
    later: bool


def waiting(session: Session, sought: Sought, now: datetime, *, after: Place, limit: int = 50) -> Slice:
    """Give the lines that follow a place."""
    rows = _rows(session, sought, now, _place() > _bound(after), limit, forward=True)
    return Slice(tuple(rows[:limit]), earlier=after != START, later=len(rows) > limit)


def waiting_before(session: Session, sought: Sought, now: datetime, *, before: Place, limit: int = 50) -> Slice:
    """Give the lines that come before a place."""
    rows = _rows(session, sought, now, _place() < _bound(before), limit, forward=False)
    return Slice(tuple(reversed(rows[:limit])), earlier=len(rows) > limit, later=True)


def how_many(session: Session, sought: Sought, now: datetime, most: int = 1000) -> int:
    """Count what is listed, up to ``most``: beyond that nobody needs the number, and it would take its time."""
    query = _where(select(literal_column("1")).select_from(CaseRow), sought, now).limit(most)
    return int(session.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def next_after(session: Session, sought: Sought, now: datetime, *, after: Place) -> Waiting | None:
    """Give the next case that nobody else has in hand, or None at the end of the list."""
    free = col(ClaimRow.holder).is_(None) | (col(ClaimRow.holder) == sought.actor)
    where = and_(_place() > _bound(after), free)
    if sought.others_refusals:
        proposed = col(CaseRow.state) == CaseState.REFUSAL_PROPOSED
        where &= ~proposed | proposer(col(CaseRow.id)).is_distinct_from(sought.actor)
    found = _rows(session, sought, now, where, 0, forward=True)
    return found[0] if found else None


def one(session: Session, case_id: int, now: datetime) -> Waiting | None:
    """Give the line of one case, wherever it stands; None when there is none."""
    standing = and_(col(ClaimRow.case_id) == col(CaseRow.id), col(ClaimRow.until) > now)
    query = select(CaseRow, ClaimRow, _weightiest()).join(ClaimRow, standing, isouter=True)
    row = session.execute(query.where(col(CaseRow.id) == case_id)).one_or_none()
    return None if row is None else _line(row)


START: Final = Place(_BEGIN, 0)


def _place() -> Any:  # noqa: ANN401  a tuple of columns has no closer type
    return tuple_(col(CaseRow.ripe_at), col(CaseRow.id))


def _bound(place: Place) -> Any:  # noqa: ANN401
    return tuple_(place.ripe_at, place.case_id)


def _rows(
    session: Session, sought: Sought, now: datetime, where: ColumnElement[bool], limit: int, *, forward: bool
) -> Sequence[Waiting]:
    columns = (col(CaseRow.ripe_at), col(CaseRow.id))
    wanted: Select[Any] = select(CaseRow, ClaimRow, _weightiest())  # type: ignore[assignment]
    query = _where(wanted, sought, now).where(where)
    ordered = query.order_by(*(columns if forward else [c.desc() for c in columns])).limit(limit + 1)
    return [_line(row) for row in session.execute(ordered)]


def _where(query: Select[Any], sought: Sought, now: datetime) -> Select[Any]:
    standing = and_(col(ClaimRow.case_id) == col(CaseRow.id), col(ClaimRow.until) > now)
    query = query.join(ClaimRow, standing, isouter=sought.view is not View.MINE)
    query = query.where(literal_column(_STATES[sought.view]))
    if sought.view is View.MINE:
        query = query.where(col(ClaimRow.holder) == sought.actor)
    if sought.form is not None:
        query = query.where(col(CaseRow.form) == sought.form)
    for column, value in ((CaseRow.channel, sought.channel), (CaseRow.outcome, sought.outcome)):
        query = query.where(col(column) == value) if value else query
    if sought.reason:
        query = query.where(col(CaseRow.reasons).contains([sought.reason]))
    return query.where(col(CaseRow.id).in_(matching(sought.asked))) if sought.asked is not None else query


def _weightiest() -> ColumnElement[str]:
    """Give the message of the first finding that made the outcome what it is."""
    heavy = '$[*] ? (@.severity != "note").message'
    return literal_column(f"jsonb_path_query_first(case_.payload -> 'findings', '{heavy}') #>> '{{}}'")


def _line(row: Any) -> Waiting:  # noqa: ANN401  the row of an outer join
    case, claim, message = row
    if case.ripe_at is None:
        raise TypeError(f"the database gave no order to case {case.id}")
    fields = case.payload.get("fields", {})
    names = [fields.get(name, {}).get("value") for name in ("holder_surname", "holder_given_name")]
    return Waiting(
        id=case.id,
        number=str(RegisterNumber(case.year, case.number)),
        state=CaseState(case.state),
        outcome=case.outcome,
        reasons=tuple(case.reasons),
        form=case.form,
        channel=case.channel,
        received_at=case.received_at,
        hold_until=case.hold_until,
        place=Place(case.ripe_at, case.id),
        name=" ".join(name for name in names if isinstance(name, str)),
        message=message or "",
        holder=claim.holder if claim else "",
        until=claim.until if claim else None,
    )
