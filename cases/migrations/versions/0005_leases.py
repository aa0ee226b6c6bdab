"""Let machines hold cases of the queue for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of leases."""
    op.create_table(
        "case_lease",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("case_.id"), nullable=False, index=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ending", sa.Text, nullable=False),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index("uq_case_lease_open", "case_lease", ["case_id"], unique=True, postgresql_where=is_open)
    op.create_index("ix_case_lease_expires", "case_lease", ["expires_at"], postgresql_where=is_open)
