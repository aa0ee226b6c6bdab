"""The tables of the protocol register: its lines, what was annulled, the last number of each year, the days written."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, text
from sqlmodel import Field

from cases.columns import Table, instant_column


class LineRow(Table, table=True):
    """One line of the protocol register, chained to the line before it. Never changed, never removed.

    Only the personal columns ``sender``, ``recipient``, ``subject`` and ``salt`` can be emptied: ``seal`` stays.
    """

    __tablename__ = "register_line"
    __table_args__ = (
        Index("ix_register_line_registered_at", "registered_at"),
        Index("ix_register_line_erased", "registered_at", postgresql_where=text("salt = ''")),
    )

    year: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    registered_at: datetime = instant_column()
    receipt_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("receipt.id"), nullable=True, index=True), default=None
    )
    """The delivery; None for what goes out, and for what was registered while the gateway stood still."""
    item: int
    direction: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    sender: str = Field(sa_type=Text)
    recipient: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    reference: str = Field(sa_type=Text, index=True)
    """The register number of the case that it belongs to, where that is not its own; or its emergency number."""
    received_at: datetime = instant_column()
    salt: str = Field(sa_type=Text)
    seal: str = Field(sa_type=Text)
    """SHA-256 of salt, sender, recipient and subject: what was erased stays provable to whoever kept it."""
    previous: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)


class AnnulmentRow(Table, table=True):
    """A line of the register that was annulled: it stays readable, and its number is never given again."""

    __tablename__ = "register_annulment"

    year: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = instant_column()
    operator: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)


class CounterRow(Table, table=True):
    """The last number given in a year, and the hash of its line. Its lock orders all who register."""

    __tablename__ = "register_counter"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
    hash: str = Field(sa_type=Text)


class DayRow(Table, table=True):
    """A day of the register that was written into files, and is closed since. Never changed, never removed.

    An erasure makes a new edition of a day, without the words that were erased; the files of the one before go.
    """

    __tablename__ = "register_day"

    day: date = Field(primary_key=True)
    """Of Rome."""
    edition: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    written_at: datetime = instant_column()
    lines: int
    annulled: int
    erased: int
    """How many of the lines say that their words were erased."""
    digest: str = Field(sa_type=Text)
    """That of the day: over the hashes of its lines, and its annulments."""
    pdf: str = Field(sa_type=Text)
    """SHA-256 of the file."""
    csv: str = Field(sa_type=Text)
