"""The tables of the desk's people: who may sign in, who is signed in, and who failed to."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from cases.columns import Table, identity, instant_column, refers_to


class PersonRow(Table, table=True):
    """Somebody who may sign in. Never removed: the audit trail and the steps of cases name them."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("name"),)

    id: int = identity()
    name: str = Field(sa_type=Text)
    shown: str = Field(sa_type=Text)
    roles: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    password: str = Field(sa_type=Text)
    """Argon2 hash; empty for who signs in by the single sign-on only."""
    subject: str = Field(sa_type=Text)
    """The identity at the single sign-on, noted at the first sign-in by it; empty before."""
    made_at: datetime = instant_column()
    disabled_at: datetime | None = instant_column(empty=True)


class SessionRow(Table, table=True):
    """Somebody who is signed in. The token itself is only in the browser; here is its hash."""

    __tablename__ = "desk_session"

    digest: str = Field(sa_type=Text, primary_key=True)
    person_id: int = refers_to("person.id")
    token: str = Field(sa_type=Text)
    """What every form of this session carries."""
    made_at: datetime = instant_column()
    seen_at: datetime = instant_column()


class FailureRow(Table, table=True):
    """A sign-in that failed: counted for the name that was tried and for the address it came from."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_what", "what", "at"),)

    id: int = identity()
    what: str = Field(sa_type=Text)
    """Hash of the name or of the address: what people type by mistake is not kept."""
    at: datetime = instant_column()
