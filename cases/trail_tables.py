"""The tables that serve the desk: the audit trail, who has which case in hand, and by what cases are found."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlmodel import Field

from cases.columns import ChainedTable, Table, TipTable, instant_column


class TrailRow(ChainedTable, table=True):
    """One line of the audit trail, chained to the one before. Only ``said`` and ``salt`` can be erased."""

    __tablename__ = "audit_line"
    __table_args__ = (Index("ix_audit_line_subject", "subject", "seq"), Index("ix_audit_line_actor", "actor", "seq"))

    actor: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    """What it was done to: a register number, a person's name, a page."""
    said: str = Field(sa_type=Text)
    """JSON: from what, to what. Personal data, hence not in the hash itself; its seal is."""


class TrailTipRow(TipTable, table=True):
    """The end of the audit trail."""

    __tablename__ = "audit_tip"


class ClaimRow(Table, table=True):
    """A case that somebody has in hand, until it expires or is given back."""

    __tablename__ = "claim"

    case_id: int = Field(sa_column=Column(BigInteger, ForeignKey("case_.id"), primary_key=True, autoincrement=False))
    holder: str = Field(sa_type=Text)
    """The actor, like ``clerk:anna``."""
    taken_at: datetime = instant_column()
    until: datetime = instant_column()


class KeyRow(Table, table=True):
    """Something by which a case is found. Kept by the database itself, with the case: see migration 0010."""

    __tablename__ = "case_key"
    __table_args__ = (Index("ix_case_key_kind_key", "kind", "key"),)

    case_id: int = Field(sa_column=Column(BigInteger, ForeignKey("case_.id"), primary_key=True, autoincrement=False))
    kind: str = Field(sa_type=Text, primary_key=True)
    key: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
