"""What a clerk typed and did not send yet: no answer takes it away, and no case is left with it unasked."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from cases.case import CaseState
from cases.queue import Queue
from cases.register import RegisterNumber
from tests.backoffice.case_desk import CaseDesk
from tests.backoffice.running import PASSWORD

Axe = Callable[[Page], list[str]]


def _type(page: Page, place: str, words: str) -> None:
    page.locator(place).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def test_an_answer_for_the_whole_page_gives_back_what_stood_in_other_fields(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    _type(page, "#i-holder_surname", "MIO VALORE")
    page.locator("#d-reason").fill("una nota lunga")
    page.locator("#d-other").fill("non un numero")
    page.get_by_role("button", name="Unisci", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("Non c'è nessuna pratica con questo numero")
    expect(page.locator("#i-holder_surname")).to_have_value("MIO VALORE")
    expect(page.locator("#d-reason")).to_have_value("una nota lunga")
    expect(page.locator("#d-other")).to_have_value("non un numero")
    expect(page.locator("#f-holder_surname .unsaved")).to_contain_text("Non ancora salvato")
    assert axe(page) == []
    page.locator("#i-holder_surname").press("Enter")
    desk.calm(page)
    expect(page.locator("#f-holder_surname .unsaved")).to_have_count(0)
    expect(page.locator("#d-reason")).to_have_value("una nota lunga")


def test_what_the_server_gave_back_is_not_left_behind_either(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    read = page.locator("#i-holder_surname").input_value()
    _type(page, "#i-holder_surname", "x" * 10_000)
    page.keyboard.press("Enter")
    expect(page.locator("#m-holder_surname")).to_contain_text("10000 caratteri")
    page.locator("#d-other").fill("non un numero")
    page.get_by_role("button", name="Unisci", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("Non c'è nessuna pratica con questo numero")
    expect(page.locator("#i-holder_surname")).to_have_value("x" * 10_000)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Cognome")
    expect(page.get_by_role("alert")).to_contain_text("Fa parte di un'altra pratica")
    assert axe(page) == []
    for name in ("Cognome", "Fa parte"):
        page.get_by_role("button", name=f"Scarta quello che è stato scritto: {name}").click()
        page.wait_for_load_state("networkidle")
    expect(page.locator("#i-holder_surname")).to_have_value(read)
    expect(page.locator("#d-other")).to_have_value("")
    expect(page.locator(".unsaved")).to_have_count(0)


def test_a_sheet_that_is_named_takes_nothing_away(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    _type(page, "#i-holder_surname", "MIO VALORE")
    page.locator(".sheets-say summary").first.click()
    last = page.locator(".sheet-say").last
    last.locator("select").select_option("cover")
    last.get_by_role("button", name="Cambia").click()
    expect(page.locator(".tabs a").last).to_have_text("Copertina")
    expect(page.locator("#i-holder_surname")).to_have_value("MIO VALORE")
    expect(page.locator(".sheet-say").last.locator(".unsaved")).to_have_count(0)


def test_a_case_is_not_left_with_something_unsaved(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    read = page.locator("#i-supply_street").input_value()
    for _ in range(5):
        page.keyboard.press("Enter")
        desk.calm(page)
    expect(page.locator("#confirm")).to_be_focused()
    _type(page, "#i-supply_street", "VIA MAI SALVATA")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Non ancora salvato")
    expect(page.locator("#i-supply_street")).to_be_focused()
    assert axe(page) == []
    assert _state(desk, doubtful) is CaseState.WAITING_CLERK
    page.get_by_role("button", name="Scarta").press("Enter")
    expect(page.locator("#i-supply_street")).to_have_value(read)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".case-done")).to_contain_text("Non ci sono altre pratiche")
    assert _state(desk, doubtful) is CaseState.QUEUED


def test_what_is_typed_while_the_answer_is_on_its_way_stays(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page
) -> None:
    desk.open(page, doubtful)
    with page.expect_request("**/campi/holder_surname"):
        page.keyboard.press("Enter")
        page.locator("#i-holder_surname").evaluate("one => { one.value = 'POI CAMBIATO' }")
    desk.calm(page)
    expect(page.locator("#i-holder_surname")).to_have_value("POI CAMBIATO")
    expect(page.locator("#f-holder_surname .unsaved")).to_have_count(1)


def test_a_server_that_fails_leaves_the_case_as_it_stands(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    # In the way from the start: a request that leaves while the browser is still being told passes by unseen.
    away: list[bool] = []
    page.route("**/campi/*", lambda route: route.abort() if away else route.fallback())
    desk.open(page, doubtful)
    _type(page, "#i-supply_street", "ALTRO CAMPO")
    _type(page, "#i-holder_surname", "MIO VALORE")
    away.append(True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("non risponde")
    expect(page.locator("#i-holder_surname")).to_have_value("MIO VALORE")
    away.clear()
    token = page.locator("body").get_attribute("hx-headers:inherited")
    page.locator("body").evaluate("one => one.setAttribute('hx-headers:inherited', '{\"X-CSRF-Token\": \"no\"}')")
    page.locator("#f-holder_surname input[type=hidden]").first.evaluate("one => { one.value = 'no' }")
    page.locator("#i-holder_surname").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Non consentito")
    assert token
    assert axe(page) == []
    expect(page.locator("#i-holder_surname")).to_have_value("MIO VALORE")
    expect(page.locator("#i-supply_street")).to_have_value("ALTRO CAMPO")


def test_what_stands_in_other_fields_outlives_the_session(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    _type(page, "#i-supply_street", "ALTRO CAMPO")
    page.locator("#d-reason").fill("una nota lunga")
    _type(page, "#i-holder_surname", "MIO VALORE")
    desk.running.clock.offset += desk.running.desk.options.idle + timedelta(minutes=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("non va perso")
    for password in ("un'altra password", PASSWORD):
        page.get_by_label("Nome utente").fill("anna")
        page.get_by_label("Password").fill(password)
        page.keyboard.press("Enter")
        told = "Si continua da dove si era" if password == PASSWORD else "Nome o password non corretti"
        expect(page.locator("main")).to_contain_text(told)
    assert axe(page) == []
    page.get_by_role("button", name="Continua").press("Enter")
    expect(page.locator("#i-supply_street")).to_have_value("ALTRO CAMPO")
    expect(page.locator("#i-holder_surname")).to_have_value("MIO VALORE")
    expect(page.locator("#f-holder_surname .unsaved")).to_have_count(0)
    expect(page.locator("#f-supply_street .unsaved")).to_contain_text("Non ancora salvato")
    expect(page.locator("#d-reason")).to_have_value("una nota lunga")
    assert axe(page) == []
    page.locator("#i-supply_street").press("Enter")
    expect(page.locator("#f-supply_street .unsaved")).to_have_count(0)
    case = Queue(desk.database).case(doubtful)
    assert case is not None
    assert case.published().submission.fields["supply_street"].value == "ALTRO CAMPO"


def _state(desk: CaseDesk, number: RegisterNumber) -> CaseState:
    case = Queue(desk.database).case(number)
    assert case is not None
    return case.state
