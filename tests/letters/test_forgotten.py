"""What is erased of a person is erased of the letters, too; number, dates and digests stay."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from cases.database import Database
from cases.erase import Erasure
from cases.ledger import verify
from intake.originals import Originals
from intake.receipt import Channel
from jobs.app import configure
from jobs.forget import again, forget
from letters.dispatch import Dispatcher
from letters.office import FOLDER, Office
from letters.outbox import write_due
from tests.letters.cases_of import draft_of, settled, submission_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_letter_is_forgotten_with_its_case(database: Database, office: Office, tmp_path: Path) -> None:
    assert office.kept.root == tmp_path / FOLDER
    draft = draft_of("no-signature")
    settled(database, submission_of(draft, Channel.POST), draft.case.received_at, Channel.POST)
    with database.transaction() as session:
        (letter_id,) = write_due(session, office, NOW).ready
    Dispatcher(database, office).dispatch(letter_id, NOW)
    with database.transaction() as session:
        receipt = session.execute(text("SELECT id FROM receipt")).scalar_one()
        before = session.execute(text("SELECT number, digest FROM register_line ORDER BY number")).all()
    wiring = configure(database.url, lambda *_: None, Originals(tmp_path / "originals"))  # type: ignore[arg-type,return-value]
    try:
        assert len(list(forget(wiring, tmp_path, [Erasure(receipt, "asked")]))) == 1
        assert again(wiring, tmp_path) == 0
    finally:
        wiring.database.close()
    with database.transaction() as session:
        row = session.execute(text("SELECT to_name, to_lines::text, body, subject, document FROM letter")).one()
        assert tuple(row[:4]) == ("", "[]", "", "")
        line = "SELECT recipient, subject, salt FROM register_line WHERE direction = 'out'"
        assert tuple(session.execute(text(line)).one()) == ("", "", "")
        after = session.execute(text("SELECT number, digest FROM register_line ORDER BY number")).all()
    assert after == before
    assert list(office.kept.files()) == []
    assert not verify(database, [])
