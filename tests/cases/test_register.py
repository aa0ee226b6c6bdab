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
from cases.balance import books
from cases.database import Database
from cases.erase import Erasure, erase
from cases.ledger import verify
from cases.register import Direction, Entry, RegisterNumber, enter, enter_out, number_of, register_year
from cases.register_tables import CounterRow, LineRow
from cases.store import Store, admit
from cases.submission import Looked

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def letter(case: str = "") -> Entry:
    words = {"subject": "Avviso di ricevimento", "recipient": "a@example.org", "reference": case}
    return Entry(Direction.OUT, "email", "e" * 64, NOW, **words)


def numbers(lines: list[LineRow]) -> list[str]:
    return [str(number_of(line)) for line in lines]


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
        assert numbers(enter(session, [letter()] * 2, before)) == ["2026/0000001", "2026/0000002"]
        assert numbers(enter(session, [letter()], after)) == ["2027/0000001"]


def test_a_rollback_gives_the_number_back(database: Database) -> None:
    class Torn(Exception):
        pass

    def tear() -> None:
        with database.transaction() as session:
            enter(session, [letter()] * 3, NOW)
            raise Torn

    with pytest.raises(Torn):
        tear()
    with database.transaction() as session:
        assert numbers(enter(session, [letter()], NOW)) == ["2026/0000001"]


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
        given = [row[0] for row in session.execute(text("SELECT number FROM case_ ORDER BY number"))]
        assert given == list(range(1, 49))
        assert session.scalar(select(col(CounterRow.last)).where(col(CounterRow.year) == 2026)) == 48


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE register_line SET subject = 'x'",
        "UPDATE register_line SET subject = '', sender = '', recipient = '', salt = '', digest = 'x'",
        "UPDATE register_line SET subject = ''",
        "DELETE FROM register_line",
        "TRUNCATE register_line",
    ],
)
def test_the_register_is_append_only(database: Database, change: str) -> None:
    with database.transaction() as session:
        enter_out(session, letter(), NOW)
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), database.transaction() as session:
        session.execute(text(change))


def test_a_letter_gets_a_number_among_the_arrivals_and_a_line_in_the_ledger(database: Database) -> None:
    with database.transaction() as session:
        receipt_id = admit(session, delivery(), "d" * 64, NOW)
    assert receipt_id is not None
    Store(database).settle(receipt_id, Looked((submission(),)), NOW)
    with database.transaction() as session:
        assert enter_out(session, letter("2026/0000001"), NOW) == RegisterNumber(2026, 2)
    assert books(database).discrepancies == ()
    assert verify(database) == ()


def test_what_goes_out_is_forgotten_with_its_case_and_keeps_number_and_digest(database: Database) -> None:
    with database.transaction() as session:
        receipt_id = admit(session, delivery(), "d" * 64, NOW)
    assert receipt_id is not None
    Store(database).settle(receipt_id, Looked((submission(),)), NOW)
    with database.transaction() as session:
        enter_out(session, letter("2026/0000001"), NOW)
        enter_out(session, letter("2026/0000009"), NOW)
        erase(session, Erasure(receipt_id, "art. 17"), NOW)
    with database.transaction() as session:
        lines = session.scalars(select(LineRow).order_by(col(LineRow.number))).all()
        told = [(line.number, line.sender + line.recipient, line.subject, line.digest[0]) for line in lines]
    assert told == [(1, "", "", "d"), (2, "", "", "e"), (3, "a@example.org", "Avviso di ricevimento", "e")]
    assert verify(database) == ()
