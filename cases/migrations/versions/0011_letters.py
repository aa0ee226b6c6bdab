"""Keep the letters: what the customer is told, to whom it went, and what came back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_WORDS = (
    "code", "state", "reason", "way", "role", "to_name", "to_address", "title", "subject", "body", "sheet", "answers",
    "message_id", "document", "sent",
)  # fmt: skip


def upgrade() -> None:
    """Add the tables."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("step_id", sa.BigInteger, sa.ForeignKey("case_step.id"), nullable=False),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("case_.id"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _WORDS),
        sa.Column("to_lines", JSONB, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("number", sa.Integer),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("attempts", "resends", "version")),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("given_at", instant),
        sa.Column("sent_at", instant),
        sa.UniqueConstraint("step_id"),
    )
    op.create_index("ix_letter_case_id", "letter", ["case_id"])
    op.create_index("ix_letter_state", "letter", ["state", "id"])
    op.create_index("ix_letter_message_id", "letter", ["message_id"])
    op.create_index("ix_letter_to_address", "letter", ["to_address", "sent_at"])
    op.create_table(
        "letter_note",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("letter_id", sa.BigInteger, sa.ForeignKey("letter.id"), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("detail", JSONB, nullable=False),
        sa.Column("receipt_id", sa.BigInteger, sa.ForeignKey("receipt.id")),
    )
    op.create_index("ix_letter_note_letter_id", "letter_note", ["letter_id"])
    op.create_index("ix_letter_note_receipt_id", "letter_note", ["receipt_id"])
    op.create_table(
        "letter_mark",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )
