from collections.abc import Callable

from playwright.sync_api import Page, expect

from backoffice.person import Role
from tests.backoffice.conftest import PASSWORD, Running


def test_a_person_signs_in_by_keyboard_and_comes_to_the_list(
    running: Running, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    running.add("anna", Role.CLERK)
    page.goto(running.url + "/")
    expect(page).to_have_title("Accesso · Scrivania SMART Help")
    assert axe(page) == []
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pratiche")
    assert axe(page) == []
