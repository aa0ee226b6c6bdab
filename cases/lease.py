"""Lease: a machine holds a case of the queue for a while, by a token; what it does not finish comes back by itself.

Every change of a lease happens under the lock of its case's row, so that two consumers never hold one case.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from sqlalchemy import select, text
from sqlmodel import Session, col

from cases.case import Case, CaseState, Event
from cases.claims import held_by_clerk
from cases.lease_tables import LeaseRow
from cases.moves import GATEWAY, move
from cases.queue import case_of
from cases.register import RegisterNumber
from cases.tables import CaseRow

MOST_AT_ONCE: Final = 100
"""So many cases, at most, go out or come back in one transaction."""
_TOKEN_BYTES: Final = 24


class Ending(StrEnum):
    """How a lease ended."""

    COMPLETED = "completed"
    RELEASED = "released"
    EXPIRED = "expired"


class NoSuchCase(Exception):
    """No case has this number."""


class LeaseLost(Exception):
    """The token holds the case no longer, or never did; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A case in the hands of a machine. ``token`` proves it; it is given once and stored nowhere."""

    case: Case
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds, which case, by which token: what every later call must show."""

    holder: str
    number: RegisterNumber
    token: str = field(repr=False)

    @property
    def actor(self) -> str:
        """The actor of the case's steps."""
        return client_actor(self.holder)


End = Callable[[Session, Hold, datetime], Case]
"""``complete`` or ``release``."""


def client_actor(name: str) -> str:
    """Name a machine client as the actor of a step."""
    return f"client:{name}"


def claim(
    session: Session, holder: str, now: datetime, for_s: float, most: int = 1, forms: Sequence[str] = ()
) -> tuple[Lease, ...]:
    """Take the oldest queued cases by arrival, at most ``most``, for ``for_s`` seconds.

    What other claims hold locked is passed over, and what a clerk has in hand. Leases that expired come back first,
    so that a queue with nothing else to give gives those.
    """
    return_expired(session, now)
    most = min(most, MOST_AT_ONCE)
    rows = _oldest_of(session, forms, most, now) if forms else _oldest(session, most, now)
    return tuple(_lend(session, row, holder, now, for_s) for row in rows)


def renew(session: Session, hold: Hold, now: datetime, for_s: float) -> datetime:
    """Hold a case for ``for_s`` seconds from now; give the new end. Raises ``NoSuchCase`` and ``LeaseLost``."""
    _, lease = _held(session, hold, now)
    lease.expires_at = now + timedelta(seconds=for_s)
    return lease.expires_at


def complete(session: Session, hold: Hold, now: datetime) -> Case:
    """Close a case for good. Repeating it with the same token changes nothing. Raises as ``renew``."""
    return _end(session, hold, now, Ending.COMPLETED)


def release(session: Session, hold: Hold, now: datetime) -> Case:
    """Give a case back to its place in the queue. Repeating it changes nothing. Raises as ``renew``."""
    return _end(session, hold, now, Ending.RELEASED)


def return_expired(session: Session, now: datetime, most: int = MOST_AT_ONCE) -> int:
    """Give the cases back whose lease has expired; give how many. Cases locked by others are passed over."""
    expired = (
        select(CaseRow, LeaseRow)
        .join(LeaseRow, col(LeaseRow.case_id) == col(CaseRow.id))
        .where(col(LeaseRow.ended_at).is_(None), col(LeaseRow.expires_at) <= now)
        .order_by(col(LeaseRow.expires_at))
        .limit(most)
        .with_for_update(of=CaseRow, skip_locked=True)
    )
    found = session.execute(expired).all()
    for case, lease in found:
        _close(session, case, lease, Ending.EXPIRED, now, GATEWAY)
    return len(found)


_EVENTS: Final = {
    Ending.COMPLETED: Event.CLOSED,
    Ending.RELEASED: Event.RETURNED,
    Ending.EXPIRED: Event.RETURNED,
}


_OF_FORMS: Final = text(
    """
    SELECT c.id FROM unnest(CAST(:forms AS text[])) AS f (form) CROSS JOIN LATERAL
           (SELECT id, received_at FROM case_ WHERE state = :queued AND form = f.form
               AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.case_id = case_.id AND claim.until > :now)
             ORDER BY received_at, id LIMIT :most FOR UPDATE SKIP LOCKED) c
     ORDER BY c.received_at, c.id LIMIT :most
    """
)
"""Each form is asked by itself, along its index: a form that is rare in the queue is found as fast as any."""


def _oldest(session: Session, most: int, now: datetime) -> Sequence[CaseRow]:
    queued = select(CaseRow).where(col(CaseRow.state) == CaseState.QUEUED, ~held_by_clerk(now))
    oldest = queued.order_by(col(CaseRow.received_at), col(CaseRow.id)).limit(most)
    return session.scalars(oldest.with_for_update(skip_locked=True)).all()


def _oldest_of(session: Session, forms: Sequence[str], most: int, now: datetime) -> Sequence[CaseRow]:
    asked = {"now": now, "forms": sorted(set(forms)), "queued": CaseState.QUEUED.value, "most": most}
    locked = session.scalars(_OF_FORMS, asked).all()
    of_ids = select(CaseRow).where(col(CaseRow.id).in_(locked))
    return session.scalars(of_ids.order_by(col(CaseRow.received_at), col(CaseRow.id))).all()


def _lend(session: Session, row: CaseRow, holder: str, now: datetime, for_s: float) -> Lease:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    until = now + timedelta(seconds=for_s)
    move(session, row, Event.TAKEN, now, client_actor(holder))
    lease = LeaseRow(case_id=row.id, holder=holder, digest=_digest(token), taken_at=now, expires_at=until, ending="")
    session.add(lease)
    return Lease(case_of(row), token, until)


def _end(session: Session, hold: Hold, now: datetime, ending: Ending) -> Case:
    case, lease = _locked(session, hold)
    if lease.ending != ending:
        _refuse_lost(lease, now)
        _close(session, case, lease, ending, now, hold.actor)
    return case_of(case)


def _close(session: Session, case: CaseRow, lease: LeaseRow, ending: Ending, now: datetime, actor: str) -> None:
    lease.ended_at, lease.ending = now, ending
    move(session, case, _EVENTS[ending], now, actor)


def _held(session: Session, hold: Hold, now: datetime) -> tuple[CaseRow, LeaseRow]:
    case, lease = _locked(session, hold)
    _refuse_lost(lease, now)
    return case, lease


def _locked(session: Session, hold: Hold) -> tuple[CaseRow, LeaseRow]:
    """Lock the case, then look for its lease: in this order always, so that nobody waits in a circle."""
    of_number = select(CaseRow).where(col(CaseRow.year) == hold.number.year, col(CaseRow.number) == hold.number.number)
    case = session.scalars(of_number.with_for_update()).one_or_none()
    if case is None:
        raise NoSuchCase(f"There is no case {hold.number}.")
    mine = select(LeaseRow).where(
        col(LeaseRow.digest) == _digest(hold.token),
        col(LeaseRow.case_id) == case.id,
        col(LeaseRow.holder) == hold.holder,
    )
    lease = session.scalars(mine).one_or_none()
    if lease is None:
        raise LeaseLost(f"This token never held case {hold.number}: claim a case and use the token that comes with it.")
    return case, lease


def _refuse_lost(lease: LeaseRow, now: datetime) -> None:
    if lease.ended_at is not None:
        raise LeaseLost(f"The lease was {lease.ending} before: claim again, and drop what was done under it.")
    if lease.expires_at <= now:
        raise LeaseLost("The lease has expired: claim again, and renew in good time.")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
