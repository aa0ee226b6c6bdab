"""The phone desk: one box finds, one card answers, every look is on the trail."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backoffice.person import Role
from backoffice.phone_words import answer
from bench.crowd import Crowd, gather
from cases.audit import trail
from cases.case import CaseState
from tests.backoffice.running import Running
from tests.backoffice.test_inbox import HOSTILE

MINE = {
    "holder_surname": "D'Angelo",
    "holder_given_name": "Niccolò",
    "holder_tax_code": "DNGNCL80A01H501U",
    "supply_pod": "IT001E98765432",
    "holder_mobile": "+393921234567",
}
_WAITS_FOR_CUSTOMER = 4


@pytest.fixture
def crowded(running: Running) -> Running:
    with running.desk.database.transaction() as session:
        gather(session, Crowd(30, seed=4, fields={"holder_surname": "Bianchi"}))
        gather(session, Crowd(1, seed=5, kinds=(_WAITS_FOR_CUSTOMER,), fields=MINE))
    return running


def test_an_operator_finds_the_card_by_keyboard_and_reads_what_to_say(
    crowded: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    crowded.sign_in(page, crowded.add("piero", Role.PHONE))
    page.goto(crowded.url + "/")
    expect(page).to_have_url(crowded.url + "/telefono")
    assert axe(page) == []
    page.keyboard.type("dngncl80a01h501u")
    page.keyboard.press("Enter")
    card = page.get_by_role("article")
    expect(card).to_contain_text("Pratica 2026/5000001")
    expect(card).to_contain_text("scrivendo sempre il numero 2026/5000001")
    expect(card).to_contain_text("Manca la copia del reclamo")
    expect(card).to_contain_text("farsi dire nome, cognome e codice fiscale")
    assert "dngncl" not in page.url.lower()
    assert axe(page) == []
    with crowded.desk.database.transaction() as session:
        saw, searched = trail(session, actor="clerk:piero", limit=2)
    assert (saw.action, saw.subject) == ("saw_card", "2026/5000001")
    assert searched.said == '{"after": {"by": ["code"], "shown": ["2026/5000001"]}}'


def test_several_cases_are_listed_and_one_is_chosen(
    crowded: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    crowded.sign_in(page, crowded.add("piero", Role.PHONE))
    page.goto(crowded.url + "/telefono")
    page.get_by_label("Codice fiscale, POD").fill("bianchi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_text("Più di 20 pratiche: aggiungere qualcosa alla ricerca")
    assert axe(page) == []
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("article")).to_contain_text("Cosa dire")
    page.get_by_role("link", name="Torna ai risultati").click()
    expect(page.locator("tbody tr")).to_have_count(20)


def test_who_is_not_there_is_not_found_and_a_number_that_cannot_be_is_no_fault(
    crowded: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    piero = crowded.add("piero", Role.PHONE)
    crowded.sign_in(page, piero)
    page.goto(crowded.url + "/telefono")
    page.keyboard.type("verdi")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-empty")).to_contain_text("Nessuna pratica trovata")
    assert axe(page) == []
    with crowded.client(piero) as client:
        for way in ("/telefono/2026/9999999", "/telefono/0/0", "/telefono/-1/99999999999999999999"):
            assert client.get(way).status_code == 404
        assert client.get("/telefono/2026/uno").status_code == 422


def test_hostile_values_on_the_card_are_only_shown(
    running: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    with running.desk.database.transaction() as session:
        gather(session, Crowd(1, kinds=(_WAITS_FOR_CUSTOMER,), fields=dict.fromkeys(MINE, HOSTILE), said=HOSTILE))
    running.sign_in(page, running.add("piero", Role.PHONE))
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(running.url + "/telefono/2026/1000001")
    expect(page).to_have_title("Pratica 2026/1000001 · Scrivania SMART Help")
    expect(page.get_by_role("article")).to_contain_text("<script>document.title='rotto'</script>'{{7*7}}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


@pytest.mark.parametrize("state", CaseState)
def test_there_is_an_answer_for_every_state(state: CaseState) -> None:
    finding = {"severity": "missing", "message": "Manca la firma."}
    said = answer("2026/0000001", state, None, {"findings": [finding]})
    assert "2026/0000001" in said.say
    assert said.missing == (("Manca la firma.",) if state is CaseState.WAITING_CUSTOMER else ())
