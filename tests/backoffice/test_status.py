"""The state of the system, the trail and the open pages: what they say, and that everybody can read them."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.exc import OperationalError

from backoffice.health import Health
from backoffice.person import Role
from backoffice.status import _parts
from cases.sources import Sources, note_trouble
from tests.backoffice.running import Running
from tests.backoffice.test_inbox import HOSTILE


def test_the_status_tells_what_is_in_order_and_what_is_not(
    running: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    now = running.desk.now()
    sources = Sources(running.desk.database)
    with sources.turn("fax"), sources.turn("pec"):
        sources.started("fax", now)
        sources.succeeded("fax", 3, now)
        sources.failed("pec", HOSTILE[:500], 0, now)
    with running.desk.database.transaction() as session:
        note_trouble(session, "crash_loop", "worker", HOSTILE, now)
    running.sign_in(page, running.add("marta", Role.SUPERVISOR))
    page.goto(running.url + "/stato")
    expect(page.get_by_role("heading", name="Niente è andato perso")).to_be_visible()
    expect(page.get_by_role("row", name="pec")).to_contain_text("Non risponde (1 volta)")
    expect(page.get_by_role("row", name="fax")).to_contain_text("In ordine")
    expect(page).to_have_title("Stato del sistema · Scrivania SMART Help")
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(running.url + "/stato")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_messages_of_failures_are_for_those_who_keep_the_system(running: Running) -> None:
    now = running.desk.now()
    Sources(running.desk.database).failed("pec", "imap.example.com refuses", 0, now)
    with running.client(running.add("anna", Role.CLERK)) as client:
        assert "imap.example.com" not in client.get("/stato").text
    with running.client(running.add("ada", Role.ADMINISTRATOR)) as client:
        assert "imap.example.com" in client.get("/stato").text


@pytest.mark.parametrize(
    ("told", "part"),
    [
        ({"workers": 0}, "Lettori attivi"),
        ({"unread": 3, "oldest_unread_s": 7200.0}, "Da leggere"),
        ({"failed_jobs": 1}, "Lavori falliti"),
        ({"quarantined": 1}, "In quarantena"),
        ({"disk_free_bytes": 1}, "Spazio su disco"),
    ],
)
def test_each_part_that_needs_somebody_says_what_to_do(told: dict[str, float], part: str) -> None:
    well = Health(workers=1, disk_bytes=10**12, disk_free_bytes=10**12)
    assert {state for _, state, _, _ in _parts(well)} == {"good"}
    wrong = [(name, remedy) for name, state, _, remedy in _parts(replace(well, **told)) if state != "good"]
    assert [name for name, _ in wrong] == [part]
    assert wrong[0][1]


def test_the_trail_is_read_and_reading_it_is_on_it(
    running: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    running.sign_in(page, running.add("ada", Role.ADMINISTRATOR))
    page.goto(running.url + "/registro")
    assert axe(page) == []
    page.goto(running.url + "/registro?chi=clerk:ada&oggetto=" + "%22%3E%3Cscript%3E")
    page.goto(running.url + "/registro?chi=clerk:ada")
    expect(page.locator("tbody tr").first).to_contain_text("ha visto questo registro")
    expect(page.locator("tbody tr").first).to_contain_text('"><script>')
    assert axe(page) == []


def test_the_open_pages_are_accessible(running: Running, page: Page, axe: Callable[[Page], list[str]]) -> None:
    for way, title in (("/accessibilita", "Dichiarazione di accessibilità"), ("/accesso", "Accesso")):
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 500})
            page.goto(running.url + way)
            expect(page).to_have_title(f"{title} · Scrivania SMART Help")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert axe(page) == []
    running.sign_in(page, running.add("anna", Role.CLERK))
    for way, title in (("/non-esiste", "Non trovato"), ("/registro", "Non consentito")):
        page.goto(running.url + way)
        expect(page).to_have_title(f"{title} · Scrivania SMART Help")
        assert axe(page) == []


def test_a_database_that_is_away_is_said_in_words_and_a_fault_gives_a_code(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Health:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    def broken() -> Health:
        raise RuntimeError("the name of somebody")

    with running.client(running.add("anna", Role.CLERK)) as client:
        monkeypatch.setattr(type(running.desk), "health", property(lambda _: away))
        answer = client.get("/stato")
        assert (answer.status_code, "riprovare fra un minuto" in answer.text) == (503, True)
        monkeypatch.setattr(type(running.desk), "health", property(lambda _: broken))
        answer = client.get("/stato")
        assert answer.status_code == 500
        assert re.search(r"dire questo codice: <code>[0-9a-f]{8}</code>", answer.text)
        assert "somebody" not in answer.text
        calm = client.get("/non-esiste")
        assert "Anna" in calm.text
