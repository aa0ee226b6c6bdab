"""Let others be told when a case changes."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _instant(name: str, *, empty: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _of(table: str, column: str) -> sa.Column[int]:
    return sa.Column(column, sa.BigInteger, sa.ForeignKey(f"{table}.id"), nullable=False, index=True)


def upgrade() -> None:
    """Make the tables of endpoints and messages."""
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        *_texts("url", "secret", "former", "owner", "ending"),
        sa.Column("events", ARRAY(sa.Text), nullable=False),
        _instant("former_until", empty=True),
        _instant("made_at"),
        _instant("ended_at", empty=True),
    )
    op.create_table(
        "webhook_message",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        _of("webhook_endpoint", "endpoint_id"),
        _of("case_step", "step_id"),
        _of("case_", "case_id"),
        *_texts("state", "failure"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _instant("next_at"),
        _instant("ended_at", empty=True),
        sa.UniqueConstraint("endpoint_id", "step_id"),
    )
    for name, columns, state in (
        ("due", ["endpoint_id", "next_at"], "waiting"),
        ("order", ["endpoint_id", "case_id", "step_id"], "waiting"),
        ("dead", ["endpoint_id", "id"], "dead"),
    ):
        where = sa.text(f"state = '{state}'")
        op.create_index(f"ix_webhook_message_{name}", "webhook_message", columns, postgresql_where=where)
