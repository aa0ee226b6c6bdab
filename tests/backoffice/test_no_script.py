"""The desk in a browser that runs no script: every action goes by links, forms and buttons."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.desk_cases import FIVE
from cases.case import CaseState
from cases.queue import Queue
from cases.register import RegisterNumber
from cases.submission import Looked
from tests.backoffice.case_desk import TWICE, CaseDesk


@pytest.fixture
def plain(browser: Browser, desk: CaseDesk) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="it-IT", viewport={"width": 1366, "height": 768})
    page = context.new_page()
    desk.running.sign_in(page, desk.anna)
    yield page
    context.close()


def state(desk: CaseDesk, number: RegisterNumber) -> CaseState:
    case = Queue(desk.database).case(number)
    assert case is not None
    return case.state


def test_a_case_is_taken_corrected_and_decided(
    desk: CaseDesk, doubtful: RegisterNumber, looks: dict[str, Looked], plain: Page
) -> None:
    following = desk.settle(TWICE, looks[TWICE])
    plain.goto(desk.running.url)
    plain.get_by_role("button", name=f"Prendi la pratica {doubtful}").press("Enter")
    expect(plain.get_by_role("button", name=f"Lascia la pratica {doubtful}")).to_be_visible()
    plain.get_by_role("link", name=str(doubtful)).first.press("Enter")
    for name in FIVE:
        plain.locator(f"#i-{name}").press("Enter")
        expect(plain.locator(f"#s-{name}")).to_contain_text("a posto")
    plain.get_by_role("button", name="Conferma e prossima").press("Enter")
    expect(plain.locator("#case h1")).to_have_text(f"Pratica {following}")
    assert state(desk, doubtful) is CaseState.QUEUED


def test_a_wrong_value_comes_back_with_its_sentence_and_is_marked_otherwise(
    desk: CaseDesk, doubtful: RegisterNumber, plain: Page
) -> None:
    desk.open(plain, doubtful)
    plain.locator("#i-holder_birth_date").fill("31/02/1980")
    plain.locator("#i-holder_birth_date").press("Enter")
    expect(plain.locator("#m-holder_birth_date")).to_contain_text("non esiste")
    expect(plain.locator("#i-holder_birth_date")).to_have_value("31/02/1980")
    plain.locator("#i-holder_surname").focus()
    form = plain.locator("#f-holder_surname")
    form.get_by_role("button", name="Illeggibile").press("Enter")
    expect(plain.locator("#s-holder_surname")).to_contain_text("si chiede al cliente")
    plain.locator("#i-holder_surname").focus()
    form.get_by_role("button", name="Annulla").press("Enter")
    expect(plain.locator("#s-holder_surname")).to_contain_text("da verificare")


def test_a_case_is_joined_and_split(
    desk: CaseDesk, doubtful: RegisterNumber, looks: dict[str, Looked], plain: Page
) -> None:
    home = desk.settle(TWICE, looks[TWICE])
    desk.open(plain, doubtful)
    plain.get_by_label("Fa parte di un'altra pratica").fill(str(home))
    plain.get_by_label("Fa parte di un'altra pratica").press("Enter")
    expect(plain.locator(".case-badge")).to_have_text("Unita a un'altra")
    plain.get_by_role("button", name="Dividi: è una pratica a sé").press("Enter")
    expect(plain.locator(".case-badge")).to_have_text("Da controllare")


def test_a_sheet_is_marked_laid_looked_at_and_turned(desk: CaseDesk, doubtful: RegisterNumber, plain: Page) -> None:
    desk.open(plain, doubtful)
    expect(plain.locator("[data-tool]").first).to_be_hidden()
    plain.get_by_role("link", name="Ruota").press("Enter")
    image = plain.locator("#sheet image").bounding_box()
    assert image is not None
    assert image["width"] > image["height"]
    plain.get_by_role("link", name="Com'è arrivato").press("Enter")
    expect(plain.locator("#sheet")).to_have_attribute("data-view", "originale")
    plain.get_by_role("link", name="Modulo p. 2").press("Enter")
    expect(plain.locator("#sheet")).to_have_attribute("data-at", "1")
    plain.locator(".sheets-say > summary").first.press("Enter")
    last = plain.locator(".sheet-say").last
    last.locator("select").select_option("cover")
    last.get_by_role("button", name="Cambia").press("Enter")
    expect(plain.locator(".tabs a").last).to_have_text("Copertina")
    plain.locator(".sheets-say > summary").first.press("Enter")
    first = plain.locator(".sheet-say").first
    first.locator(".corners > summary").press("Enter")
    first.get_by_role("button", name="Rileggi con questi angoli").press("Enter")
    expect(plain.locator("#sheet figcaption")).to_contain_text("indicato da anna")


def test_what_was_said_of_a_sheet_and_refused_is_given_back(
    desk: CaseDesk, doubtful: RegisterNumber, plain: Page
) -> None:
    desk.open(plain, doubtful)
    plain.locator(".sheets-say > summary").first.press("Enter")
    last = plain.locator(".sheet-say").last
    page_two = last.locator("select option").nth(1).get_attribute("value") or ""
    last.locator("select").select_option(page_two)
    last.locator(".corners > summary").press("Enter")
    crossed = ("0", "0", "0", "100", "100.5", "100", "100", "0")
    for at, value in enumerate(crossed):
        last.locator("input[name=corners]").nth(at).fill(value)
    last.get_by_role("button", name="Rileggi con questi angoli").press("Enter")
    expect(plain.locator("#notice")).to_contain_text("I quattro angoli non fanno un foglio")
    expect(last.locator("select")).to_have_value(page_two)
    assert [n.input_value() for n in last.locator("input[name=corners]").all()] == list(crossed)
    expect(last.locator("input[name=corners]").first).to_be_visible()


def test_a_refusal_is_proposed_and_taken_back(desk: CaseDesk, doubtful: RegisterNumber, plain: Page) -> None:
    desk.open(plain, doubtful)
    plain.locator("#d-code").select_option("other_sector")
    plain.get_by_role("button", name="Proponi di non ammetterla").press("Enter")
    assert state(desk, doubtful) is CaseState.REFUSAL_PROPOSED
    desk.open(plain, doubtful)
    plain.get_by_role("button", name="Non respingere").press("Enter")
    expect(plain.locator(".case-badge")).to_have_text("Da controllare")


def test_what_was_sent_with_a_refused_decision_comes_back(
    desk: CaseDesk, doubtful: RegisterNumber, plain: Page
) -> None:
    plain.goto(f"{desk.running.url}/pratiche/{doubtful}")
    plain.get_by_label("Fa parte di un'altra pratica").fill("2026/nessuna")
    plain.get_by_role("button", name="Unisci", exact=True).click()
    expect(plain.locator("#notice")).to_contain_text("Non c'è nessuna pratica con questo numero")
    expect(plain.get_by_label("Fa parte di un'altra pratica")).to_have_value("2026/nessuna")
    plain.get_by_label("Perché non è ammissibile").select_option("other_sector")
    plain.get_by_role("button", name="Passa al responsabile").click()
    expect(plain.locator("#notice")).to_be_visible()
    expect(plain.get_by_label("Perché non è ammissibile")).to_have_value("other_sector")
