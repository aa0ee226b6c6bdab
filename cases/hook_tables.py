"""The tables of webhooks: who wants to be told, and what lies ready for them."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from cases.columns import Table, identity, instant_column, refers_to

_WAITS = text("state = 'waiting'")


class EndpointRow(Table, table=True):
    """An address that is told of steps. Its secret signs, and is kept as ``cases.hook_secrets`` says."""

    __tablename__ = "webhook_endpoint"

    id: int = identity()
    url: str = Field(sa_type=Text)
    events: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    """Only these events; empty for all."""
    secret: str = Field(sa_type=Text)
    former: str = Field(sa_type=Text)
    """The secret before, which still signs beside the new one until ``former_until``."""
    former_until: datetime | None = instant_column(empty=True)
    owner: str = Field(sa_type=Text)
    """The machine client that registered it, or ``gateway`` for an operator."""
    made_at: datetime = instant_column()
    ended_at: datetime | None = instant_column(empty=True)
    ending: str = Field(sa_type=Text)
    """Why nothing more is sent to it."""


class MessageRow(Table, table=True):
    """One step for one endpoint. Its id for the receiver is the step's, the same over every repeat."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "step_id"),
        Index("ix_webhook_message_due", "endpoint_id", "next_at", postgresql_where=_WAITS),
        Index("ix_webhook_message_order", "endpoint_id", "case_id", "step_id", postgresql_where=_WAITS),
        Index("ix_webhook_message_dead", "endpoint_id", "id", postgresql_where=text("state = 'dead'")),
    )

    id: int = identity()
    endpoint_id: int = refers_to("webhook_endpoint.id")
    step_id: int = refers_to("case_step.id")
    case_id: int = refers_to("case_.id")
    state: str = Field(sa_type=Text)
    """``waiting``, ``delivered`` or ``dead``."""
    attempts: int
    next_at: datetime = instant_column()
    failure: str = Field(sa_type=Text)
    """What went wrong last: a status or the kind of error, never what the receiver said."""
    ended_at: datetime | None = instant_column(empty=True)
