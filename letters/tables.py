"""The tables of the letters: one row a letter, one row for each thing that happened to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from cases.columns import Table, identity, instant_column, metadata, refers_to

__all__ = ["metadata"]


class LetterRow(Table, table=True):
    """One letter. A step of a case has one at most: the last line of defence against telling a thing twice."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("step_id"),
        Index("ix_letter_state", "state", "id"),
        Index("ix_letter_message_id", "message_id"),
        Index("ix_letter_to_address", "to_address", "sent_at"),
    )

    id: int = identity()
    step_id: int = Field(sa_column=Column(BigInteger, ForeignKey("case_step.id"), nullable=False))
    case_id: int = refers_to("case_.id")
    code: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    """Why it is held, withheld, uncertain or failed: a code of ours, or what the other side said."""
    way: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    to_name: str = Field(sa_type=Text)
    to_address: str = Field(sa_type=Text)
    """A mail address or a fax number, "" for print."""
    to_lines: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    title: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    """Its words, in the signs of ``markup``."""
    sheet: str = Field(sa_type=Text)
    """The code of the return sheet that goes along, "" for none."""
    answers: str = Field(sa_type=Text)
    """The Message-ID that it answers, "" for none."""
    message_id: str = Field(sa_type=Text)
    year: int | None
    number: int | None
    document: str = Field(sa_type=Text)
    """SHA-256 of the PDF with its segnatura."""
    sent: str = Field(sa_type=Text)
    """SHA-256 of what left the house: the mail, the fax, the print."""
    attempts: int
    resends: int
    """How often a clerk had it sent again: each time it is another file in a tray."""
    created_at: datetime = instant_column()
    given_at: datetime | None = instant_column(empty=True)
    """When it was given out of hand for the first time, right before the other side could have taken it."""
    sent_at: datetime | None = instant_column(empty=True)
    version: int


class LetterNoteRow(Table, table=True):
    """Something that happened to a letter: who did what, or which receipt came back for it."""

    __tablename__ = "letter_note"

    id: int = identity()
    letter_id: int = refers_to("letter.id")
    at: datetime = instant_column()
    what: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    detail: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    receipt_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("receipt.id"), nullable=True, index=True), default=None
    )
    """The PEC receipt, bounce or automatic answer that came back for it."""


class LetterMarkRow(Table, table=True):
    """How far the ledger was looked through for what came back."""

    __tablename__ = "letter_mark"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(sa_type=BigInteger)


class RestoreRow(Table, table=True):
    """A restore that this database went through: of a backup made then, whose last step of a case was this."""

    __tablename__ = "restore"

    id: int = identity()
    made_at: datetime = instant_column()
    restored_at: datetime = instant_column()
    last_step: int = Field(sa_type=BigInteger)
