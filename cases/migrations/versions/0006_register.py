"""Chain the lines of the register, let letters have lines, and let a line be annulled."""

import json
import secrets
from datetime import UTC
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ERASABLE = """
CREATE OR REPLACE FUNCTION register_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    personal text[] := ARRAY['sender', 'recipient', 'subject', 'salt'];
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'register_line' THEN
        IF to_jsonb(NEW) ->> 'sender' = '' AND to_jsonb(NEW) ->> 'recipient' = ''
           AND to_jsonb(NEW) ->> 'subject' = '' AND to_jsonb(NEW) ->> 'salt' = ''
           AND to_jsonb(NEW) - personal = to_jsonb(OLD) - personal THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the register is append-only';
END $$
"""
_LINES = """
    SELECT year, number, registered_at, received_at, receipt_id, item, direction, channel, digest, sender, subject
      FROM register_line ORDER BY year, number
"""
_CHAIN = """
    UPDATE register_line SET salt = :salt, seal = :seal, previous = :previous, hash = :hash
     WHERE year = :year AND number = :number
"""


def upgrade() -> None:
    """Add the columns, chain what is there, and shut everything again."""
    op.execute("DROP TRIGGER register_line_append_only ON register_line")
    for name in ("recipient", "reference", "salt", "seal", "previous", "hash"):
        op.add_column("register_line", sa.Column(name, sa.Text, nullable=False, server_default=""))
        op.alter_column("register_line", name, server_default=None)
    op.alter_column("register_line", "receipt_id", nullable=True)
    op.create_index("ix_register_line_reference", "register_line", ["reference"])
    op.create_index("ix_register_line_registered_at", "register_line", ["registered_at"])
    op.add_column("register_counter", sa.Column("hash", sa.Text, nullable=False, server_default="0" * 64))
    op.alter_column("register_counter", "hash", server_default=None)
    op.create_table(
        "register_annulment",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _chain()
    op.execute(_ERASABLE)
    for table in ("register_line", "register_annulment"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION register_is_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION register_is_append_only()"
        )


def _chain() -> None:
    """Chain the lines that were written before there was a chain; an erased one has nothing left to seal."""
    connection = op.get_bind()
    last: dict[int, str] = {}
    for line in connection.execute(sa.text(_LINES)).mappings().all():
        salt = secrets.token_hex(16) if line["sender"] or line["subject"] else ""
        seal = _sha(f"{salt}\n{_json([line['sender'], '', line['subject']])}")
        previous = last.get(line["year"], "0" * 64)
        instants = [line[name].astimezone(UTC).isoformat() for name in ("registered_at", "received_at")]
        place = [previous, line["year"], line["number"], *instants, line["receipt_id"], line["item"]]
        digest = _sha(_json([*place, line["direction"], line["channel"], line["digest"], "", seal]))
        told = {"salt": salt, "seal": seal, "previous": previous, "hash": digest}
        connection.execute(sa.text(_CHAIN), told | {"year": line["year"], "number": line["number"]})
        last[line["year"]] = digest
    for year, digest in last.items():
        tip = sa.text("UPDATE register_counter SET hash = :hash WHERE year = :year")
        connection.execute(tip, {"year": year, "hash": digest})


def _json(told: list[object]) -> str:
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"))


def _sha(words: str) -> str:
    return sha256(words.encode()).hexdigest()
