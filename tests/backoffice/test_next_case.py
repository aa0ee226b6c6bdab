"""The next case comes at the confirm key, with the pictures that were fetched ahead."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from backoffice.paper import stamp_of
from bench.desk_cases import FIVE, in_doubt
from cases.audit import trail
from cases.case import CaseState
from cases.correction import Act, Correction, Target
from cases.correction_store import Corrections
from cases.register import RegisterNumber
from cases.submission import Looked
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
    for _ in FIVE:
        page.keyboard.press("Enter")
        desk.calm(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Enter")
    expect(page.locator("#case h1")).to_have_text(f"Pratica {following}")
    page.wait_for_function("document.querySelector('#sheet image').decode().then(() => true)")
    held = page.locator("#sheet image").get_attribute("href") or ""
    assert held.startswith("blob:")
    assert not [way for way in asked if f"{following}/fogli/" in way], asked


def test_what_is_sent_ahead_is_told_in_the_trail(desk: CaseDesk, pair: tuple[RegisterNumber, RegisterNumber]) -> None:
    first, following = pair
    with desk.running.client(desk.anna) as client:
        token = desk.running.csrf(client)
        ways = client.post(f"/pratiche/{first}/prepara", data=token).json()
        assert ways
        assert all(way.startswith(f"/pratiche/{following}/fogli/") for way in ways)
        assert client.get(ways[0]).content.startswith(b"\xff\xd8\xff")
    with desk.database.transaction() as session:
        told = {(line.action, line.subject) for line in trail(session, actor=desk.anna.actor)}
    assert ("case_sent_ahead", str(following)) in told
    assert ("case_seen", str(following)) not in told


def test_nothing_is_sent_ahead_where_no_other_case_waits(desk: CaseDesk, looks: dict[str, Looked]) -> None:
    alone = desk.settle(FAX, in_doubt(looks[FAX]))
    with desk.running.client(desk.anna) as client:
        answer = client.post(f"/pratiche/{alone}/prepara", data=desk.running.csrf(client))
    assert answer.json() == []


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
