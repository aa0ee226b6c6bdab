"""Webhooks: who wants to be told of which steps; what is due, what was told, and what nobody took.

The steps of cases are the outbox: a step is written in the transaction of its change, so none is lost. ``announce``
lays it ready for every endpoint; a message is then told until it is taken or dead, the steps of one case in order.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.hook_address import check_address
from cases.hook_secrets import at_rest, in_plain
from cases.hook_tables import EndpointRow, MessageRow
from cases.moves import GATEWAY
from cases.register import RegisterNumber
from cases.tables import CaseRow, StepRow
from intake.sealed import Broken, KeyMissing, Keyring

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
DEAD: Final = "dead"
_LOCK: Final = 7_221_001
"""Of the announcer: one at a time, so that the steps of a case are laid ready in their order."""
_SECRET_BYTES: Final = 32
FORMER_FOR: Final = timedelta(days=1)
"""For so long the former secret signs, too, after a rotation."""


class NoEndpoint(Exception):
    """There is no such endpoint, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that is told of steps. ``secrets`` sign: the present one first."""

    id: int
    url: str
    events: tuple[str, ...]
    owner: str
    made_at: datetime
    ended_at: datetime | None = None
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One step to be told to one address. Without ``secrets`` it cannot be signed: their key is not at hand."""

    id: int
    endpoint: int
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    step: int
    number: RegisterNumber
    event: str
    state: str
    at: datetime
    attempts: int
    """How often it was tried, this time included."""


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that nobody took."""

    id: int
    endpoint: int
    number: RegisterNumber
    event: str
    attempts: int
    failure: str
    ended_at: datetime | None


def new_secret() -> str:
    """Make a secret as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def add_endpoint(
    session: Session,
    url: str,
    events: Sequence[str],
    now: datetime,
    ring: Keyring,
    owner: str = GATEWAY,
    *,
    inside: bool = False,
) -> tuple[Endpoint, str]:
    """Register an address; give it with its secret, which is shown this once. Raises ``BadAddress``."""
    secret, address = new_secret(), check_address(url, inside=inside)
    row = EndpointRow(
        url=address,
        events=sorted(set(events)),
        secret=at_rest(secret, address, ring),
        former="",
        owner=owner,
        made_at=now,
        ending="",
    )
    session.add(row)
    session.flush()
    return _endpoint(row), secret


def endpoints(session: Session, owner: str = "") -> tuple[Endpoint, ...]:
    """List the endpoints, those that ended too; of one owner, or of all."""
    wanted = select(EndpointRow).order_by(col(EndpointRow.id))
    wanted = wanted.where(col(EndpointRow.owner) == owner) if owner else wanted
    return tuple(_endpoint(row) for row in session.scalars(wanted))


def rotate(session: Session, endpoint: int, now: datetime, ring: Keyring, owner: str = "") -> str:
    """Give an endpoint a new secret; the former one signs beside it for a day. Raises ``NoEndpoint``."""
    row = _own(session, endpoint, owner)
    secret = new_secret()
    row.former, row.former_until, row.secret = row.secret, now + FORMER_FOR, at_rest(secret, row.url, ring)
    return secret


def end_endpoint(session: Session, endpoint: int, now: datetime, why: str, owner: str = "") -> None:
    """Tell an endpoint nothing more; what waits for it is dead. Raises ``NoEndpoint``."""
    row = _own(session, endpoint, owner)
    row.ended_at, row.ending = row.ended_at or now, row.ending or why
    waiting = update(MessageRow).where(col(MessageRow.endpoint_id) == endpoint, col(MessageRow.state) == WAITING)
    session.execute(waiting.values(state=DEAD, ended_at=now, failure=why))


def announce(session: Session, now: datetime, most: int = 500) -> int:
    """Lay the next steps ready for every endpoint that wants them; give how many steps. One announcer at a time."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    fresh = select(StepRow).where(~col(StepRow.announced)).order_by(col(StepRow.id)).limit(most)
    steps = session.scalars(fresh.with_for_update()).all()
    told = session.scalars(select(EndpointRow).where(col(EndpointRow.ended_at).is_(None))).all()
    rows = [
        {"endpoint_id": e.id, "step_id": s.id, "case_id": s.case_id, "state": WAITING, "attempts": 0, "next_at": now,
         "failure": ""}
        for s in steps
        for e in told
        if s.at >= e.made_at and (not e.events or s.event in e.events)
    ]  # fmt: skip
    if rows:
        session.execute(insert(MessageRow).on_conflict_do_nothing(), rows)
    if steps:
        seen = update(StepRow).where(col(StepRow.id).in_([step.id for step in steps]))
        session.execute(seen.values(announced=True))
    return len(steps)


_DUE: Final = text(
    """
    SELECT m.id FROM webhook_endpoint e CROSS JOIN LATERAL
           (SELECT id FROM webhook_message m
             WHERE m.endpoint_id = e.id AND m.state = 'waiting' AND m.next_at <= :now
               AND NOT EXISTS (SELECT 1 FROM webhook_message o
                                WHERE o.endpoint_id = m.endpoint_id AND o.case_id = m.case_id AND o.state = 'waiting'
                                  AND o.step_id < m.step_id)
             ORDER BY m.next_at, m.id LIMIT :most FOR UPDATE SKIP LOCKED) m
     WHERE e.ended_at IS NULL
    """
)
"""For each endpoint its first due messages; one of a case only when no earlier one of that case still waits."""


def take_due(session: Session, now: datetime, hold: timedelta, ring: Keyring, most: int = 16) -> tuple[Message, ...]:
    """Take what is due, at most ``most`` for each endpoint; who dies with it in hand gives it back after ``hold``."""
    ids = session.scalars(_DUE, {"now": now, "most": most}).all()
    if not ids:
        return ()
    mine = update(MessageRow).where(col(MessageRow.id).in_(ids))
    session.execute(mine.values(next_at=now + hold, attempts=col(MessageRow.attempts) + 1))
    wanted = (
        select(MessageRow, EndpointRow, StepRow, col(CaseRow.year), col(CaseRow.number))
        .join(EndpointRow, col(EndpointRow.id) == col(MessageRow.endpoint_id))
        .join(StepRow, col(StepRow.id) == col(MessageRow.step_id))
        .join(CaseRow, col(CaseRow.id) == col(MessageRow.case_id))
        .where(col(MessageRow.id).in_(ids))
        .order_by(col(MessageRow.endpoint_id), col(MessageRow.step_id))
    )
    return tuple(
        _message(m, s, RegisterNumber(y, n), e.url, _secrets(e, ring, now)) for m, e, s, y, n in session.execute(wanted)
    )


def note_told(session: Session, message: Message, now: datetime) -> None:
    """Note that a message was taken."""
    _note(session, message, state=DELIVERED, ended_at=now, failure="")


def note_failed(session: Session, message: Message, failure: str, again_at: datetime | None, now: datetime) -> None:
    """Note that a message was not taken, and when it is tried again; None: never, it is dead."""
    if again_at is None:
        _note(session, message, state=DEAD, ended_at=now, failure=failure)
    else:
        _note(session, message, next_at=again_at, failure=failure)


def put_off(session: Session, messages: Sequence[Message], until: datetime) -> None:
    """Give messages back that were not even tried, as their endpoint had just failed."""
    mine = update(MessageRow).where(col(MessageRow.id).in_([m.id for m in messages]))
    session.execute(mine.values(next_at=until, attempts=col(MessageRow.attempts) - 1))


def dead(session: Session, endpoint: int = 0, owner: str = "", most: int = 200) -> tuple[Dead, ...]:
    """List what nobody took, newest first."""
    wanted = (
        select(MessageRow, col(StepRow.event), col(CaseRow.year), col(CaseRow.number))
        .join(EndpointRow, col(EndpointRow.id) == col(MessageRow.endpoint_id))
        .join(StepRow, col(StepRow.id) == col(MessageRow.step_id))
        .join(CaseRow, col(CaseRow.id) == col(MessageRow.case_id))
        .where(col(MessageRow.state) == DEAD)
        .order_by(col(MessageRow.id).desc())
        .limit(most)
    )
    wanted = wanted.where(col(MessageRow.endpoint_id) == endpoint) if endpoint else wanted
    wanted = wanted.where(col(EndpointRow.owner) == owner) if owner else wanted
    return tuple(
        Dead(m.id, m.endpoint_id, RegisterNumber(year, number), event, m.attempts, m.failure, m.ended_at)
        for m, event, year, number in session.execute(wanted)
    )


def replay(session: Session, endpoint: int, now: datetime, owner: str = "") -> int:
    """Let everything that is dead for an endpoint be told again, under the same ids; an ended one begins again.

    Give how many. Raises ``NoEndpoint``.
    """
    row = _own(session, endpoint, owner)
    row.ended_at, row.ending = None, ""
    again = update(MessageRow).where(col(MessageRow.endpoint_id) == endpoint, col(MessageRow.state) == DEAD)
    told = again.values(state=WAITING, attempts=0, next_at=now, ended_at=None).returning(col(MessageRow.id))
    return len(session.execute(told).all())


def _note(session: Session, message: Message, **values: object) -> None:
    mine = update(MessageRow).where(col(MessageRow.id) == message.id, col(MessageRow.state) == WAITING)
    session.execute(mine.values(**values))


def _own(session: Session, endpoint: int, owner: str) -> EndpointRow:
    row = session.get(EndpointRow, endpoint, with_for_update=True)
    if row is None or (owner and row.owner != owner):
        raise NoEndpoint(f"there is no webhook {endpoint}")
    return row


def _endpoint(row: EndpointRow) -> Endpoint:
    return Endpoint(row.id, row.url, tuple(row.events), row.owner, row.made_at, row.ended_at, row.ending)


def _secrets(endpoint: EndpointRow, ring: Keyring, now: datetime) -> tuple[str, ...]:
    former = (endpoint.former,) if endpoint.former_until is not None and endpoint.former_until > now else ()
    try:
        return tuple(in_plain(kept, endpoint.url, ring) for kept in (endpoint.secret, *former))
    except (KeyMissing, Broken):
        return ()


def _message(message: MessageRow, step: StepRow, number: RegisterNumber, url: str, signing: tuple[str, ...]) -> Message:
    return Message(
        id=message.id,
        endpoint=message.endpoint_id,
        url=url,
        secrets=signing,
        step=step.id,
        number=number,
        event=step.event,
        state=step.state,
        at=step.at,
        attempts=message.attempts,
    )
