"""The tables of corrections: what people decided on a case, what stood there before, and what was keyed again."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from cases.columns import Table, identity, instant_column, refers_to


class CorrectionRow(Table, table=True):
    """One decision on one part of a case. Never changed but to be undone, or emptied when contents are erased."""

    __tablename__ = "correction"
    __table_args__ = (
        Index("ix_correction_part", "case_id", "target", "name", "id"),
        Index("ix_correction_at", "at"),
    )

    id: int = identity()
    case_id: int = refers_to("case_.id")
    at: datetime = instant_column()
    actor: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    act: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    was: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    """What stood there before: state, value, raw text and source, as they are published."""
    now: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    undone_at: datetime | None = instant_column(empty=True)
    undone_by: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class SecondRow(Table, table=True):
    """One field that is keyed again: what stood there first, what the second and the third person said."""

    __tablename__ = "second_entry"
    __table_args__ = (UniqueConstraint("case_id", "field"), Index("ix_second_entry_open", "settled_at", "id"))

    id: int = identity()
    case_id: int = refers_to("case_.id")
    field: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    chosen_at: datetime = instant_column()
    first: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    first_by: str = Field(sa_type=Text)
    second: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    second_by: str = Field(sa_type=Text)
    second_at: datetime | None = instant_column(empty=True)
    third_by: str = Field(sa_type=Text)
    right: str = Field(sa_type=Text)
    """``first``, ``second`` or ``neither``; empty until it is settled."""
    settled_at: datetime | None = instant_column(empty=True)


class WishRow(Table, table=True):
    """A person's wish to have a case read again, until it is answered. ``tries`` counts the jobs that were lost."""

    __tablename__ = "wish"

    id: int = identity()
    case_id: int = refers_to("case_.id")
    tries: int
