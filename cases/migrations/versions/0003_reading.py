"""Add what was read of each receipt, with the versions that read it, so that it can be replayed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reading",
        sa.Column("receipt_id", sa.BigInteger, sa.ForeignKey("receipt.id"), primary_key=True, autoincrement=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_version", sa.Integer, nullable=False),
        sa.Column("versions", JSONB, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
