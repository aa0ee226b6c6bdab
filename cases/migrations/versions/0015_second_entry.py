"""Add the fields that are keyed a second time, to measure how many are wrong."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    texts = ("field", "kind", "channel", "source", "first_by", "second_by", "third_by", "right")
    op.create_table(
        "second_entry",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("case_.id"), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first", JSONB, nullable=False),
        sa.Column("second", JSONB, nullable=False),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.UniqueConstraint("case_id", "field"),
    )
    op.create_index("ix_second_entry_case_id", "second_entry", ["case_id"])
    op.create_index("ix_second_entry_open", "second_entry", ["settled_at", "id"])
