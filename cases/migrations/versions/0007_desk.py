"""Add the desk's people and their sessions, the audit trail, and who has which case in hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; what the audit trail says can be erased, but its lines can be neither changed nor removed."""
    _people()
    op.create_table(
        "audit_line",
        sa.Column("seq", sa.BigInteger, nullable=False),
        _instant("at"),
        *(_words(n) for n in ("actor", "action", "subject", "said", "salt", "seal", "previous", "hash")),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_line"),
    )
    op.create_index("ix_audit_line_subject", "audit_line", ["subject", "seq"])
    op.create_index("ix_audit_line_actor", "audit_line", ["actor", "seq"])
    op.create_table(
        "audit_tip",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        _words("hash"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_tip"),
    )
    op.create_table(
        "claim",
        sa.Column("case_id", sa.BigInteger, nullable=False),
        _words("holder"),
        _instant("taken_at"),
        _instant("until"),
        sa.PrimaryKeyConstraint("case_id", name="pk_claim"),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name="fk_claim_case_id_case_"),
    )
    op.execute(_GUARD)


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        _words("name"),
        _words("shown"),
        sa.Column("roles", ARRAY(sa.Text), nullable=False),
        _words("password"),
        _words("subject"),
        _instant("made_at"),
        _instant("disabled_at", empty=True),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("name", name="uq_person_name"),
    )
    op.create_table(
        "desk_session",
        _words("digest"),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        _words("token"),
        _instant("made_at"),
        _instant("seen_at"),
        sa.PrimaryKeyConstraint("digest", name="pk_desk_session"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_desk_session_person_id_person"),
    )
    op.create_index("ix_desk_session_person_id", "desk_session", ["person_id"])
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        _words("what"),
        _instant("at"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failure"),
    )
    op.create_index("ix_sign_in_failure_what", "sign_in_failure", ["what", "at"])


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _instant(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


_GUARD = """
CREATE FUNCTION audit_line_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.said = '' AND NEW.salt = ''
           AND to_jsonb(NEW) - 'said' - 'salt' = to_jsonb(OLD) - 'said' - 'salt' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_line_append_only BEFORE UPDATE OR DELETE ON audit_line
    FOR EACH ROW EXECUTE FUNCTION audit_line_is_append_only();
CREATE TRIGGER audit_line_never_emptied BEFORE TRUNCATE ON audit_line
    FOR EACH STATEMENT EXECUTE FUNCTION audit_line_is_append_only();
"""
