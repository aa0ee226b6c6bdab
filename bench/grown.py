"""A crowd of cases made by SQL alone, as a desk has them after years: most are closed, some wait, some are queued."""

from typing import Final

from sqlalchemy import text

from cases.database import Database

_RECEIPTS: Final = """
    INSERT INTO receipt (origin, channel, name, digest, size, received_at, registered_at, settled_at, sender, subject,
                         message_id, facts, state, sweeps, deaths, failure)
    SELECT 'crowd:' || n, 'fax', n || '.tif', md5(n::text) || md5(n::text), 60000, at, at, at, '', '', '', '{}',
           'settled', 0, 0, ''
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n,
           LATERAL (SELECT timestamptz '2021-01-01' + n * interval '150 s' AS at) AS t
"""
_CASES: Final = """
    INSERT INTO case_ (receipt_id, item, year, number, state, outcome, reasons, form, edition, channel, sender,
                       received_at, registered_at, hold_until, payload, version)
    SELECT r.id, 0, 2021 + n / 200000, n % 200000 + 1, s.state, 'READY', '{}',
           (ARRAY['CMOR', 'BONUS', 'DOPPIA', 'INDENNIZZO', 'RIPRISTINO'])[1 + (n * 7) % 5], '2026-01',
           (ARRAY['email', 'pec', 'fax', 'post', 'online'])[1 + (n * 11) % 5], 'crowd-' || n % 50000 || '@example.com',
           r.received_at, r.received_at, NULL, jsonb_build_object(
               'form', 'CMOR', 'edition', '2026-01', 'outcome', 'READY', 'reasons', '[]'::jsonb, 'hold_until', NULL,
               'files', '[]'::jsonb, 'pages', '[]'::jsonb, 'missing_pages', '[]'::jsonb, 'papers', '[]'::jsonb,
               'findings', '[]'::jsonb, 'fields', jsonb_build_object('holder_surname', jsonb_build_object(
                   'value', md5((n * 3)::text), 'raw', md5((n * 5)::text), 'state', 'filled', 'confidence', 1.0,
                   'source', 'text'))), 1
      FROM receipt r, LATERAL (SELECT split_part(r.origin, ':', 2)::int AS n) AS o,
           LATERAL (SELECT (hashint4(n) & 1023) AS dice) AS d,
           LATERAL (SELECT CASE WHEN dice < 100 THEN 'queued' WHEN dice < 150 THEN 'waiting_clerk'
                                WHEN dice < 230 THEN 'waiting_customer' WHEN dice < 250 THEN 'held'
                                WHEN dice < 300 THEN 'refused' ELSE 'closed' END AS state) AS s
     WHERE r.origin LIKE 'crowd:%' AND n BETWEEN :first AND :last
"""


def grow(database: Database, before: int, after: int) -> None:
    """Let a crowd of ``before`` cases grow to ``after``: a tenth of them queued, seven tenths closed."""
    with database.transaction() as session:
        # Foreign keys are checked row by row: of rows that this very statement makes nothing new is learnt.
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in (_RECEIPTS, _CASES):
            session.execute(text(statement), {"first": before + 1, "last": after})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
