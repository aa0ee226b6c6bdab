"""The tables. Domain tables are the truth; the job queue carries only ids, and can be rebuilt from them."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from cases.columns import ChainedTable, Table, TipTable, identity, instant_column, metadata, refers_to

__all__ = ["metadata"]

_RIPE: Final = "GREATEST(received_at, ((hold_until)::timestamp without time zone AT TIME ZONE 'Europe/Rome'::text))"
_WAITING: Final = "state IN ('waiting_clerk', 'refusal_proposed')"
_OPEN: Final = "'waiting_clerk', 'refusal_proposed', 'waiting_customer', 'held', 'queued'"


class ReceiptRow(Table, table=True):
    """A delivery whose bytes are safe. ``state`` is ``received`` until its cases or refusals are committed."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("origin"),
        Index("ix_receipt_open", "state", "registered_at"),
        Index("ix_receipt_message_id", "message_id", postgresql_where=text("message_id <> ''")),
    )

    id: int = identity()
    origin: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text, index=True)
    size: int = Field(sa_type=BigInteger)
    received_at: datetime = instant_column()
    registered_at: datetime = instant_column()
    settled_at: datetime | None = instant_column(empty=True)
    sender: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    message_id: str = Field(sa_type=Text)
    facts: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = Field(sa_type=Text)
    sweeps: int
    """How often the sweeper had to give it a new job."""
    deaths: int
    """How many workers died while they looked at it."""
    failure: str = Field(sa_type=Text)
    erased_at: datetime | None = instant_column(empty=True)
    """When its contents were erased; number, dates and digest stay."""


class AliasRow(Table, table=True):
    """The same delivery under another name: a mailbox that was numbered anew shows every mail a second time."""

    __tablename__ = "receipt_alias"

    origin: str = Field(sa_type=Text, primary_key=True)
    receipt_id: int = refers_to("receipt.id")
    at: datetime = instant_column()


class CaseRow(Table, table=True):
    """One case. A receipt has each of its items once: the last line of defence against a second case."""

    __tablename__ = "case_"
    __table_args__ = (
        UniqueConstraint("receipt_id", "item"),
        UniqueConstraint("year", "number"),
        Index("ix_case__queue", "state", "received_at", "id"),
        Index("ix_case__form", "state", "form", "received_at", "id"),
        Index("ix_case__channel", "state", "channel", "received_at", "id"),
        Index("ix_case__ripe", "state", "ripe_at", "id"),
        Index("ix_case__ripe_open", "ripe_at", "id", postgresql_where=text(f"state IN ({_OPEN})")),
        *(
            Index(f"ix_case__waiting{'_'.join(('', *more))}", *more, "ripe_at", "id", postgresql_where=text(_WAITING))
            for more in ((), ("form",), ("channel",))
        ),
        Index("ix_case__sender", "sender", "received_at"),
    )

    id: int = identity()
    receipt_id: int = Field(sa_column=Column(BigInteger, ForeignKey("receipt.id"), nullable=False))
    item: int
    year: int
    number: int
    state: str = Field(sa_type=Text)
    outcome: str = Field(sa_type=Text)
    reasons: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    form: str = Field(sa_type=Text)
    edition: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    sender: str = Field(sa_type=Text)
    received_at: datetime = instant_column()
    registered_at: datetime = instant_column()
    hold_until: date | None
    ripe_at: datetime | None = Field(
        default=None, sa_column=Column(DateTime(timezone=True), Computed(_RIPE, persisted=True))
    )
    """From when it has been waiting: its arrival, or the day until which it was held. The database reckons it."""
    completed_at: datetime | None = instant_column(empty=True)
    """When the papers came that made it complete; None for one that was complete when it came, or is not yet."""
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    version: int


class StepRow(Table, table=True):
    """One arrow that a case went along. Also the outbox: letters and webhooks each mark what they have seen to."""

    __tablename__ = "case_step"
    __table_args__ = (
        Index("ix_case_step_unwritten", "id", postgresql_where=text("NOT written")),
        Index("ix_case_step_unannounced", "id", postgresql_where=text("NOT announced")),
    )

    id: int = identity()
    case_id: int = refers_to("case_.id")
    at: datetime = instant_column()
    event: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    """``gateway``, ``clerk:NAME`` or ``client:NAME``."""
    written: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    """Letters have decided what the customer is told of it."""
    announced: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    """It lies ready for every webhook that wants it."""


class EntryRow(ChainedTable, table=True):
    """One line of the conservation ledger, chained to the one before. Only ``name`` and ``salt`` can be erased."""

    __tablename__ = "ledger_entry"

    kind: str = Field(sa_type=Text)
    receipt_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("receipt.id"), nullable=True, index=True), default=None
    )
    document: int
    page: int
    digest: str = Field(sa_type=Text)
    bin: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    """Under the seal; of a line of the register, all that the register says is, and nothing stands here."""


class TipRow(TipTable, table=True):
    """The end of the ledger."""

    __tablename__ = "ledger_tip"


class ReadingRow(Table, table=True):
    """What was read of a receipt, by which versions: the record of ``cases.recorded``, for replay. Personal data."""

    __tablename__ = "reading"

    receipt_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("receipt.id"), primary_key=True, autoincrement=False)
    )
    made_at: datetime = instant_column()
    record_version: int
    versions: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RefusalRow(Table, table=True):
    """What came in and became no case, or no part of one, with its reason."""

    __tablename__ = "refusal"

    id: int = identity()
    receipt_id: int = refers_to("receipt.id")
    name: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    message: str = Field(sa_type=Text)
    whole: bool
    """True when the whole receipt became no case; False for a part of it that could not be used."""
    at: datetime = instant_column()


class SourceRow(Table, table=True):
    """How a source fares: where it stands, when it last succeeded, what failed last."""

    __tablename__ = "source_state"

    source: str = Field(sa_type=Text, primary_key=True)
    cursor: str = Field(sa_type=Text)
    started_at: datetime | None = instant_column(empty=True)
    succeeded_at: datetime | None = instant_column(empty=True)
    failed_at: datetime | None = instant_column(empty=True)
    failure: str = Field(sa_type=Text)
    failures: int
    """How many times in a row."""
    taken: int


class SlotRow(Table, table=True):
    """A tick of the clock that one scheduler won."""

    __tablename__ = "pickup_slot"

    source: str = Field(sa_type=Text, primary_key=True)
    slot: int = Field(sa_type=BigInteger, primary_key=True)
    at: datetime = instant_column()


class ProblemRow(Table, table=True):
    """Something an operator should know: a crash loop, a rescued job, a source that fails."""

    __tablename__ = "problem"

    id: int = identity()
    at: datetime = instant_column()
    kind: str = Field(sa_type=Text, index=True)
    subject: str = Field(sa_type=Text)
    message: str = Field(sa_type=Text)


class InstallationRow(Table, table=True):
    """The identity of this installation: two databases with the same mailbox would be two registers."""

    __tablename__ = "installation"

    id: str = Field(sa_type=Text, primary_key=True)
    made_at: datetime = instant_column()
    queue_schema: str = Field(sa_type=Text)
    """The last schema migration of the job queue that is applied."""
