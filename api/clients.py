"""Machine clients: who may call the API, for what, by which key.

A key holds 256 random bits, so that one round of SHA-256 keeps it: nobody guesses it, and a request costs no work.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from sqlalchemy import exists, select
from sqlmodel import col

from api.tables import ClientRow
from cases.database import Database

_MARK: Final = "sgw"
"""What every key begins with, so that a scanner of leaked secrets can tell it."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")


class Scope(StrEnum):
    """What a client may do. The names are part of the API."""

    CASES_READ = "cases:read"
    CASES_CLAIM = "cases:claim"
    DOCUMENTS_READ = "documents:read"
    SUBMISSIONS_WRITE = "submissions:write"
    WEBHOOKS_MANAGE = "webhooks:manage"


class BadClient(ValueError):
    """The client cannot be made, or is not there; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Client:
    """A machine that may call the API."""

    id: str
    name: str
    scopes: frozenset[Scope]
    made_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clients:
    """The machine clients of one database."""

    database: Database

    def add(self, name: str, scopes: Sequence[str], now: datetime) -> str:
        """Make a client and give its key, which is shown this once. Raises ``BadClient``."""
        if not _NAME.fullmatch(name):
            raise BadClient(f"{name!r} is no name: write up to 40 lower case letters, digits, dots and hyphens.")
        unknown = set(scopes) - {s.value for s in Scope}
        if unknown or not scopes:
            known = ", ".join(Scope)
            raise BadClient(
                f"no such scope: {', '.join(sorted(unknown)) or 'none given'}. Give one or more of {known}."
            )
        public = secrets.token_hex(6)
        key = f"{_MARK}_{public}_{secrets.token_urlsafe(32)}"
        with self.database.transaction() as session:
            if session.scalar(select(exists().where(col(ClientRow.name) == name))):
                raise BadClient(f"there is a client {name} already: its steps stay its own, so take another name.")
            session.add(ClientRow(id=public, name=name, digest=_digest(key), scopes=sorted(scopes), made_at=now))
        return key

    def all(self) -> tuple[Client, ...]:
        """List the clients by name, the revoked ones too."""
        with self.database.transaction() as session:
            return tuple(_client(row) for row in session.scalars(select(ClientRow).order_by(col(ClientRow.name))))

    def revoke(self, name: str, now: datetime) -> None:
        """Let a client's key count no more, from the next request on. Raises ``BadClient``."""
        with self.database.transaction() as session:
            row = session.scalars(select(ClientRow).where(col(ClientRow.name) == name)).one_or_none()
            if row is None:
                raise BadClient(f"there is no client {name}: 'gateway clients list' shows them all.")
            row.revoked_at = row.revoked_at or now

    def find(self, key: str) -> Client | None:
        """Give the client of a key; None for a key that never was, or was revoked."""
        mark, _, rest = key.partition("_")
        public = rest.partition("_")[0]
        if mark != _MARK or not public.isalnum() or not public.isascii():
            return None
        with self.database.transaction() as session:
            row = session.get(ClientRow, public)
        if row is None or row.revoked_at is not None or not compare_digest(row.digest, _digest(key)):
            return None
        return _client(row)


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def _client(row: ClientRow) -> Client:
    known = frozenset(Scope(s) for s in row.scopes if s in {scope.value for scope in Scope})
    return Client(row.id, row.name, known, row.made_at, row.revoked_at)
