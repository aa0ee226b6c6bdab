"""Find cases also by codes that are only likely: what is unsure links nothing, but a clerk sees both sides."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KEYS = """
CREATE OR REPLACE FUNCTION match_keys(payload jsonb) RETURNS TABLE (kind text, value text) LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT k.kind, k.value FROM (
        SELECT 'tax_code', payload #>> '{fields,holder_tax_code,value}'
        UNION ALL SELECT 'point', left(payload #>> '{fields,supply_pod,value}', 14)
        UNION ALL SELECT 'point', payload #>> '{fields,supply_pdr,value}'
        UNION ALL SELECT 'likely', left(payload #>> ARRAY['fields', f.name, 'proposals', '0'], f.chars)
            FROM (VALUES ('holder_tax_code', 16), ('supply_pod', 14), ('supply_pdr', 14)) f (name, chars)
           WHERE payload #>> ARRAY['fields', f.name, 'state'] = 'unreadable'
        UNION ALL SELECT 'file', f ->> 'sha256' FROM jsonb_array_elements(
            CASE jsonb_typeof(payload -> 'files') WHEN 'array' THEN payload -> 'files' ELSE '[]' END) f
    ) k (kind, value) WHERE k.value <> ''
$$
"""
_FOLLOW = """
CREATE OR REPLACE FUNCTION match_keys_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM match_key WHERE case_id = NEW.id;
    INSERT INTO match_key (case_id, kind, value) SELECT NEW.id, k.kind, k.value FROM match_keys(NEW.payload) k;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Let the keys hold what is likely, too, and make them anew."""
    op.execute(_KEYS)
    op.execute(_FOLLOW)
    op.execute("DELETE FROM match_key")
    op.execute(
        "INSERT INTO match_key (case_id, kind, value) "
        "SELECT c.id, k.kind, k.value FROM case_ c, match_keys(c.payload) k"
    )
