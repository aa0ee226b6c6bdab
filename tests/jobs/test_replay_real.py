"""A true mail, read by the real engines, settled, and replayed by the command: nothing changes, in either way."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bench.stubs import delivery
from cases.database import Database
from cases.store import Store, admit
from checks.context import CheckSettings
from intake.originals import Originals
from intake.receipt import Channel
from jobs.ask import look_guarded
from jobs.child import Limits
from jobs.post import Post

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PIECES = ("mail/06-cmor-complete-delegate.eml", "fax/30-bonus-complete.tif")


def settled(database: Database, originals: Originals, name: str) -> None:
    raw = (ROOT / "samples" / "post" / name).read_bytes()
    channel = Channel.FAX if name.startswith("fax") else Channel.EMAIL
    arrived = delivery(name, raw, channel, NOW, Path(name).name)
    with database.transaction() as session:
        receipt = admit(session, arrived, originals.keep(raw), NOW)
    assert receipt is not None
    post = Post(Path(name).name, raw, channel, NOW, date(2026, 11, 24))
    Store(database).settle(receipt, look_guarded(post, CheckSettings(), Limits()), NOW)


def tables(database: Database) -> list[object]:
    """Give every row of what must not change, with the system columns of its last change."""
    names = ("receipt", "case_", "case_step", "register_line", "ledger_entry", "refusal", "reading")
    every = sql.SQL("SELECT xmin::text, ctid::text, t::text FROM {} t")
    with psycopg.connect(database.url) as connection:
        named = [*names, "procrastinate_jobs"]
        return [connection.execute(every.format(sql.Identifier(name))).fetchall() for name in named]


@pytest.mark.slow
def test_nothing_changes_by_reading_again(own_database_url: str, tmp_path: Path) -> None:
    database, originals = Database(own_database_url), Originals(tmp_path / "originals")
    for name in PIECES:
        settled(database, originals, name)
    before = tables(database)
    for how in ([], ["--only-stored-readings"]):
        command = [sys.executable, "-m", "gateway", "replay", "--home", str(tmp_path), "--json", *how]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "GATEWAY_DB": own_database_url}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["complete"]
        assert told["totals"]["cases"] == told["totals"]["cases_same"] == len(PIECES), told
        assert {change: n for change, n in told["totals"]["fields"].items() if n} == {
            "same": told["totals"]["fields"]["same"]
        }
    assert tables(database) == before
    with psycopg.connect(own_database_url) as connection:
        sizes = connection.execute("SELECT length(body) FROM reading").fetchall()
    assert max(size for (size,) in sizes) < 400_000
    database.close()
