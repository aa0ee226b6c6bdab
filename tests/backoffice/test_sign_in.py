from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from backoffice.person import Role
from bench.crowd import Crowd, gather
from tests.backoffice.running import PASSWORD, Running


def test_a_person_signs_in_by_keyboard_and_comes_to_the_list(
    running: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    running.add("anna", Role.CLERK)
    page.goto(running.url + "/")
    expect(page).to_have_title("Accesso · Scrivania SMART Help")
    assert axe(page) == []
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pratiche")
    assert axe(page) == []


def test_a_session_that_ends_in_the_middle_of_a_page_leads_back_to_what_was_being_done(
    running: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    with running.desk.database.transaction() as session:
        gather(session, Crowd(3, kinds=(0,)))
    running.sign_in(page, running.add("anna", Role.CLERK))
    page.goto(running.url + "/?canale=&vista=tutte")
    running.clock.offset += timedelta(hours=1)
    page.locator("tbody tr").first.get_by_role("button", name="Prendi").click()
    expect(page.get_by_role("alert")).to_contain_text("non va perso")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accesso alla scrivania")
    assert axe(page) == []
    page.get_by_label("Nome utente").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Si continua da dove si era")
    assert axe(page) == []
    page.get_by_role("button", name="Continua").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pratiche")
    expect(page.locator("tbody tr").first).to_contain_text("me, fino alle")


def test_signing_out_ends_it_and_the_keyboard_reaches_everything_in_order(running: Running, page: Page) -> None:
    running.sign_in(page, running.add("anna", Role.CLERK))
    page.goto(running.url + "/")
    walked = []
    for _ in range(9):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.innerText.trim()"))
    assert walked[:2] == ["Vai al contenuto", "Scrivania SMART Help"]
    assert walked[2:] == ["Pratiche", "Telefono", "Lettere", "Stato", "Esci", "Prendi la prossima", "Da lavorare"]
    page.get_by_role("button", name="Esci").click()
    expect(page).to_have_title("Accesso · Scrivania SMART Help")
    page.goto(running.url + "/")
    expect(page).to_have_title("Accesso · Scrivania SMART Help")
