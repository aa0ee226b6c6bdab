"""The list in the browser: order, filters that can be bookmarked, taking in hand, with and without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.person import Role
from bench.crowd import Crowd, gather
from tests.backoffice.running import Running

HOSTILE = "\"><script>document.title='rotto'</script>'{{7*7}}\u202e" + "à" * 10_000


@pytest.fixture
def crowded(running: Running) -> Running:
    with running.desk.database.transaction() as session:
        gather(session, Crowd(130, seed=4))
    return running


def test_the_list_is_read_filtered_and_bookmarked(
    crowded: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    crowded.sign_in(page, crowded.add("anna", Role.CLERK))
    page.goto(crowded.url + "/")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    assert axe(page) == []
    page.get_by_role("link", name="Successive").click()
    expect(page.get_by_role("link", name="Precedenti")).to_be_visible()
    page.get_by_label("Canale").select_option("Fax")
    page.get_by_role("button", name="Filtra").click()
    expect(rows.first.locator("td").nth(2)).to_have_text("Fax")
    bookmarked = page.url
    assert "canale=fax" in bookmarked
    shown = rows.all_inner_texts()
    assert axe(page) == []
    page.goto(crowded.url + "/?vista=cliente")
    page.goto(bookmarked)
    assert rows.all_inner_texts() == shown


def test_a_search_stands_in_the_address_without_a_name(crowded: Running, page: Page) -> None:
    crowded.sign_in(page, crowded.add("anna", Role.CLERK))
    page.goto(crowded.url + "/?vista=tutte")
    page.get_by_label("Numero, codice fiscale").fill("rossi maria")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-chip")).to_have_text("Cercato: rossi maria")
    assert "vista=tutte" in page.url
    assert "rossi" not in page.url
    for cell in page.locator("tbody tr td:nth-child(2)").all_inner_texts():
        assert cell == "Rossi Maria"
    page.goto(page.url.replace("cerca=", "cerca=guasto"))
    expect(page.locator(".desk-empty")).to_be_visible()


@pytest.mark.parametrize("words", [HOSTILE, "%' OR '1'='1", "\0"])
def test_nothing_that_is_searched_for_runs(crowded: Running, page: Page, words: str) -> None:
    anna = crowded.add("anna", Role.CLERK)
    with crowded.client(anna) as client:
        answer = client.post("/cerca", data={"parole": words[:5000], **crowded.csrf(client)})
        assert answer.status_code == 303
    crowded.sign_in(page, anna)
    page.goto(crowded.url + answer.headers["location"])
    expect(page).to_have_title("Da lavorare · Scrivania SMART Help")


def test_taking_in_hand_keeps_the_focus_and_says_what_happened(crowded: Running, page: Page) -> None:
    crowded.sign_in(page, crowded.add("anna", Role.CLERK))
    page.goto(crowded.url + "/")
    first = page.locator("tbody tr").first
    number = first.locator("th").inner_text()
    button = first.get_by_role("button", name=f"Prendi la pratica {number}")
    button.focus()
    page.keyboard.press("Enter")
    mine = first.get_by_role("button", name=f"Lascia la pratica {number}")
    expect(mine).to_be_focused()
    expect(page.locator("#flash")).to_have_text(f"Pratica {number} presa in mano.")
    expect(first).to_contain_text("me, fino alle")
    page.keyboard.press("Enter")
    expect(first.get_by_role("button", name="Prendi")).to_be_focused()


def test_it_all_works_without_scripts(crowded: Running, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    crowded.sign_in(page, crowded.add("anna", Role.CLERK))
    page.goto(crowded.url + "/?canale=fax")
    page.locator("tbody tr").first.get_by_role("button", name="Prendi").click()
    expect(page.locator("tbody tr").first).to_contain_text("me, fino alle")
    assert page.url.endswith("/?canale=fax")
    page.get_by_role("link", name="In mano a me").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    context.close()


def test_who_comes_second_sees_whose_it_is_until_it_expires(crowded: Running) -> None:
    anna, piero = crowded.add("anna", Role.CLERK), crowded.add("piero", Role.CLERK)
    marta = crowded.add("marta", Role.SUPERVISOR)
    with crowded.client(anna) as one, crowded.client(piero) as two, crowded.client(marta) as three:
        number = one.get("/").text.split('action="/prese/')[1].split('"')[0]

        def hold(client: object, what: str) -> str:
            assert isinstance(client, type(one))
            asked = {"cosa": what, **crowded.csrf(client)}
            return client.post(f"/prese/{number}", data=asked, headers={"HX-Request": "true"}).text

        assert "presa in mano" in hold(one, "prendi")
        assert "è in mano a anna fino alle" in hold(two, "prendi")
        assert "Non consentito" in hold(two, "subentra")
        assert "presa in mano" in hold(three, "subentra")
        assert "è in mano a marta fino alle" in hold(one, "prendi")
        crowded.clock.offset += timedelta(minutes=16)
        assert "presa in mano" in hold(one, "prendi")
        assert "lasciata" in hold(one, "lascia")


def test_hostile_values_are_shown_as_they_are(running: Running, page: Page, axe: Callable[[Page], list[str]]) -> None:
    names = ("holder_surname", "holder_given_name", "holder_tax_code", "supply_pod", "holder_mobile")
    with running.desk.database.transaction() as session:
        gather(session, Crowd(3, kinds=(0,), fields=dict.fromkeys(names, HOSTILE), said=HOSTILE))
    running.sign_in(page, running.add("anna", Role.CLERK, shown=HOSTILE[:60]))
    page.goto(running.url + "/")
    expect(page).to_have_title("Da lavorare · Scrivania SMART Help")
    expect(page.locator("tbody tr").first).to_contain_text("<script>document.title='rotto'</script>'{{7*7}}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_the_empty_list_and_the_zoomed_list_are_whole(
    running: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    running.sign_in(page, running.add("anna", Role.CLERK))
    page.goto(running.url + "/")
    expect(page.locator(".desk-empty")).to_contain_text("Qui non aspetta niente.")
    assert axe(page) == []
    page.get_by_role("button", name="Prendi la prossima").click()
    expect(page.locator("#flash")).to_contain_text("Non c'è altro da prendere")
    with running.desk.database.transaction() as session:
        gather(session, Crowd(5, seed=4))
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(running.url + "/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
