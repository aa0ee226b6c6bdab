"""Sessions: who is signed in. The browser holds a random token, the database its hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, select
from sqlmodel import Session, col

from backoffice.person import Person, Role
from backoffice.tables import PersonRow, SessionRow

_SEEN_EVERY: Final = timedelta(seconds=30)
"""How exactly the last sign of life is noted: not every request needs to write."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts: without a sign of life, and in any case."""

    idle: timedelta
    longest: timedelta


def begin(session: Session, person: PersonRow, now: datetime) -> str:
    """Begin a session, and give the token for the browser."""
    token = secrets.token_urlsafe(32)
    session.add(
        SessionRow(
            digest=_digest(token), person_id=person.id, token=secrets.token_urlsafe(24), made_at=now, seen_at=now
        )
    )
    return token


def seen(session: Session, token: str, lifetime: Lifetime, now: datetime) -> Person | None:
    """Give who holds a token, and note the sign of life. None when nobody does, or the session is over."""
    query = select(SessionRow, PersonRow).join(PersonRow, col(PersonRow.id) == col(SessionRow.person_id))
    found = session.execute(query.where(col(SessionRow.digest) == _digest(token))).one_or_none()
    if found is None:
        return None
    row, person = found
    if person.disabled_at or now - row.seen_at > lifetime.idle or now - row.made_at > lifetime.longest:
        session.delete(row)
        return None
    if now - row.seen_at > _SEEN_EVERY:
        row.seen_at = now
    return as_person(person, row.token)


def end(session: Session, token: str) -> None:
    """End the session of a token."""
    session.execute(delete(SessionRow).where(col(SessionRow.digest) == _digest(token)))


def end_all(session: Session, person_id: int) -> None:
    """End every session of a person."""
    session.execute(delete(SessionRow).where(col(SessionRow.person_id) == person_id))


def as_person(row: PersonRow, token: str = "") -> Person:
    """Give the person of a row."""
    return Person(row.id, row.name, row.shown, frozenset(Role(role) for role in row.roles), token)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
