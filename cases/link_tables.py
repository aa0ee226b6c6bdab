"""The tables of what belongs together: the keys of every case, and the links between cases."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, text
from sqlmodel import Field

from cases.columns import Table, identity, instant_column, refers_to


class KeyRow(Table, table=True):
    """One sure thing by which an arrival is matched with a case. The database keeps it in step with the payload."""

    __tablename__ = "match_key"
    __table_args__ = (Index("ix_match_key_case_id", "case_id"),)

    kind: str = Field(sa_type=Text, primary_key=True)
    """``tax_code``, ``point`` (POD on its first 14 characters, or PDR) ``file`` (SHA-256), or ``likely`` for a code
    that a clerk is asked about."""
    value: str = Field(sa_type=Text, primary_key=True)
    case_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("case_.id"), primary_key=True, autoincrement=False, nullable=False)
    )


class LinkRow(Table, table=True):
    """A case that another one carries, or perhaps should. It is ended by a split or a clerk's word, never removed."""

    __tablename__ = "case_link"
    __table_args__ = (
        Index(
            "ix_case_link_open", "case_id", unique=True, postgresql_where=text("ended_at IS NULL AND kind <> 'maybe'")
        ),
    )

    id: int = identity()
    case_id: int = refers_to("case_.id")
    carrier_id: int = refers_to("case_.id")
    kind: str = Field(sa_type=Text)
    """``duplicate``, ``joined``, or ``maybe``: then a clerk decides."""
    why: str = Field(sa_type=Text)
    """By what they were matched: a code of ``cases.match.Why``, or ``clerk``."""
    at: datetime = instant_column()
    actor: str = Field(sa_type=Text)
    ended_at: datetime | None = instant_column(empty=True)
    ended_by: str = Field(sa_type=Text)
