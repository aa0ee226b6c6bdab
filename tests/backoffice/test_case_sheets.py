"""The sheets of a case in a real browser: turned, zoomed, named by hand, laid over their form by four corners."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.desk_cases import Drawing
from cases.case import Case
from cases.database import Database
from cases.queue import Queue
from cases.register import RegisterNumber
from cases.submission import Looked
from checks.context import CheckSettings
from jobs.again import read_again
from jobs.app import configure
from jobs.ask import looker
from jobs.child import Limits
from parsers.reading import Role
from tests.backoffice.case_desk import FAX, CaseDesk, case_desk

Axe = Callable[[Page], list[str]]


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Strumenti del foglio").get_by_role("button", name=name, exact=True)


@pytest.fixture(autouse=True)
def _still(page: Page) -> None:
    """Let the sheet move at once, as for whoever wants no motion: a test on a busy machine met it on its way."""
    page.emulate_media(reduced_motion="reduce")


def shown(page: Page) -> tuple[float, float, float, float]:
    """Give what is shown of the sheet, in mm: left, top, width, height."""
    left, top, wide, high = (float(v) for v in (page.locator("#sheet > svg").get_attribute("viewBox") or "").split())
    return left, top, wide, high


def test_a_sheet_is_zoomed_moved_and_turned_by_keyboard(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    tool(page, "Foglio intero").press("Enter")
    assert shown(page) == pytest.approx((0, 0, 210, 297), abs=0.1)
    tool(page, "Ingrandisci").press("Enter")
    left, top, wide, _ = shown(page)
    assert wide == pytest.approx(147, abs=0.1)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    moved = shown(page)
    assert moved[0] > left + 20
    assert moved[1] > top + 20
    expect(tool(page, "Ingrandisci")).to_be_focused()
    tool(page, "Riduci").press("Enter")
    assert shown(page)[2] == pytest.approx(210, abs=0.1)
    tool(page, "Ruota").press("Enter")
    assert shown(page) == pytest.approx((-43.5, 43.5, 297, 210), abs=0.1)
    image = page.locator("#sheet image").bounding_box()
    frame = page.locator("#sheet > svg").bounding_box()
    assert image is not None
    assert frame is not None
    assert image["width"] > image["height"], "it lies on its side"
    assert frame["x"] - 1 <= image["x"]
    assert image["x"] + image["width"] <= frame["x"] + frame["width"] + 1, "and is shown whole"
    assert axe(page) == []


def test_a_turned_sheet_still_comes_to_the_field(desk: CaseDesk, doubtful: RegisterNumber, page: Page) -> None:
    desk.open(page, doubtful)
    for _ in range(3):
        tool(page, "Ruota").press("Enter")
        page.locator("#i-supply_street").focus()
        expect(page.locator(".zone.here")).to_have_attribute("data-zone", "supply_street")
        assert shown(page)[2] < 200
        zone = page.locator(".zone.here rect").bounding_box()
        frame = page.locator("#sheet > svg").bounding_box()
        assert zone is not None
        assert frame is not None
        middle = zone["x"] + zone["width"] / 2, zone["y"] + zone["height"] / 2
        assert frame["x"] <= middle[0] <= frame["x"] + frame["width"]
        assert frame["y"] <= middle[1] <= frame["y"] + frame["height"]


def test_the_sheet_that_is_shown_is_shown_as_it_came_and_nothing_typed_is_lost(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    page.keyboard.press("Control+A")
    page.keyboard.type("NON ANCORA INVIATO")
    page.keyboard.press("Alt+PageDown")
    expect(page.locator("#sheet")).to_have_attribute("data-at", "1")
    expect(page.locator(".tabs a").nth(1)).to_have_attribute("aria-current", "true")
    expect(page.locator(".tabs a[aria-current]")).to_have_count(1)
    page.get_by_role("link", name="Com'è arrivato").press("Enter")
    expect(page.locator("#sheet")).to_have_attribute("data-view", "originale")
    expect(page.locator("#sheet")).to_have_attribute("data-at", "1")
    expect(page.get_by_role("link", name="Foglio raddrizzato")).to_be_focused()
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_have_attribute("data-view", "piana")
    expect(page.locator("#i-holder_surname")).to_have_value("NON ANCORA INVIATO")


def sheets(case: Case) -> list[dict[str, object]]:
    pages = case.payload["pages"]
    assert isinstance(pages, list)
    return pages


def opened(page: Page) -> Locator:
    """Open the list of what each sheet is, by keyboard, and give its entries."""
    page.locator(".sheets-say > summary").first.press("Enter")
    return page.locator(".sheet-say")


@pytest.mark.parametrize(
    ("what", "title"),
    [
        ("blank", "Foglio bianco"),
        ("cover", "Copertina"),
        ("separator", "Separatore"),
        ("unsure", "Da riconoscere"),
        ("attachment:id_copy_holder", "Documento d'identità del cliente"),
        ("attachment:complaint_copy", "Reclamo inviato"),
        ("attachment:payment_proof", "Prove di pagamento"),
    ],
)
def test_a_sheet_is_said_to_be_something_by_keyboard(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe, what: str, title: str
) -> None:
    desk.open(page, doubtful)
    last = opened(page).last
    last.locator("select").focus()
    last.locator("select").select_option(what)
    last.get_by_role("button", name="Cambia").press("Enter")
    expect(page.locator("#notice")).to_have_count(0)
    expect(page.locator(".tabs a").last).to_contain_text(title)
    case = Queue(desk.database).case(doubtful)
    assert case is not None
    pages = sheets(case)
    role, _, paper = what.partition(":")
    assert pages[-1]["role"] == role
    assert pages[-1].get("paper", "") == paper
    assert axe(page) == []


def test_a_sheet_goes_into_a_slot_of_the_form(desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe) -> None:
    desk.open(page, doubtful)
    last = opened(page).last
    last.locator("select").select_option(label="CMOR, pagina 2")
    last.get_by_role("button", name="Cambia").press("Enter")
    expect(page.locator("#notice")).to_contain_text("viene riletto")
    case = Queue(desk.database).case(doubtful)
    assert case is not None
    assert [p["form_page"] for p in sheets(case) if p["page"] == 7] == [2]
    assert axe(page) == []


def test_corners_that_make_no_sheet_are_refused_with_a_sentence(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    first = opened(page).first
    first.locator(".corners > summary").press("Enter")
    expect(page.locator("#sheet")).to_have_attribute("data-view", "originale")
    numbers = first.locator("input[name=corners]")
    for at, value in enumerate(("0", "0", "0", "100", "100", "100", "100", "0")):
        numbers.nth(at).fill(value)
    first.get_by_role("button", name="Rileggi con questi angoli").press("Enter")
    expect(page.locator("#notice")).to_contain_text("I quattro angoli non fanno un foglio")
    assert axe(page) == []


def test_four_clicks_on_the_sheet_are_its_corners(
    desk: CaseDesk, doubtful: RegisterNumber, page: Page, axe: Axe
) -> None:
    desk.open(page, doubtful)
    first = opened(page).first
    first.locator(".corners > summary").click()
    expect(page.locator("#sheet")).to_have_attribute("data-view", "originale")
    box = page.locator("#sheet image").bounding_box()
    assert box is not None
    for across, down in ((0.05, 0.04), (0.95, 0.04), (0.95, 0.96), (0.05, 0.96)):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
    told = [float(n.input_value()) for n in first.locator("input[name=corners]").all()]
    assert told == pytest.approx([5, 4, 95, 4, 95, 96, 5, 96], abs=0.7)
    assert len((page.locator("[data-corner-line]").get_attribute("points") or "").split()) == 4
    assert axe(page) == []


def test_a_sheet_that_was_not_recognised_is_laid_by_its_corners_and_read_again(
    database_url: str, database: Database, drawing: Drawing, looks: dict[str, Looked], page: Page, axe: Axe
) -> None:
    one = looks[FAX].submissions[0]
    first, *others = one.reading.pages
    strange = replace(first, role=Role.UNSURE, form="", form_page=None)
    values = {name: v for name, v in one.reading.values.items() if v.page != first.page or v.file != first.file}
    reading = replace(one.reading, pages=(*others, strange), values=values)
    looked = replace(looks[FAX], submissions=(replace(one, reading=reading),))
    asked: list[int] = []
    with case_desk(database, drawing, again=lambda _session, case: asked.append(case)) as desk:
        number = desk.settle(FAX, looked)
        desk.open(page, number)
        expect(page.locator(".tabs a").last).to_have_text("Da riconoscere")
        last = opened(page).last
        last.locator("select").select_option(label="CMOR, pagina 1")
        last.locator(".corners > summary").press("Enter")
        expect(page.locator("#sheet")).to_have_attribute("data-at", str(len(others)))
        last.get_by_role("button", name="Rileggi con questi angoli").focus()
        assert axe(page) == []
        page.keyboard.press("Enter")
        expect(page.locator("#notice")).to_contain_text("viene riletto")
        assert axe(page) == []
        assert len(asked) == 1
        limits, now = Limits(), desk.running.desk.now
        again = looker(CheckSettings(), limits, now)
        wiring = configure(database_url, lambda _receipt, _raw: looked, desk.running.desk.originals, again=again)
        assert read_again(wiring, asked[0], 0) == str(number)
        wiring.database.close()
        page.reload()
        expect(page.locator("#i-holder_surname")).to_have_value("Santoro")
        expect(page.locator(".tabs a").first).to_have_text("Modulo p. 1")
        page.locator("#i-holder_surname").focus()
        expect(page.locator(".zone.here")).to_have_attribute("data-zone", "holder_surname")
        assert axe(page) == []
