"""The case screen in a real browser, over real sheets."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from backoffice.person import Role
from bench.desk_cases import FIVE, in_doubt
from cases.case import CaseState
from cases.correction import Act, Correction, Target
from cases.correction_store import Corrections
from cases.queue import Queue
from cases.register import RegisterNumber
from cases.submission import Looked
from tests.backoffice.case_desk import FAX, TWICE, CaseDesk

Axe = Callable[[Page], list[str]]


def state(desk: CaseDesk, number: RegisterNumber) -> CaseState:
    case = Queue(desk.database).case(number)
    assert case is not None
    return case.state


def stored(desk: CaseDesk, number: RegisterNumber, name: str) -> dict[str, object]:
    case = Queue(desk.database).case(number)
    assert case is not None
    fields = case.payload["fields"]
    assert isinstance(fields, dict)
    return dict(fields[name])


def test_five_doubts_are_decided_with_six_keys_and_no_mouse(
    desk: CaseDesk, doubtful: RegisterNumber, looks: dict[str, Looked], page: Page
) -> None:
    following = desk.settle(TWICE, looks[TWICE])
    desk.open(page, doubtful)
    presses = 0
    for name in FIVE:
        expect(page.locator(f"#i-{name}")).to_be_focused()
        page.keyboard.press("Enter")
        presses += 1
        desk.calm(page)
    expect(page.locator("#confirm")).to_be_focused()
    page.keyboard.press("Control+Enter")
    presses += 1
    expect(page.locator("#case h1")).to_have_text(f"Pratica {following}")
    assert presses <= 8
    assert state(desk, doubtful) is CaseState.QUEUED
    expect(page).to_have_url(f"{desk.running.url}/pratiche/{following}")
    for name in FIVE:
        assert stored(desk, doubtful, name)["source"] == "clerk"


def test_what_is_typed_is_checked_at_once_and_said_in_words(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    date = page.locator("#i-holder_birth_date")
    date.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("31/02/1980")
    page.keyboard.press("Enter")
    expect(page.locator("#m-holder_birth_date")).to_contain_text("non esiste")
    expect(page.locator("#s-holder_birth_date")).to_contain_text("si chiede al cliente")
    assert axe(page) == []
    again = page.locator("#i-holder_birth_date")
    again.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("29 aprile 1999")
    page.keyboard.press("Enter")
    expect(page.locator("#s-holder_birth_date")).to_contain_text("a posto")
    expect(again).to_have_value("29/04/1999")


def test_keys_for_what_has_no_value_and_undo(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    surname = page.locator("#i-holder_surname")
    for key, word, said in (("F8", "si chiede al cliente", "unreadable"), ("F9", "si chiede al cliente", "empty")):
        surname.focus()
        page.keyboard.press(key)
        desk.calm(page)
        expect(page.locator("#s-holder_surname")).to_contain_text(word)
        assert stored(desk, doubtful, "holder_surname")["state"] == said
    for _ in range(2):
        surname.focus()
        page.keyboard.press("Shift+F9")
        desk.calm(page)
    expect(page.locator("#s-holder_surname")).to_contain_text("da verificare")


def test_proposals_come_by_one_key(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    surname = page.locator("#i-holder_surname")
    expect(surname).to_be_focused()
    read = surname.input_value()
    page.keyboard.press("ArrowDown")
    expect(surname).to_have_value(f"{read}X")
    page.keyboard.press("ArrowUp")
    expect(surname).to_have_value(read)


def test_a_value_is_kept_against_the_checks_with_a_reason(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    code = page.locator("#i-holder_tax_code")
    code.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("ABC")
    page.keyboard.press("Shift+F8")
    page.keyboard.type("cittadino estero")
    page.keyboard.press("Enter")
    expect(page.locator("#s-holder_tax_code")).to_contain_text("a posto")
    told = stored(desk, doubtful, "holder_tax_code")
    assert (told["value"], told["state"]) == ("ABC", "filled")


def brought(page: Page, name: str) -> None:
    """Wait until the sheet was brought to a field, and stands still there."""
    expect(page.locator(".zone.here")).to_have_attribute("data-zone", name)
    at_rest(page)


def at_rest(page: Page) -> None:
    expect(page.locator("#sheet > svg[data-moving]")).to_have_count(0)


def test_focus_brings_the_sheet_and_a_click_on_it_brings_the_field(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page
) -> None:
    desk.open(page, doubtful)
    sheet = page.locator("#sheet > svg")
    page.locator("#i-supply_street").focus()
    brought(page, "supply_street")
    left, top, wide, _high = (float(v) for v in (sheet.get_attribute("viewBox") or "").split())
    box = page.locator("#f-supply_street").get_attribute("data-box") or ""
    x, y, w, h = (float(v) for v in box.split())
    assert wide < 210
    assert left <= x + w / 2 <= left + wide
    assert top < y + h
    page.locator("#i-holder_surname").focus()
    brought(page, "holder_surname")
    page.keyboard.press("F2")
    at_rest(page)
    page.locator('.zone[data-zone="holder_given_name"]').click()
    expect(page.locator("#i-holder_given_name")).to_be_focused()


def test_a_rectangle_on_the_sheet_is_read_into_the_field(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    surname = page.locator("#i-holder_surname")
    surname.focus()
    brought(page, "holder_surname")
    read = surname.input_value()
    page.keyboard.press("Control+A")
    page.keyboard.type("sbagliato")
    page.locator("[data-tool=read]").click()
    zone = page.locator('.zone[data-zone="holder_surname"] rect').bounding_box()
    assert zone is not None
    page.mouse.move(zone["x"] + 3, zone["y"] + 6)
    page.mouse.down()
    page.mouse.move(zone["x"] + zone["width"] - 3, zone["y"] + zone["height"] - 5, steps=4)
    page.mouse.up()
    expect(surname).to_have_value(read, timeout=30_000)
    expect(page.locator("#m-holder_surname")).to_contain_text("Proposta")
    assert stored(desk, doubtful, "holder_surname")["source"] == "ocr"


def test_a_rectangle_in_which_nothing_is_read_takes_nothing_that_was_typed(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    surname = page.locator("#i-holder_surname")
    surname.focus()
    brought(page, "holder_surname")
    page.keyboard.press("Control+A")
    page.keyboard.type("già scritto")
    page.locator("#read-box summary").click()
    page.locator("#r-field").select_option("holder_surname")
    for side, at in (("left", "0.002"), ("top", "0.002"), ("right", "0.02"), ("bottom", "0.01")):
        page.locator(f"#r-{side}").fill(at)
    page.locator("#read-box").get_by_role("button", name="Leggi").click()
    expect(page.locator("#m-holder_surname")).to_contain_text("non si è letto niente", timeout=30_000)
    expect(surname).to_have_value("già scritto")
    assert axe(page) == []


def test_every_state_is_accessible(desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe) -> None:
    desk.open(page, doubtful)
    assert axe(page) == []
    page.keyboard.press("F1")
    expect(page.locator("#keys")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#i-holder_surname")).to_be_focused()
    page.locator(".sheets-say summary").first.click()
    assert axe(page) == []
    page.set_viewport_size({"width": 342, "height": 256})  # a screen of 1366 at 400 %
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 342


def test_nobody_overwrites_another_and_nothing_typed_is_lost(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page
) -> None:
    desk.open(page, doubtful)
    surname = page.locator("#i-holder_surname")
    page.keyboard.press("Control+A")
    page.keyboard.type("MIO VALORE")
    other = Corrections(desk.database, desk.running.desk.forms)
    said = Correction(Target.FIELD, "holder_surname", Act.VALUE, "SUO VALORE", actor="clerk:bruno")
    other.correct(doubtful, said, 0, desk.running.desk.now())
    page.keyboard.press("Enter")
    expect(page.locator("#m-holder_surname")).to_contain_text("bruno ha cambiato questo punto")
    expect(page.locator("#m-holder_surname")).to_contain_text("SUO VALORE")
    expect(surname).to_have_value("MIO VALORE")
    assert stored(desk, doubtful, "holder_surname")["value"] == "SUO VALORE"


def test_a_lost_lock_keeps_what_was_typed(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    boss = desk.running.add("carla", Role.SUPERVISOR)
    desk.open(page, doubtful)
    page.keyboard.press("Control+A")
    page.keyboard.type("MIO VALORE")
    with desk.running.client(boss) as client:
        client.post(f"/pratiche/{doubtful}/presa", data=desk.running.csrf(client))
    page.keyboard.press("Enter")
    expect(page.locator("#m-holder_surname")).to_contain_text("in mano a carla")
    expect(page.locator("#i-holder_surname")).to_have_value("MIO VALORE")
    assert stored(desk, doubtful, "holder_surname")["source"] == "ocr"


def test_a_text_of_ten_thousand_characters_comes_back_with_a_sentence(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page
) -> None:
    desk.open(page, doubtful)
    long = "x" * 10_000
    page.locator("#i-holder_surname").fill(long)
    page.keyboard.press("Enter")
    expect(page.locator("#m-holder_surname")).to_contain_text("10000 caratteri")
    expect(page.locator("#i-holder_surname")).to_have_value(long)


def test_an_expired_session_brings_back_what_was_typed(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    page.keyboard.press("Control+A")
    page.keyboard.type("ROSSI")
    page.context.clear_cookies()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.locator("input[name='kept.text']")).to_have_value("ROSSI")


def test_an_unknown_case_has_its_page(desk: CaseDesk, page: Page) -> None:
    desk.running.sign_in(page, desk.anna)
    answer = page.goto(f"{desk.running.url}/pratiche/2026/999")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Non trovato")


EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7*7}}"


def test_hostile_values_stay_text_everywhere(desk: CaseDesk, looks: dict[str, Looked], page: Page) -> None:
    one = looks[FAX].submissions[0]
    dirty = {n: replace(v, raw=EVIL, reason=EVIL, proposals=(EVIL, EVIL + "2")) for n, v in one.reading.values.items()}
    spoilt = {n: v for n, v in in_doubt(looks[FAX]).submissions[0].reading.values.items() if n in FIVE}
    values = dirty | {n: replace(v, raw=EVIL, reason=EVIL, proposals=(EVIL,)) for n, v in spoilt.items()}
    reading = replace(
        one.reading,
        values=values,
        doubts=(EVIL,),
        pages=tuple(replace(p, file=EVIL) for p in one.reading.pages),
        files=tuple(replace(f, name=EVIL) for f in one.reading.files),
    )
    number = desk.settle(
        FAX, replace(looks[FAX], submissions=(replace(one, reading=reading),), sender=EVIL, subject=EVIL)
    )
    page.on("dialog", lambda dialog: pytest.fail(f"something ran: {dialog.message}"))
    desk.open(page, number)
    expect(page.locator("#i-holder_surname")).to_have_value(EVIL)
    assert page.locator("img, script:not([src])").count() == 0
    page.locator("#i-holder_surname").focus()
    page.keyboard.press("Enter")
    desk.calm(page)
    assert page.locator("img, script:not([src])").count() == 0
    assert "49" not in page.locator(".case-what").inner_text()


def test_the_original_is_given_to_be_kept_and_not_opened(desk: CaseDesk, doubtful: RegisterNumber) -> None:
    with desk.running.client(desk.anna) as client:
        answer = client.get(f"/pratiche/{doubtful}/originale")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_file_with_a_virus_is_not_given_to_anybody(desk: CaseDesk, doubtful: RegisterNumber) -> None:
    with desk.running.client(desk.anna) as client:
        assert client.get(f"/pratiche/{doubtful}/fogli/0.jpg").status_code == 200
    with desk.database.transaction() as session:
        found = {"number": doubtful.number, "year": doubtful.year}
        told = 'UPDATE receipt SET facts = facts || \'{"virus": "Prova.Uno"}\' WHERE id = (SELECT receipt_id FROM case_'
        session.execute(text(f"{told} WHERE year = :year AND number = :number)"), found)
    with desk.running.client(desk.anna) as client:
        answer = client.get(f"/pratiche/{doubtful}/originale")
        sheet = client.get(f"/pratiche/{doubtful}/fogli/0.jpg")
    assert answer.status_code == 403
    assert "virus" in answer.text
    assert "content-disposition" not in answer.headers
    assert sheet.status_code == 404, "its sheets are not drawn either"


def test_all_goes_without_script(desk: CaseDesk, doubtful: RegisterNumber) -> None:
    with desk.running.client(desk.anna) as client:
        token = desk.running.csrf(client)
        way = f"/pratiche/{doubtful}"
        for name in FIVE:
            text = Queue(desk.database).case(doubtful).payload["fields"][name]["proposals"][0]  # type: ignore[union-attr,index,call-overload]
            answer = client.post(f"{way}/campi/{name}", data={**token, "act": "value", "text": text, "seen": "0"})
            assert answer.status_code == 303, answer.text
        page = client.get(way).text
        step = page.split('name="step" value="')[1].split('"')[0]
        answer = client.post(f"{way}/decisione", data={**token, "way": "finish", "step": step})
    assert answer.status_code == 303
    assert state(desk, doubtful) is CaseState.QUEUED


def test_a_refusal_is_proposed_and_confirmed(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    page.locator("#d-reason").fill("È una pratica dell'acqua.")
    page.locator("#d-code").select_option("other_sector")
    page.get_by_role("button", name="Proponi di non ammetterla").click()
    expect(page.locator(".case-badge")).to_have_text("Rifiuto da confermare")
    assert state(desk, doubtful) is CaseState.REFUSAL_PROPOSED
    page.goto(f"{desk.running.url}/pratiche/{doubtful}")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".case-badge")).to_have_text("Non ammessa")
    assert state(desk, doubtful) is CaseState.REFUSED


def test_a_sheet_is_named_by_hand(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    page.locator(".sheets-say summary").first.click()
    last = page.locator(".sheet-say").last
    last.locator("select").select_option("cover")
    last.get_by_role("button", name="Cambia").click()
    expect(page.locator(".tabs a").last).to_have_text("Copertina")
