"""Let every arrow of a case be seen to by the letters and by the webhooks: the steps are the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two marks. What happened before there were letters and webhooks stays untold."""
    for mark, index in (("written", "unwritten"), ("announced", "unannounced")):
        op.add_column("case_step", sa.Column(mark, sa.Boolean, nullable=False, server_default=sa.true()))
        op.alter_column("case_step", mark, server_default=None)
        op.create_index(f"ix_case_step_{index}", "case_step", ["id"], postgresql_where=sa.text(f"NOT {mark}"))
