"""Link cases that belong together, and find them by keys that follow every change of a case."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEYS = """
    SELECT DISTINCT c.id, k.kind, k.value FROM {cases}, LATERAL (
        SELECT 'tax_code', c.payload #>> '{{fields,holder_tax_code,value}}'
        UNION ALL SELECT 'point', left(c.payload #>> '{{fields,supply_pod,value}}', 14)
        UNION ALL SELECT 'point', c.payload #>> '{{fields,supply_pdr,value}}'
        UNION ALL SELECT 'file', f ->> 'sha256' FROM jsonb_array_elements(
            CASE jsonb_typeof(c.payload -> 'files') WHEN 'array' THEN c.payload -> 'files' ELSE '[]' END) f
    ) k (kind, value) WHERE k.value <> ''
"""
_FOLLOW = """
CREATE FUNCTION match_keys_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM match_key WHERE case_id = NEW.id;
    INSERT INTO match_key (case_id, kind, value) {keys};
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Make the tables, and let the database keep the keys."""
    op.create_table(
        "match_key",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("case_.id"), primary_key=True, autoincrement=False),
    )
    op.create_index("ix_match_key_case_id", "match_key", ["case_id"])
    _links()
    op.add_column("case_", sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_case__sender", "case_", ["sender", "received_at"])
    named = sa.text("message_id <> ''")
    op.create_index("ix_receipt_message_id", "receipt", ["message_id"], postgresql_where=named)
    op.execute(f"INSERT INTO match_key (case_id, kind, value) {_KEYS.format(cases='case_ c')}")
    op.execute(_FOLLOW.format(keys=_KEYS.format(cases="(SELECT NEW.id, NEW.payload) c")))
    op.execute(
        "CREATE TRIGGER match_keys_follow AFTER INSERT OR UPDATE OF payload ON case_ "
        "FOR EACH ROW EXECUTE FUNCTION match_keys_follow()"
    )


def _links() -> None:
    op.create_table(
        "case_link",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("case_.id"), nullable=False, index=True),
        sa.Column("carrier_id", sa.BigInteger, sa.ForeignKey("case_.id"), nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text, nullable=False),
    )
    one = sa.text("ended_at IS NULL AND kind <> 'maybe'")
    op.create_index("ix_case_link_open", "case_link", ["case_id"], unique=True, postgresql_where=one)
