"""Add the conservation ledger, other names of receipts, and the erasure of what is personal in the register."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ERASABLE = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.{one} = '' AND NEW.{other} = ''
           AND to_jsonb(NEW) - '{one}' - '{other}' = to_jsonb(OLD) - '{one}' - '{other}' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '{what} is append-only';
END $$
"""


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables, and let the two append-only ones lose their personal columns and nothing else."""
    op.add_column("receipt", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "receipt_alias",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("receipt_id", sa.BigInteger, sa.ForeignKey("receipt.id"), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_texts("kind"),
        sa.Column("receipt_id", sa.BigInteger, sa.ForeignKey("receipt.id"), nullable=True, index=True),
        sa.Column("document", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        *_texts("digest", "bin", "target", "reason", "seal", "name", "salt", "previous", "hash"),
    )
    op.create_table(
        "ledger_tip",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        *_texts("hash"),
    )
    ledger = {"function": "ledger_is_append_only", "one": "name", "other": "salt", "what": "the ledger"}
    register = {"function": "register_is_append_only", "one": "sender", "other": "subject", "what": "the register"}
    op.execute(_ERASABLE.format(**ledger))
    op.execute(_ERASABLE.format(**register))
    op.execute(
        "CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    )
