"""Make the tables of the first version.

A frozen copy of the tables as they were: a later change of ``cases/tables.py`` gets a step of its own.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _instants(*names: str, empty: bool = False) -> list[sa.Column[datetime]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=empty) for name in names]


def _of(table: str, column: str = "receipt_id", *, index: bool = True) -> sa.Column[int]:
    return sa.Column(column, sa.BigInteger, sa.ForeignKey(f"{table}.id"), nullable=False, index=index)


def upgrade() -> None:
    """Make the tables."""
    _receipts()
    _cases()
    _register()
    _work()


def _receipts() -> None:
    op.create_table(
        "receipt",
        _id(),
        *_texts("origin", "channel", "name"),
        sa.Column("digest", sa.Text, nullable=False, index=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        *_instants("received_at", "registered_at"),
        *_instants("settled_at", empty=True),
        *_texts("sender", "subject", "message_id"),
        sa.Column("facts", JSONB, nullable=False),
        *_texts("state"),
        *_numbers("sweeps", "deaths"),
        *_texts("failure"),
        sa.UniqueConstraint("origin"),
    )
    op.create_index("ix_receipt_open", "receipt", ["state", "registered_at"])
    op.create_table(
        "refusal",
        _id(),
        _of("receipt"),
        *_texts("name", "reason", "message"),
        sa.Column("whole", sa.Boolean, nullable=False),
        *_instants("at"),
    )


def _cases() -> None:
    op.create_table(
        "case_",
        _id(),
        _of("receipt", index=False),
        *_numbers("item", "year", "number"),
        *_texts("state", "outcome"),
        sa.Column("reasons", ARRAY(sa.Text), nullable=False),
        *_texts("form", "edition", "channel", "sender"),
        *_instants("received_at", "registered_at"),
        sa.Column("hold_until", sa.Date, nullable=True),
        sa.Column("payload", JSONB, nullable=False),
        *_numbers("version"),
        sa.UniqueConstraint("receipt_id", "item"),
        sa.UniqueConstraint("year", "number"),
    )
    op.create_index("ix_case__queue", "case_", ["state", "received_at", "id"])
    op.create_table("case_step", _id(), _of("case_", "case_id"), *_instants("at"), *_texts("event", "state", "actor"))


def _register() -> None:
    op.create_table(
        "register_line",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *_instants("registered_at"),
        _of("receipt"),
        *_numbers("item"),
        *_texts("direction", "digest", "channel", "sender", "subject"),
        *_instants("received_at"),
    )
    op.create_table(
        "register_counter",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        *_numbers("last"),
    )
    op.execute(
        "CREATE FUNCTION register_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the register is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER register_line_append_only BEFORE UPDATE OR DELETE ON register_line "
        "FOR EACH ROW EXECUTE FUNCTION register_is_append_only()"
    )


def _work() -> None:
    op.create_table(
        "source_state",
        sa.Column("source", sa.Text, primary_key=True),
        *_texts("cursor"),
        *_instants("started_at", "succeeded_at", "failed_at", empty=True),
        *_texts("failure"),
        *_numbers("failures", "taken"),
    )
    op.create_table(
        "pickup_slot",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
        *_instants("at"),
    )
    op.create_table(
        "problem",
        _id(),
        *_instants("at"),
        sa.Column("kind", sa.Text, nullable=False, index=True),
        *_texts("subject", "message"),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Text, primary_key=True),
        *_instants("made_at"),
        *_texts("queue_schema"),
    )
