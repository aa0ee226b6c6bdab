"""A case that is joined to another and parted from it, taken over, or refused: by keyboard, in a real browser."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.person import Role
from cases.audit import trail
from cases.case import CaseState
from cases.queue import Queue
from cases.register import RegisterNumber
from cases.submission import Looked
from tests.backoffice.case_desk import TWICE, CaseDesk

Axe = Callable[[Page], list[str]]


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """Give the browser of a second person."""
    context = browser.new_context(locale="it-IT", timezone_id="Europe/Rome", viewport={"width": 1366, "height": 768})
    yield context.new_page()
    context.close()


def state(desk: CaseDesk, number: RegisterNumber) -> CaseState:
    case = Queue(desk.database).case(number)
    assert case is not None
    return case.state


def test_a_case_is_joined_to_another_and_split_again_by_keyboard(
    desk: CaseDesk, doubtful: RegisterNumber, looks: dict[str, Looked], page: Page, axe: Axe
) -> None:
    home = desk.settle(TWICE, looks[TWICE])
    alone = len(Queue(desk.database).case(home).payload["pages"])  # type: ignore[union-attr,arg-type]
    desk.open(page, doubtful)
    page.get_by_label("Fa parte di un'altra pratica").focus()
    page.keyboard.type(str(home))
    page.keyboard.press("Enter")
    expect(page.locator(".case-badge")).to_have_text("Unita a un'altra")
    expect(page.get_by_role("link", name=str(home))).to_be_visible()
    assert axe(page) == []
    assert state(desk, doubtful) is CaseState.LINKED
    carries = len(Queue(desk.database).case(home).payload["pages"])  # type: ignore[union-attr,arg-type]
    assert carries > alone, "the papers of both lie in one case"
    page.get_by_role("link", name=str(home)).press("Enter")
    expect(page.locator("#case h1")).to_have_text(f"Pratica {home}")
    expect(page.locator(".tabs a")).to_have_count(carries)
    assert axe(page) == []
    page.goto(f"{desk.running.url}/pratiche/{doubtful}")
    page.get_by_role("button", name="Dividi: è una pratica a sé").press("Enter")
    expect(page.locator(".case-badge")).to_have_text("Da controllare")
    expect(page.locator("#case")).to_have_attribute("data-editable", "")
    assert axe(page) == []
    assert state(desk, doubtful) is CaseState.WAITING_CLERK
    assert len(Queue(desk.database).case(home).payload["pages"]) == alone  # type: ignore[union-attr,arg-type]


@pytest.mark.parametrize(
    ("told", "said"), [("2026/9999999", "nessuna pratica"), ("ciao", "nessuna pratica"), ("", "nessuna pratica")]
)
def test_a_number_that_is_none_is_said_and_nothing_is_joined(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, told: str, said: str
) -> None:
    desk.open(page, doubtful)
    page.get_by_label("Fa parte di un'altra pratica").fill(told)
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text(said)
    assert state(desk, doubtful) is CaseState.WAITING_CLERK


def test_an_expired_claim_is_taken_by_a_second_clerk_and_the_first_loses_no_word(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, other: Page, axe: Axe
) -> None:
    bruno = desk.running.add("bruno", Role.CLERK)
    desk.open(page, doubtful)
    page.keyboard.press("Control+A")
    page.keyboard.type("MIO VALORE")
    desk.open(other, doubtful, bruno)
    expect(other.locator(".desk-notice-warning")).to_contain_text("in mano a anna")
    expect(other.locator("#i-holder_surname")).to_have_attribute("readonly", "")
    assert axe(other) == []
    desk.running.clock.offset += desk.running.desk.options.claim + timedelta(minutes=1)
    other.reload()
    expect(other.locator("#case")).to_have_attribute("data-editable", "")
    page.keyboard.press("Enter")
    expect(page.locator("#m-holder_surname")).to_contain_text("in mano a bruno")
    expect(page.locator("#i-holder_surname")).to_have_value("MIO VALORE")
    expect(page.locator("#i-holder_surname")).to_be_focused()
    assert axe(page) == []
    other.get_by_role("button", name="Lascia").press("Enter")
    expect(other).to_have_url(f"{desk.running.url}/")
    page.keyboard.press("Enter")
    expect(page.locator("#m-holder_surname .cf-by")).to_contain_text("anna")
    case = Queue(desk.database).case(doubtful)
    assert case is not None
    assert case.published().submission.fields["holder_surname"].value == "MIO VALORE"


def test_a_refusal_is_proposed_by_one_and_confirmed_by_another(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, other: Page, axe: Axe
) -> None:
    bruno = desk.running.add("bruno", Role.CLERK)
    desk.open(page, doubtful)
    page.locator("#d-code").select_option("other_sector")
    page.locator("#d-reason").focus()
    page.keyboard.type("È una pratica dell'acqua.")
    page.get_by_role("button", name="Proponi di non ammetterla").press("Enter")
    expect(page.locator(".case-badge")).to_have_text("Rifiuto da confermare")
    assert state(desk, doubtful) is CaseState.REFUSAL_PROPOSED, "one word refuses nobody"
    desk.running.sign_in(other, bruno)
    other.goto(desk.running.url)
    expect(other.locator("tbody tr")).to_contain_text("Non ammissibile")
    other.get_by_role("link", name=str(doubtful)).first.press("Enter")
    expect(other.locator("#confirm")).to_contain_text("Conferma il rifiuto")
    expect(other.locator("#why")).to_contain_text("È una pratica dell'acqua.")
    assert axe(other) == []
    other.keyboard.press("Control+Enter")
    expect(other.locator(".case-badge")).to_have_text("Non ammessa")
    assert axe(other) == []
    assert state(desk, doubtful) is CaseState.REFUSED
    with desk.database.transaction() as session:
        (line,) = (one for one in trail(session, actor="clerk:bruno", limit=50) if one.action == "refusal_confirmed")
    assert line.subject == str(doubtful)


def test_a_refusal_that_is_not_confirmed_comes_back(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    page.locator("#d-code").select_option("wrong_form")
    page.get_by_role("button", name="Proponi di non ammetterla").click()
    expect(page.locator(".case-badge")).to_have_text("Rifiuto da confermare")
    page.goto(f"{desk.running.url}/pratiche/{doubtful}")
    page.get_by_role("button", name="Non respingere").press("Enter")
    expect(page.locator(".case-badge")).to_have_text("Da controllare")
    assert state(desk, doubtful) is CaseState.WAITING_CLERK


def test_the_originals_of_all_deliveries_of_a_case_are_given_each_with_its_line_in_the_trail(
    desk: CaseDesk, doubtful: RegisterNumber, looks: dict[str, Looked]
) -> None:
    home = desk.settle(TWICE, looks[TWICE])
    with desk.running.client(desk.anna) as client:
        form = {**desk.running.csrf(client), "other": str(home)}
        assert client.post(f"/pratiche/{doubtful}/unisci", data=form).status_code == 303
        ways = sorted(set(re.findall(rf'"(/pratiche/{home}/originale[/0-9]*)"', client.get(f"/pratiche/{home}").text)))
        given = [client.get(way) for way in ways]
        alien = client.get(f"/pratiche/{home}/originale/999999")
        not_joined = client.get(ways[1].replace(str(home), str(doubtful)))
        its_own = client.get(f"/pratiche/{doubtful}/originale")
    assert len(ways) == 2
    assert alien.status_code == 404
    assert not_joined.content == its_own.content, "by the number of its own delivery, too"
    assert given[1].content == its_own.content
    assert given[0].content != given[1].content
    for answer in given:
        assert answer.headers["content-disposition"].startswith("attachment; filename=\"originale\"; filename*=UTF-8''")
        assert "/" not in answer.headers["content-disposition"]
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    with desk.database.transaction() as session:
        taken = [line.subject for line in trail(session, limit=1000) if line.action == "original_taken"]
    assert str(home) in taken
    assert f"{home} {ways[1].rpartition('/')[2]}" in taken
