"""The main pages at 400 % zoom (1280 by 1024 pixels seen as 320 by 256): whole, without scrolling sideways."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from backoffice.person import Role
from bench.desk_cases import Drawing, in_doubt
from cases.correction_second import Sampling, choose, enter, waiting_for
from cases.database import Database
from cases.register import RegisterNumber
from cases.submission import Looked
from templates.load import load_forms
from tests.backoffice.case_desk import FAX, TWICE, CaseDesk, case_desk

Axe = Callable[[Page], list[str]]
EVERY = Sampling(1.0, ("tax_code",))
NARROW = {"width": 320, "height": 256}
IN_BOXES = ("holder_tax_code", "holder_birth_date", "holder_postal_code")


@pytest.fixture
def desk(database: Database, drawing: Drawing, looks: dict[str, Looked]) -> Iterator[CaseDesk]:
    """Give a desk with a case that waits."""
    with case_desk(database, drawing, sampling=EVERY) as made:
        made.settle(TWICE, looks[TWICE])
        yield made


@pytest.fixture
def doubtful(desk: CaseDesk, looks: dict[str, Looked]) -> RegisterNumber:
    """Give a case with doubtful characters."""
    return desk.settle(FAX, in_doubt(looks[FAX], IN_BOXES))


@pytest.fixture
def keyed_twice(desk: CaseDesk, database: Database, looks: dict[str, Looked]) -> RegisterNumber:
    """Give a case that went on, with a field that was keyed a second time and others that wait for it."""
    number = desk.settle(FAX, looks[FAX])
    with database.transaction() as session:
        choose(session, load_forms(), EVERY, desk.running.desk.now())
        row = waiting_for(session, "clerk:bruno")
        assert row is not None
        enter(session, row.id, "clerk:bruno", dict(row.first), desk.running.desk.now())
    return number


def whole(page: Page, axe: Axe) -> None:
    """Demand that a page is whole at 400 %: nothing beside the window, nothing that axe finds."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    wide = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(e => {
            const box = e.getBoundingClientRect();
            const inside = e.closest("svg, .desk-scroll, .visually-hidden, table");
            return box.width && !inside && (box.right > innerWidth + 1 || box.left < -1);
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    assert axe(page) == []


@pytest.mark.parametrize(
    ("way", "there"),
    [
        ("/", "tbody tr"),
        ("/?vista=tutte", "tbody tr"),
        ("/telefono", "main form"),
        ("/qualita", ".quality-plot"),
        ("/qualita/seconda", ".second-clip"),
        ("/andamento", ".desk-panel"),
        ("/stato", "main h1"),
        ("/accessibilita", "main h1"),
    ],
)
@pytest.mark.usefixtures("keyed_twice")
def test_a_page_is_whole_at_400_percent(desk: CaseDesk, page: Page, axe: Axe, way: str, there: str) -> None:
    boss = desk.running.add("carla", Role.CLERK, Role.SUPERVISOR, Role.ADMINISTRATOR)
    desk.running.sign_in(page, boss)
    page.goto(desk.running.url + way)
    expect(page.locator(there).first).to_be_visible()
    whole(page, axe)


@pytest.mark.usefixtures("doubtful")
def test_the_grid_of_characters_is_whole_at_400_percent(desk: CaseDesk, page: Page, axe: Axe) -> None:
    desk.running.sign_in(page, desk.anna)
    page.goto(desk.running.url + "/qualita/caratteri")
    expect(page.locator(".glyph").first).to_be_visible()
    whole(page, axe)


def test_an_open_case_is_whole_at_400_percent(desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe) -> None:
    desk.open(page, doubtful)
    whole(page, axe)
    page.locator("#i-holder_tax_code").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("ABC")
    page.keyboard.press("Enter")
    expect(page.locator("#s-holder_tax_code")).to_contain_text("si chiede al cliente")
    whole(page, axe)
    page.locator(".sheets-say > summary").first.press("Enter")
    page.locator(".corners > summary").first.press("Enter")
    whole(page, axe)
    page.keyboard.press("F1")
    expect(page.locator("#keys")).to_be_visible()
    whole(page, axe)


def test_the_card_of_the_phone_desk_is_whole_at_400_percent(desk: CaseDesk, page: Page, axe: Axe) -> None:
    desk.running.sign_in(page, desk.running.add("piero", Role.PHONE))
    page.goto(desk.running.url + "/telefono")
    page.get_by_label("Codice fiscale, POD").fill("2026/0000001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("Pratica 2026/0000001")
    whole(page, axe)
