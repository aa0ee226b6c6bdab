"""Annulment, the check of the register, and its daily print, on a real database."""

import csv
import io
from datetime import UTC, date, datetime

import pikepdf
import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError, ProgrammingError

from cases.annul import NotAnnulled, annul
from cases.database import Database
from cases.ledger import verify
from cases.register import Direction, Entry, RegisterNumber, enter_out
from cases.register_check import check_register
from cases.register_day import Body, Day, as_csv, day_of
from letters.daily import as_pdf

MORNING = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # 26 November in Rome
ONE = RegisterNumber(2026, 1)
BODY = Body("Sportello di prova", "Registro di prova")


def entered(database: Database, at: datetime = MORNING, **changes: str) -> RegisterNumber:
    told = {"subject": "Avviso di ricevimento", "recipient": "a@example.org", "reference": "2026/0000001", **changes}
    with database.transaction() as session:
        return enter_out(session, Entry(Direction.OUT, "email", "e" * 64, at, **told), at)


def annulled(database: Database, number: RegisterNumber = ONE, at: datetime = MORNING) -> None:
    with database.transaction() as session:
        annul(session, number, "anna", "registrato per errore", at)


def day(database: Database, when: date = date(2026, 11, 25)) -> Day:
    with database.transaction() as session:
        return day_of(session, BODY, when)


def change(database: Database, statement: str) -> None:
    """Change what nobody may change, as somebody with all rights over the database could."""
    with database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))


# Annulment


def test_an_annulled_line_stays_and_its_number_is_not_given_again(database: Database) -> None:
    entered(database)
    annulled(database)
    assert entered(database) == RegisterNumber(2026, 2)
    (one,) = day(database).annulled
    assert (one.number, one.operator, one.reason) == ("2026/0000001", "anna", "registrato per errore")
    assert len(day(database).lines) == 2
    assert check_register(database).wrong == ()
    assert verify(database) == ()


def test_a_line_is_annulled_once_and_with_a_reason(database: Database) -> None:
    entered(database)
    with pytest.raises(NotAnnulled, match="no number"):
        annulled(database, RegisterNumber(2026, 9))
    with database.transaction() as session, pytest.raises(NotAnnulled, match="needs an operator"):
        annul(session, ONE, "anna", "  ", MORNING)
    annulled(database)
    with pytest.raises(NotAnnulled, match="already"):
        annulled(database)


@pytest.mark.parametrize("act", ["UPDATE {} SET reason = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_an_annulment_cannot_be_taken_back(database: Database, act: str) -> None:
    entered(database)
    annulled(database)
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), database.transaction() as session:
        session.execute(text(act.format("register_annulment")))


# The check


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE register_line SET subject = 'altro' WHERE number = 2", "its seal does not fit"),
        ("UPDATE register_line SET digest = 'x' WHERE number = 2", "its hash does not fit"),
        ("UPDATE register_line SET registered_at = now() WHERE number = 2", "its hash does not fit"),
        ("DELETE FROM register_line WHERE number = 2", "2026/0000002 is missing"),
        ("DELETE FROM register_line WHERE number = 3", "cut off or added"),
        ("UPDATE register_line SET number = 9 WHERE number = 3", "2026/0000003 is missing"),
        ("UPDATE register_counter SET last = 7", "its counter says 7"),
        ("DELETE FROM register_counter", "has lines and no counter"),
        ("DELETE FROM ledger_entry WHERE target = '2026/0000002'", "has no line in the ledger"),
        ("DELETE FROM ledger_entry WHERE kind = 'noted'", "annulment of 2026/0000001 is not in the ledger"),
        ("DELETE FROM register_annulment", "annulment of 2026/0000001 was removed"),
    ],
)
def test_whatever_is_changed_behind_our_back_is_seen(database: Database, statement: str, words: str) -> None:
    for _ in range(3):
        entered(database)
    annulled(database)
    assert check_register(database).wrong == ()
    change(database, statement)
    wrong = check_register(database).wrong
    assert any(words in told for told in wrong), wrong


def test_what_is_erased_stays_chained(database: Database) -> None:
    entered(database)
    with database.transaction() as session:
        session.execute(text("UPDATE register_line SET sender = '', recipient = '', subject = '', salt = ''"))
    assert check_register(database).wrong == ()
    assert day(database).lines[0].subject == "[cancellato]"
    change(database, "UPDATE register_line SET registered_at = now()")
    assert check_register(database).wrong


# The day


def test_a_day_is_that_of_rome_and_what_comes_later_changes_nothing(database: Database) -> None:
    entered(database)
    before = as_csv(day(database)), as_pdf(day(database))
    entered(database, NIGHT)
    annulled(database, at=NIGHT)
    assert (as_csv(day(database)), as_pdf(day(database))) == before
    assert [line.number for line in day(database, date(2026, 11, 26)).lines] == ["2026/0000002"]
    assert len(day(database, date(2026, 11, 26)).annulled) == 1


def test_the_csv_runs_no_formula(database: Database) -> None:
    entered(database, subject='=HYPERLINK("http://example.com")', recipient="+39 06 1")
    sheet = as_csv(day(database)).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(sheet, newline=""), delimiter=";")
    assert row["oggetto"] == '\'=HYPERLINK("http://example.com")'
    assert row["destinatario"] == "'+39 06 1"
    assert (row["numero"], row["verso"], row["registrato il"]) == (
        "2026/0000001",
        "uscita",
        "2026-11-25T09:00:00+01:00",
    )


def test_the_pdf_says_that_it_is_pdf_a_and_carries_all_it_needs(database: Database) -> None:
    entered(database, subject="Oggetto <b>con segni</b> & altro")
    annulled(database)
    with pikepdf.open(io.BytesIO(as_pdf(day(database)))) as pdf:
        with pdf.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")
            assert "25 novembre 2026" in told["dc:title"]
        assert pdf.Root.OutputIntents[0].DestOutputProfile is not None
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "it"
        assert not pdf.is_encrypted
        assert "/JavaScript" not in repr(pdf.Root.keys())
        assert all(_embedded(font) for page in pdf.pages for font in page.resources.Font.values())


def _embedded(font: pikepdf.Object) -> bool:
    descriptor = font.DescendantFonts[0].FontDescriptor
    return any(name in descriptor for name in ("/FontFile2", "/FontFile3"))
