"""What a caller tells finds the case; what is not there finds nothing; what was erased is found no more."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bench.crowd import Crowd, gather
from cases.database import Database
from cases.erase import Erasure, erase
from cases.finding import matching, understand
from cases.tables import CaseRow

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
MINE = {
    "holder_surname": "D'Àngelo Rossi",
    "holder_given_name": "Niccolò",
    "holder_tax_code": "RSSNCL80A01H501U",
    "supply_pod": "IT001E98765432",
    "holder_mobile": "+393921234567",
    "delegate_phone": "06 555 0101",
}


@pytest.fixture
def crowded(database: Database) -> Database:
    with database.transaction() as session:
        gather(session, Crowd(40, seed=2, fields={"holder_surname": "Bianchi", "holder_given_name": "Irene"}))
        gather(session, Crowd(1, seed=3, fields=MINE))
    return database


def found(database: Database, words: str) -> list[int]:
    with database.transaction() as session:
        ids = session.scalars(matching(understand(words, 2026))).all()
        return [session.get_one(CaseRow, i).number for i in ids]


@pytest.mark.parametrize(
    "words",
    [
        "2026/3000001",
        "pratica 3000001",
        "rssncl80a01h501u",
        "RSSNCL 80A01 H501U",
        "RSSNCL80A",
        "it001e98765432",
        "392 123 4567",
        "+39 3921234567",
        "0039 392 1234567",
        "06/5550101",
        "d'angelo",
        "D’ANGELO niccolo",
        "angelo",
        "Niccolò D'Àngelo",
        "rossi nicc",
    ],
)
def test_a_case_is_found_by_what_callers_tell(crowded: Database, words: str) -> None:
    assert found(crowded, words) == [3_000_001]


@pytest.mark.parametrize("words", ["", "  ", "%", "_", "verdi", "niccolò bianchi", "2025/3000001", "' OR 1=1 --", "\0"])
def test_what_is_not_there_finds_nothing(crowded: Database, words: str) -> None:
    assert found(crowded, words) == []


def test_a_correction_is_found_at_once_and_what_it_replaced_no_more(crowded: Database) -> None:
    with crowded.transaction() as session:
        row = session.get_one(CaseRow, session.scalars(matching(understand("3000001", 2026))).one())
        told = dict(row.payload["fields"])
        row.payload = {
            **row.payload,
            "fields": told | {"supply_pod": {**told["supply_pod"], "value": "IT001E11112222"}},
        }
    assert found(crowded, "IT001E11112222") == [3_000_001]
    assert found(crowded, "IT001E98765432") == []


def test_a_value_that_nobody_could_make_valid_is_found_as_it_was_read(crowded: Database) -> None:
    with crowded.transaction() as session:
        row = session.get_one(CaseRow, session.scalars(matching(understand("3000001", 2026))).one())
        told = {**row.payload["fields"]["supply_pod"], "value": None, "raw": "lT001E 7777 O"}
        row.payload = {**row.payload, "fields": {**row.payload["fields"], "supply_pod": told}}
    assert found(crowded, "LT001E7777O") == [3_000_001]


def test_what_was_erased_is_found_no_more(crowded: Database) -> None:
    with crowded.transaction() as session:
        row = session.get_one(CaseRow, session.scalars(matching(understand("3000001", 2026))).one())
        erase(session, Erasure(row.receipt_id, "test"), NOW)
    assert found(crowded, "rssncl80a01h501u") == []
    assert found(crowded, "2026/3000001") == [3_000_001]
    with crowded.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM case_key WHERE key = 'niccolo'")).scalar() == 0


@given(st.text(max_size=300))
def test_anything_can_be_asked(words: str) -> None:
    asked = understand(words, 2026)
    assert all(len(part) <= 64 for part in (asked.code, asked.phone, *asked.names))
    assert asked.number is None or 0 < asked.number.number < 10_000_000
