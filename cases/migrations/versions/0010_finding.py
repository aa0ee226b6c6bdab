"""Let the desk list what waits in the order in which it breaks, and find cases by what callers can tell."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_RIPE = "GREATEST(received_at, ((hold_until)::timestamp without time zone AT TIME ZONE 'Europe/Rome'::text))"
_WAITING = "state IN ('waiting_clerk', 'refusal_proposed')"
_OPEN = "state IN ('waiting_clerk', 'refusal_proposed', 'waiting_customer', 'held', 'queued')"


def upgrade() -> None:
    """Add the order of the list with its indexes, and the keys of each case, kept by the database itself."""
    op.add_column("case_", sa.Column("ripe_at", sa.DateTime(timezone=True), sa.Computed(_RIPE, persisted=True)))
    op.create_index("ix_case__ripe", "case_", ["state", "ripe_at", "id"])
    op.create_index("ix_case__ripe_open", "case_", ["ripe_at", "id"], postgresql_where=sa.text(_OPEN))
    for name in ("", "_form", "_channel"):
        columns = [*filter(None, [name.removeprefix("_")]), "ripe_at", "id"]
        op.create_index(f"ix_case__waiting{name}", "case_", columns, postgresql_where=sa.text(_WAITING))
    op.create_table(
        "case_key",
        sa.Column("case_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "key", name="pk_case_key"),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name="fk_case_key_case_id_case_"),
    )
    op.create_index("ix_case_key_kind_key", "case_key", ["kind", "key"])
    op.execute(_KEYS)
    op.execute(_KEPT)
    op.execute(
        "INSERT INTO case_key (case_id, kind, key) "
        "SELECT DISTINCT c.id, k.kind, k.key FROM case_ c, case_keys(c.payload) k"
    )


# One way of writing for what is kept and for what is asked (cases/finding.py): codes in capitals without signs, phone
# numbers as digits without the prefix of Italy, names in small letters without accents, joined and parted at an
# apostrophe. A value in which nobody could read a valid one is found as it was read. Nothing is longer than its key.
_KEYS = """
CREATE FUNCTION case_keys(payload jsonb) RETURNS TABLE (kind text, key text) LANGUAGE sql IMMUTABLE AS $$
    WITH told AS (
        SELECT f.key AS field, left(coalesce(f.value ->> 'value', f.value ->> 'raw', ''), 200) AS words
          FROM jsonb_each(payload -> 'fields') f
         WHERE jsonb_typeof(f.value -> 'value') IN ('string', 'null')
    ), plain AS (
        SELECT lower(translate(words, 'ÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜÇÑàáâäèéêëìíîïòóôöùúûüçñ',
                                      'AAAAEEEEIIIIOOOOUUUUCNaaaaeeeeiiiioooouuuucn')) AS words
          FROM told WHERE field ~ '(surname|given_name|deceased_holder_name|business_name)$'
    ), found AS (
        SELECT 'code' AS kind, upper(regexp_replace(words, '[^A-Za-z0-9]', '', 'g')) AS key
          FROM told WHERE field ~ '(tax_code|vat_number|supply_pod|supply_pdr|customer_code)$'
        UNION
        SELECT 'phone', regexp_replace(regexp_replace(words, '[^0-9]', '', 'g'), '^(00)?39(?=[0-9]{9})', '')
          FROM told WHERE field ~ '(_phone|_mobile)$'
        UNION
        SELECT 'name', word FROM plain, regexp_split_to_table(words, '[^a-z]+') AS word
        UNION
        SELECT 'name', word
          FROM plain, regexp_split_to_table(regexp_replace(words, '[''’`]', '', 'g'), '[^a-z]+') AS word
    )
    SELECT found.kind, left(found.key, 64) FROM found WHERE length(found.key) > 1
$$
"""
_KEPT = """
CREATE FUNCTION case_keys_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.payload = OLD.payload THEN
            RETURN NULL;
        END IF;
        DELETE FROM case_key WHERE case_id = NEW.id;
    END IF;
    INSERT INTO case_key (case_id, kind, key) SELECT DISTINCT NEW.id, k.kind, k.key FROM case_keys(NEW.payload) k;
    RETURN NULL;
END $$;
CREATE TRIGGER case_keys_follow AFTER INSERT OR UPDATE OF payload ON case_
    FOR EACH ROW EXECUTE FUNCTION case_keys_follow();
"""
