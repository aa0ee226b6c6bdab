"""Letters on the desk: a clerk sees why one waits, reads it, changes it, lets it go, and gets it as PDF."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backoffice.desk import Desk, DeskOptions
from backoffice.person import Role
from bench.ground import scratch
from cases.audit import trail
from cases.database import Database
from intake.originals import Originals
from intake.receipt import Channel
from letters.house import House
from letters.letter import LetterCode
from letters.office import Office
from letters.outbox import write_due
from letters.post import Letters
from letters.recipient import Way
from letters.sending import LetterState
from letters.tray import PrintTray
from templates.load import load_forms
from tests.backoffice.running import Clock, Running, served
from tests.letters.cases_of import draft_of, settled, submission_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def lettered(database: Database, tmp_path: Path) -> Iterator[Running]:
    """Serve a desk with two letters: one to be looked at first, and one that has no address."""
    office = Office(
        house=House("Sportello di prova", email="integrazioni@example.org"),
        library=load_forms(),
        kept=Originals(tmp_path / "letters"),
        doors={Way.PRINT: PrintTray(tmp_path / "print")},
        holds=frozenset(LetterCode),
        key=bytes(range(32)),
    )
    unreachable = ("holder_street", "holder_email", "holder_pec", "mailing_street")
    for seed, (scenario, dropped) in enumerate((("no-signature", ()), ("complete", unreachable)), 1):
        draft = draft_of(scenario, seed=seed)
        draft.drop(*dropped)
        settled(database, submission_of(draft, Channel.POST), draft.case.received_at, Channel.POST)
    with database.transaction() as session:
        write_due(session, office, NOW)
    clock = Clock()
    with scratch() as folder:
        desk = Desk(database, Originals(folder), load_forms(), clock, DeskOptions(), letters=Letters(database, office))
        with served(desk) as url:
            yield Running(url, desk, clock)


def test_a_clerk_reads_changes_and_lets_a_letter_go(
    lettered: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    lettered.sign_in(page, lettered.add("anna", Role.CLERK))
    page.goto(lettered.url + "/lettere")
    table = page.get_by_role("table")
    expect(table).to_contain_text("Da guardare prima di mandarla")
    expect(table).to_contain_text("Non c'è un indirizzo certo")
    assert axe(page) == []
    page.get_by_role("link", name="Richiesta di integrazione").first.click()
    expect(page.get_by_role("heading", name="Che cosa manca")).to_be_visible()
    expect(page.get_by_text("Firma: manca.")).to_have_count(2)  # in the letter, and in the box to change it
    assert axe(page) == []
    box = page.get_by_label("Testo. Una riga")
    box.fill(box.input_value().replace("abbiamo ricevuto", "La ringraziamo. Abbiamo ricevuto"))
    page.get_by_role("button", name="Salva il testo").click()
    expect(page.get_by_role("status")).to_contain_text("Il testo è cambiato")
    page.get_by_role("button", name="Rilascia e invia").click()
    expect(page.get_by_role("status")).to_contain_text("La lettera parte")
    expect(page.get_by_role("heading", level=1)).to_contain_text("In partenza")
    assert axe(page) == []
    assert lettered.desk.letters is not None
    (ready,) = lettered.desk.letters.waiting([LetterState.READY])
    assert "La ringraziamo." in ready.text
    told = [(one.what, one.actor) for one in lettered.desk.letters.history(ready.id)]
    assert told == [("written", "gateway"), ("edited", "clerk:anna"), ("release", "clerk:anna")]
    with lettered.desk.database.transaction() as session:
        assert "saw_letter" in {line.action for line in trail(session, actor="clerk:anna", limit=20)}


def test_a_letter_without_an_address_goes_nowhere_until_it_has_one(lettered: Running, page: Page) -> None:
    lettered.sign_in(page, lettered.add("anna", Role.CLERK))
    page.goto(lettered.url + "/lettere")
    page.get_by_role("link", name="Richiesta di integrazione").nth(1).click()
    page.get_by_role("button", name="Rilascia e invia").click()
    expect(page.get_by_role("alert")).to_contain_text("Non c'è un indirizzo certo")
    page.get_by_label("Via", exact=True).select_option("print")
    page.get_by_label("Indirizzo e-mail, numero di fax").fill("Via di Prova 1\n00100 Roma RM")
    page.get_by_role("button", name="Cambia la via").click()
    expect(page.get_by_role("status")).to_contain_text("L'indirizzo è cambiato")
    page.get_by_role("button", name="Rilascia e invia").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("In partenza")


def test_the_pdf_is_a_file_of_its_own_and_only_for_clerks(lettered: Running) -> None:
    clerk, phone = lettered.add("anna", Role.CLERK), lettered.add("piero", Role.PHONE)
    assert lettered.desk.letters is not None
    letter = lettered.desk.letters.waiting([LetterState.HELD])[0]
    with lettered.client(clerk) as client:
        got = client.get(f"/lettere/{letter.id}/lettera.pdf")
        assert got.content.startswith(b"%PDF")
        assert got.headers["content-disposition"].startswith("attachment")
        assert client.get("/lettere/999999").status_code == 404
        assert client.get("/lettere?pratica=niente").status_code == 404
        assert letter.title in client.get(f"/lettere?pratica={letter.case}").text
        token = lettered.csrf(client)
        assert client.post(f"/lettere/{letter.id}/vola", data=token).status_code == 404
        stale = {**token, "testo": "altro", "versione": "0"}
        assert client.post(f"/lettere/{letter.id}/testo", data=stale).status_code == 409
    with lettered.client(phone) as client:
        assert client.get("/lettere").status_code == 403
        assert client.get(f"/lettere/{letter.id}").status_code == 403


def test_a_desk_without_letters_says_so(running: Running) -> None:
    assert replace(running.desk).letters is None
    with running.client(running.add("anna", Role.CLERK)) as client:
        assert "Le lettere sono spente" in client.get("/lettere").text
        assert client.get("/lettere/1").status_code == 404
