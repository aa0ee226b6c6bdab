"""Where it takes two to refuse, whoever proposed it is told, and somebody else confirms it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from backoffice.desk import DeskOptions
from backoffice.person import Person, Role
from bench.desk_cases import Drawing, in_doubt
from cases.case import CaseState
from cases.correction_store import Corrections
from cases.database import Database
from cases.register import RegisterNumber
from cases.submission import Looked
from tests.backoffice.case_desk import FAX, CaseDesk, case_desk


@pytest.fixture
def strict(database: Database, drawing: Drawing) -> Iterator[CaseDesk]:
    with case_desk(database, drawing, options=DeskOptions(refusals_by_two=True)) as made:
        yield made


def propose(desk: CaseDesk, looks: dict[str, Looked]) -> RegisterNumber:
    number = desk.settle(FAX, in_doubt(looks[FAX]))
    assert "proposta" not in answer(desk, desk.anna, number, "refuse")
    return number


def answer(desk: CaseDesk, person: Person, number: RegisterNumber, way: str) -> str:
    with desk.running.client(person) as client:
        said = {"way": way, "code": "wrong_form", "step": str(2**40), **desk.running.csrf(client)}
        return client.post(f"/pratiche/{number}/decisione", data=said).text


def state(desk: CaseDesk, number: RegisterNumber) -> CaseState:
    return Corrections(desk.database, desk.running.desk.forms).case(number).state


def test_whoever_proposed_is_refused_with_what_to_do(strict: CaseDesk, looks: dict[str, Looked]) -> None:
    number = propose(strict, looks)
    told = answer(strict, strict.anna, number, "confirm")
    assert "va confermato da un&#39;altra persona" in told
    assert "Lasciare la pratica a un collega" in told
    assert state(strict, number) is CaseState.REFUSAL_PROPOSED
    with strict.running.client(strict.anna) as client:
        client.post(f"/pratiche/{number}/lascia", data=strict.running.csrf(client))
    answer(strict, strict.running.add("bruno", Role.CLERK), number, "confirm")
    assert state(strict, number) is CaseState.REFUSED


def test_one_person_may_do_both_where_nothing_was_set(desk: CaseDesk, looks: dict[str, Looked]) -> None:
    number = propose(desk, looks)
    answer(desk, desk.anna, number, "confirm")
    assert state(desk, number) is CaseState.REFUSED


def test_only_the_other_person_has_the_button(strict: CaseDesk, looks: dict[str, Looked], page: Page) -> None:
    number = propose(strict, looks)
    strict.open(page, number)
    expect(page.locator("#why")).to_contain_text("va confermato da un'altra persona")
    expect(page.locator("#confirm")).to_have_count(0)
    page.get_by_role("button", name="Lascia").click()
    page.wait_for_url("**/")
    page.context.clear_cookies()
    strict.open(page, number, strict.running.add("bruno", Role.CLERK))
    expect(page.locator("#why")).not_to_contain_text("altra persona")
    expect(page.locator("#confirm")).to_contain_text("Conferma il rifiuto")
