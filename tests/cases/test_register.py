import threading
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError, ProgrammingError
from sqlmodel import col

from bench.stubs import delivery, submission
from cases.database import Database
from cases.register import RegisterNumber, next_numbers, register_year
from cases.store import Store, admit
from cases.submission import Looked
from cases.tables import CounterRow

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "year"),
    [
        ("2026-12-31T22:59:59+00:00", 2026),
        ("2026-12-31T23:00:01+00:00", 2027),
        ("2026-07-01T00:00:00+00:00", 2026),
        ("2027-01-01T00:30:00+01:00", 2027),
    ],
)
def test_the_year_is_that_of_rome(instant: str, year: int) -> None:
    assert register_year(datetime.fromisoformat(instant)) == year


def test_the_year_of_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        register_year(datetime(2026, 1, 1))  # noqa: DTZ001  that is the point


def test_the_number_has_seven_digits() -> None:
    assert str(RegisterNumber(2027, 1)) == "2027/0000001"
    assert str(RegisterNumber(2027, 12345678)) == "2027/12345678"


@given(st.integers(1, 9999), st.integers(1, 10**9))
def test_a_number_is_read_as_it_is_written(year: int, number: int) -> None:
    assert RegisterNumber.parse(str(RegisterNumber(year, number))) == RegisterNumber(year, number)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_value_error(words: str) -> None:
    with suppress(ValueError):
        assert RegisterNumber.parse(words).number >= 0


def test_the_register_restarts_with_the_year_of_rome(database: Database) -> None:
    before = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    after = datetime(2026, 12, 31, 23, 0, 1, tzinfo=UTC)
    with database.transaction() as session:
        assert next_numbers(session, before, 2) == [RegisterNumber(2026, 1), RegisterNumber(2026, 2)]
        assert next_numbers(session, after, 1) == [RegisterNumber(2027, 1)]


def test_a_rollback_gives_the_number_back(database: Database) -> None:
    class Torn(Exception):
        pass

    def tear() -> None:
        with database.transaction() as session:
            next_numbers(session, NOW, 3)
            raise Torn

    with pytest.raises(Torn):
        tear()
    with database.transaction() as session:
        assert next_numbers(session, NOW, 1) == [RegisterNumber(2026, 1)]


def test_many_at_once_leave_no_gap(database: Database) -> None:
    store = Store(database)
    ids = []
    for number in range(24):
        with database.transaction() as session:
            ids.append(admit(session, delivery(f"fax:{number}"), "d" * 64, NOW))
    looked = Looked((submission(), submission()))

    def settle_some(part: list[int | None]) -> None:
        for receipt_id in part:
            assert receipt_id is not None
            store.settle(receipt_id, looked, NOW)

    threads = [threading.Thread(target=settle_some, args=(ids[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as session:
        numbers = [row[0] for row in session.execute(text("SELECT number FROM case_ ORDER BY number"))]
        assert numbers == list(range(1, 49))
        assert session.scalar(select(col(CounterRow.last)).where(col(CounterRow.year) == 2026)) == 48


@pytest.mark.parametrize("change", ["UPDATE register_line SET subject = 'x'", "DELETE FROM register_line"])
def test_the_register_is_append_only(database: Database, change: str) -> None:
    with database.transaction() as session:
        receipt_id = admit(session, delivery(), "d" * 64, NOW)
    assert receipt_id is not None
    Store(database).settle(receipt_id, Looked((submission(),)), NOW)
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), database.transaction() as session:
        session.execute(text(change))
