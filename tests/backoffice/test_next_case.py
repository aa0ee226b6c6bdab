"""The next case comes at the confirm key, as the page and the pictures that were sent ahead, if they still hold."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlmodel import col

from backoffice.paper import stamp_of
from backoffice.person import Role
from bench.desk_cases import FIVE, in_doubt
from cases.audit import trail
from cases.case import CaseState
from cases.correction import Act, Correction, Target
from cases.correction_store import Corrections
from cases.register import RegisterNumber
from cases.submission import Looked
from cases.trail_tables import ClaimRow
from tests.backoffice.case_desk import FAX, TWICE, CaseDesk


@pytest.fixture
def pair(desk: CaseDesk, looks: dict[str, Looked]) -> tuple[RegisterNumber, RegisterNumber]:
    return desk.settle(FAX, in_doubt(looks[FAX])), desk.settle(TWICE, in_doubt(looks[TWICE]))


def test_the_next_case_stands_on_pictures_that_came_ahead(
    desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber], page: Page
) -> None:
    first, following = pair
    with page.expect_response(lambda answer: f"{following}/fogli/" in answer.url):
        desk.open(page, first)
    page.wait_for_load_state("networkidle")
    for _ in FIVE:
        page.keyboard.press("Enter")
        desk.calm(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(lambda answer: answer.url.endswith("/decisione")) as decision:
        page.keyboard.press("Enter")
    assert "data-ahead" in decision.value.text()
    expect(page.locator("#case h1")).to_have_text(f"Pratica {following}")
    page.wait_for_function("document.querySelector('#sheet image').decode().then(() => true)")
    first_doubt = page.locator("#todo [data-todo]").first.get_attribute("data-todo")
    expect(page.locator(f"#f-{first_doubt} :focus")).to_have_count(1)
    held = page.locator("#sheet image").get_attribute("href") or ""
    assert held.startswith("blob:")
    assert not [way for way in asked if f"{following}/fogli/" in way], asked


def sent_ahead(desk: CaseDesk, client: httpx.Client, number: RegisterNumber) -> dict[str, Any]:
    told = client.post(f"/pratiche/{number}/prepara", data=desk.running.csrf(client)).json()
    assert isinstance(told, dict)
    return told


def decided(desk: CaseDesk, client: httpx.Client, number: RegisterNumber, mark: str) -> httpx.Response:
    """Send a case on its way, as the page does that holds what was sent ahead."""
    headers = {"HX-Request": "true", "X-Sent-Ahead": mark}
    said = {"way": "refuse", "code": "wrong_form", "step": "0", **desk.running.csrf(client)}
    return client.post(f"/pratiche/{number}/decisione", data=said, headers=headers)


def told_in_trail(desk: CaseDesk) -> list[tuple[str, str]]:
    with desk.database.transaction() as session:
        return [(line.action, line.subject) for line in trail(session, actor=desk.anna.actor)]


def test_what_is_sent_ahead_is_told_in_the_trail(desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]) -> None:
    first, following = pair
    with desk.running.client(desk.anna) as client:
        ahead = sent_ahead(desk, client, first)
        assert f"Pratica {following}" in ahead["page"]
        assert ahead["pictures"]
        assert all(way.startswith(f"/pratiche/{following}/fogli/") for way in ahead["pictures"])
        assert client.get(ahead["pictures"][0]).content.startswith(b"\xff\xd8\xff")
        assert ("case_sent_ahead", str(following)) in told_in_trail(desk)
        assert ("case_seen", str(following)) not in told_in_trail(desk)
        decided(desk, client, first, ahead["mark"])
    assert ("case_seen", str(following)) in told_in_trail(desk)


def test_nothing_is_sent_ahead_where_no_other_case_waits(desk: CaseDesk, looks: dict[str, Looked]) -> None:
    alone = desk.settle(FAX, in_doubt(looks[FAX]))
    with desk.running.client(desk.anna) as client:
        assert sent_ahead(desk, client, alone) == {"mark": "", "page": "", "pictures": []}


def test_the_page_that_is_held_is_the_page_that_would_be_sent(
    desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]
) -> None:
    first, following = pair
    with desk.running.client(desk.anna) as client:
        ahead = sent_ahead(desk, client, first)
        sent = decided(desk, client, first, "a mark of nothing")
    assert main_of(sent.text) == main_of(ahead["page"])
    assert f"Pratica {following}" in sent.text


def test_what_is_held_is_shown_when_nothing_has_changed(
    desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]
) -> None:
    first, following = pair
    with desk.running.client(desk.anna) as client:
        ahead = sent_ahead(desk, client, first)
        answer = decided(desk, client, first, ahead["mark"])
    assert f'data-ahead="{ahead["mark"]}"' in answer.text
    assert answer.headers["HX-Push-Url"] == f"/pratiche/{following}"
    with desk.database.transaction() as session:
        held = session.execute(select(col(ClaimRow.holder), col(ClaimRow.case_id))).one()
    assert held.holder == desk.anna.actor


def test_what_is_held_and_was_changed_meanwhile_is_sent_anew(
    desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]
) -> None:
    first, following = pair
    with desk.running.client(desk.anna) as client:
        ahead = sent_ahead(desk, client, first)
        said = Correction(Target.FIELD, "holder_surname", Act.VALUE, "Bianchi", actor="clerk:bruno")
        Corrections(desk.database, desk.running.desk.forms).correct(following, said, 0, desk.running.clock())
        answer = decided(desk, client, first, ahead["mark"])
    assert "data-ahead" not in answer.text
    assert f"Pratica {following}" in answer.text
    assert "Bianchi" in answer.text
    assert "Bianchi" not in ahead["page"]


def test_what_is_held_and_is_in_other_hands_meanwhile_is_not_shown(
    desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]
) -> None:
    first, following = pair
    with desk.running.client(desk.anna) as client:
        ahead = sent_ahead(desk, client, first)
        with desk.running.client(desk.running.add("bruno", Role.CLERK)) as other:
            other.get(f"/pratiche/{following}")
        answer = decided(desk, client, first, ahead["mark"])
    assert "data-ahead" not in answer.text
    assert f"Pratica {following}" not in answer.text
    assert ("case_seen", str(following)) not in told_in_trail(desk)


def test_a_mark_opens_nothing_for_somebody_else(desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]) -> None:
    first, _ = pair
    bruno = desk.running.add("bruno", Role.CLERK)
    with desk.running.client(desk.anna) as client, desk.running.client(bruno) as other:
        ahead = sent_ahead(desk, client, first)
        answer = decided(desk, other, first, ahead["mark"])
    assert "data-ahead" not in answer.text
    assert "Pratica" in answer.text


def main_of(page: str) -> str:
    """Give what stands on a page, without its frame."""
    return page.partition('<main id="main"')[2].partition("</main>")[0]


def test_a_sheet_that_is_laid_otherwise_has_another_address(
    desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]
) -> None:
    corrections = Corrections(desk.database, desk.running.desk.forms)
    now = desk.running.clock()
    case = corrections.open(pair[0], now)
    sheet = case.now.reading.pages[0]
    where = f"form:{case.now.form.key if case.now.form else ''}:1@0.01,0.01 0.99,0.01 0.99,0.99 0.01,0.99"
    said = Correction(Target.SHEET, f"{sheet.file}#{sheet.page}", Act.SET, where, actor=desk.anna.actor)
    after = corrections.correct(pair[0], said, 0, now)
    assert stamp_of(case) != stamp_of(after)
    assert stamp_of(after) == stamp_of(corrections.open(pair[0], now))


def test_a_case_after_a_decision_is_the_one_that_is_opened_anew(
    desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]
) -> None:
    corrections = Corrections(desk.database, desk.running.desk.forms)
    now = desk.running.clock()
    said = Correction(Target.CASE, "", Act.FORCE, reason="prova", actor=desk.anna.actor)
    forced = corrections.correct(pair[0], said, 0, now)
    assert plain(forced) == plain(corrections.open(pair[0], now))
    done = corrections.finish(pair[0], forced.step, desk.anna.actor, now)
    assert done.case.state is CaseState.QUEUED
    assert plain(done) == plain(corrections.open(pair[0], now))


def plain(case: object) -> object:
    """Leave out the rows of the log, which are other objects for each transaction."""
    return replace(case, log=())  # type: ignore[type-var]
