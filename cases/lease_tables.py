"""The table of leases: which machine holds which case of the queue, and until when."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from cases.columns import Table, identity, instant_column, refers_to


class LeaseRow(Table, table=True):
    """One lease, open until ``ended_at``. That a case has one open lease at most is the database's own word."""

    __tablename__ = "case_lease"
    __table_args__ = (
        Index("uq_case_lease_open", "case_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_case_lease_expires", "expires_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: int = identity()
    case_id: int = refers_to("case_.id")
    holder: str = Field(sa_type=Text)
    """The name of the machine client."""
    digest: str = Field(sa_type=Text, unique=True)
    """SHA-256 of the token, in hex: the token itself is known to the holder only."""
    taken_at: datetime = instant_column()
    expires_at: datetime = instant_column()
    ended_at: datetime | None = instant_column(empty=True)
    ending: str = Field(sa_type=Text)
    """How it ended: ``completed``, ``released`` or ``expired``; empty while it is open."""
