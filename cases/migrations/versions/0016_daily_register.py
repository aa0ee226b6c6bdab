"""Add the days of the register that were written down, and shut each for good once it is."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_CLOSED = """
CREATE FUNCTION register_day_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told timestamptz := (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz;
BEGIN
    IF (told AT TIME ZONE 'Europe/Rome')::date <= (SELECT max(day) FROM register_day) THEN
        RAISE EXCEPTION 'the register of % is written and closed: set the clock of this machine right', told;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER register_line_day_open BEFORE INSERT ON register_line
    FOR EACH ROW EXECUTE FUNCTION register_day_is_closed('registered_at');
CREATE TRIGGER register_annulment_day_open BEFORE INSERT ON register_annulment
    FOR EACH ROW EXECUTE FUNCTION register_day_is_closed('at');
CREATE TRIGGER register_day_append_only BEFORE UPDATE OR DELETE ON register_day
    FOR EACH ROW EXECUTE FUNCTION register_is_append_only();
CREATE TRIGGER register_day_never_emptied BEFORE TRUNCATE ON register_day
    FOR EACH STATEMENT EXECUTE FUNCTION register_is_append_only();
"""


def upgrade() -> None:
    """Make the table, and the guards: nothing is registered or annulled on a day that was written."""
    op.create_table(
        "register_day",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("lines", "annulled", "erased")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("digest", "pdf", "csv")),
        sa.PrimaryKeyConstraint("day", "edition", name="pk_register_day"),
    )
    op.create_index(
        "ix_register_line_erased", "register_line", ["registered_at"], postgresql_where=sa.text("salt = ''")
    )
    op.execute(_CLOSED)
