"""The audit trail: append-only by the database's own word, chained, and whole after an erasure."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cases.audit import audit, forget_said, trail, trail_tip, verify_trail
from cases.database import Database

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture
def told(database: Database) -> Database:
    with database.transaction() as session:
        audit(session, "clerk:anna", "saw", "2026/0000001", NOW)
        audit(session, "clerk:anna", "corrected", "2026/0000001", NOW, before={"pod": "IT1\x00"}, after={"pod": "IT2"})
        audit(session, "clerk:piero", "saw", "2026/0000002", NOW)
    return database


def _unguarded(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))


def test_the_trail_tells_who_did_what(told: Database) -> None:
    with told.transaction() as session:
        lines = trail(session, subject="2026/0000001")
        assert [(line.actor, line.action) for line in lines] == [("clerk:anna", "corrected"), ("clerk:anna", "saw")]
        assert lines[0].said == '{"after": {"pod": "IT2"}, "before": {"pod": "IT1�"}}'
        assert [line.seq for line in trail(session, actor="clerk:piero")] == [3]
        assert [line.seq for line in trail(session, before=3, limit=1)] == [2]
    assert verify_trail(told) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_line SET actor = 'clerk:piero' WHERE seq = 1",
        "UPDATE audit_line SET said = 'other' WHERE seq = 2",
        "DELETE FROM audit_line WHERE seq = 2",
        "TRUNCATE audit_line",
    ],
)
def test_the_database_itself_refuses_to_change_it(told: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), told.transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_line SET actor = 'clerk:piero' WHERE seq = 1", "line 1 was changed"),
        ("UPDATE audit_line SET said = '{}' WHERE seq = 2", "seal does not fit"),
        ("UPDATE audit_line SET at = at + interval '1 s' WHERE seq = 2", "line 2 was changed"),
        ("DELETE FROM audit_line WHERE seq = 2", "line 2 is missing"),
        ("DELETE FROM audit_line WHERE seq = 3", "cut off or added"),
    ],
)
def test_whoever_gets_round_the_database_is_found(told: Database, statement: str, found: str) -> None:
    _unguarded(told, statement)
    assert any(found in wrong for wrong in verify_trail(told))


def test_a_trail_written_anew_is_found_by_its_noted_end(told: Database) -> None:
    with told.transaction() as session:
        noted = trail_tip(session)
    _unguarded(told, "DELETE FROM audit_line")
    _unguarded(told, "DELETE FROM audit_tip")
    with told.transaction() as session:
        for _ in range(3):
            audit(session, "clerk:piero", "saw", "2026/0000009", NOW)
    assert verify_trail(told) == ()
    assert any("written anew" in wrong for wrong in verify_trail(told, [noted]))


def test_what_was_said_can_be_erased_and_the_chain_holds(told: Database) -> None:
    with told.transaction() as session:
        forget_said(session, ["2026/0000001"])
    with told.transaction() as session:
        assert [line.said for line in trail(session, subject="2026/0000001")] == ["", ""]
    assert verify_trail(told) == ()
