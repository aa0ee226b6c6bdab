"""Numbers that a lost system gave stand in the restored register, annulled: none is given a second time."""

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from bench.ground import scratch
from cases.annul import NotAnnulled
from cases.balance import books
from cases.database import Database
from cases.ledger import verify
from cases.lost import NotLost, enter_lost
from cases.register import Direction, Entry, RegisterNumber, enter_out
from cases.register_check import check_register
from cases.register_day import Body, day_of
from checks.context import ROME
from gateway.cli import command_line
from gateway.exits import Exit

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def sent(database: Database, now: datetime = NOW) -> RegisterNumber:
    with database.transaction() as session:
        return enter_out(session, Entry(Direction.OUT, "email", "e" * 64, now, subject="Avviso"), now)


def entered(database: Database, number: int, year: int = 2026, reason: str = "ripristino") -> list[RegisterNumber]:
    with database.transaction() as session:
        return enter_lost(session, RegisterNumber(year, number), "anna", reason, NOW)


def test_the_numbers_of_a_lost_system_are_entered_annulled_and_not_given_again(database: Database) -> None:
    assert sent(database) == RegisterNumber(2026, 1)
    assert entered(database, 4) == [RegisterNumber(2026, n) for n in (2, 3, 4)]
    assert sent(database) == RegisterNumber(2026, 5)
    with database.transaction() as session:
        day = day_of(session, Body(), NOW.astimezone(ROME).date())
    assert [line.number for line in day.lines] == [f"2026/{n:07d}" for n in range(1, 6)]
    assert {"perso con il ripristino" in line.subject for line in day.lines[1:4]} == {True}
    assert [(one.number, one.operator, one.reason) for one in day.annulled] == [
        (f"2026/{n:07d}", "anna", "ripristino") for n in (2, 3, 4)
    ]
    assert check_register(database).wrong == ()
    assert verify(database) == ()
    assert books(database).discrepancies == ()


@pytest.mark.parametrize(
    ("number", "year", "says"),
    [(1, 2026, "goes on at 2026/0000002"), (9, 2025, "in the year 2026"), (900_000, 2026, "more than 100000")],
)
def test_what_cannot_have_been_lost_is_refused_with_what_to_do(
    database: Database, number: int, year: int, says: str
) -> None:
    sent(database)
    with pytest.raises(NotLost, match=says):
        entered(database, number, year)
    assert sent(database) == RegisterNumber(2026, 2)


def test_without_a_reason_nothing_is_entered(database: Database) -> None:
    with pytest.raises(NotAnnulled):
        entered(database, 3, reason=" ")
    assert sent(database) == RegisterNumber(2026, 1)


def test_an_operator_enters_them_by_a_command(own_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_DB", own_database_url)
    year = datetime.now(ROME).year
    with scratch() as home:
        words = ["register", "lost", f"{year}/12", "--reason", "ripristino", "--home", str(home)]
        done = CliRunner().invoke(command_line(words), words)
        assert done.exit_code == Exit.OK, done.output
        assert f"12 numbers entered as lost and annulled: {year}/0000001 to {year}/0000012." in done.output
        again = CliRunner().invoke(command_line(words), words)
        assert again.exit_code == Exit.NOT_FOUND
        assert "goes on at" in again.output
