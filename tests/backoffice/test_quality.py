"""Second entry, the measured shares, the grid of characters, and the labelled examples."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from backoffice.person import Role
from bench.desk_cases import Drawing, in_doubt
from cases.correction import Act, Correction, Target
from cases.correction_examples import examples
from cases.correction_second import Rate, Sampling, choose, decide, enter, rates, total, waiting_for
from cases.correction_store import Corrections
from cases.database import Database
from cases.queue import Queue
from cases.submission import Looked
from templates.load import load_forms
from tests.backoffice.case_desk import FAX, CaseDesk, case_desk

Axe = Callable[[Page], list[str]]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BOTH, EVERY = Sampling(1.0), Sampling(1.0, ("tax_code",))


@pytest.fixture
def desk(database: Database, drawing: Drawing) -> Iterator[CaseDesk]:
    with case_desk(database, drawing, sampling=EVERY) as made:
        yield made


def test_wilson_bounds_hold_the_share_and_shrink() -> None:
    for wrong, every in ((0, 10), (1, 100), (7, 90), (5, 5)):
        low, high = Rate("x", wrong, every).interval
        assert 0 <= low <= wrong / every <= high <= 1
    assert Rate("x", 10, 1000).interval[1] < Rate("x", 1, 100).interval[1]


def test_a_field_is_keyed_again_by_another_and_decided_by_a_third(desk: CaseDesk, looks: dict[str, Looked]) -> None:
    desk.settle(FAX, looks[FAX])
    with desk.database.transaction() as session:
        assert choose(session, load_forms(), EVERY, NOW) == 1
        assert choose(session, load_forms(), EVERY, NOW) == 0
        first = waiting_for(session, "clerk:anna")
        assert first is not None
        row = first.id
    with desk.database.transaction() as session:
        enter(session, row, "clerk:anna", {"value": "ALTRO", "state": "filled"}, NOW)
        again = waiting_for(session, "clerk:anna")
        assert again is None or again.id != row
        with pytest.raises(ValueError, match="somebody else"):
            decide(session, row, "clerk:anna", "second", NOW)
    with desk.database.transaction() as session:
        third = waiting_for(session, "clerk:bruno")
        assert third is not None
        assert third.id == row
        decide(session, row, "clerk:bruno", "second", NOW)
        assert (total(session).wrong, total(session).total) == (1, 1)
        assert rates(session, "channel") == (Rate("fax", 1, 1),)


def test_the_same_entry_settles_a_field_as_right(desk: CaseDesk, looks: dict[str, Looked]) -> None:
    desk.settle(FAX, looks[FAX])
    with desk.database.transaction() as session:
        choose(session, load_forms(), BOTH, NOW)
        row = waiting_for(session, "clerk:anna")
        assert row is not None
        enter(session, row.id, "clerk:anna", dict(row.first), NOW)
        assert (total(session).wrong, total(session).total) == (0, 1)


def test_whoever_typed_a_value_never_checks_it(desk: CaseDesk, looks: dict[str, Looked]) -> None:
    number = desk.settle(FAX, in_doubt(looks[FAX], ("holder_tax_code",)))
    case = Queue(desk.database).case(number)
    assert case is not None
    told = case.published().submission.fields["holder_tax_code"].proposals[0]
    corrections = Corrections(desk.database, load_forms())
    said = Correction(Target.FIELD, "holder_tax_code", Act.VALUE, told, actor="clerk:anna")
    done = corrections.correct(number, said, 0, desk.running.desk.now())
    corrections.finish(number, done.step, "clerk:anna", desk.running.desk.now())
    with desk.database.transaction() as session:
        choose(session, load_forms(), EVERY, NOW)
        mine, theirs = waiting_for(session, "clerk:anna"), waiting_for(session, "clerk:bruno")
        assert theirs is not None
        assert mine is None or mine.field != "holder_tax_code"
        (example,) = examples(session)
    assert (example.field, example.right, example.source) == ("holder_tax_code", told, "ocr")


def test_the_second_clerk_sees_the_field_and_no_value(
    desk: CaseDesk, looks: dict[str, Looked], page: Page, axe: Axe
) -> None:
    number = desk.settle(FAX, looks[FAX])
    desk.running.sign_in(page, desk.anna)
    page.goto(f"{desk.running.url}/qualita/seconda")
    expect(page.locator(".second-clip")).to_be_visible()
    assert axe(page) == []
    case = Queue(desk.database).case(number)
    assert case is not None
    shown = page.content()
    values = [f.value for f in case.published().submission.fields.values() if isinstance(f.value, str)]
    assert not [v for v in values if len(v) > 4 and v in shown]
    assert str(number) not in shown
    page.keyboard.press("F8")
    expect(page.locator("#flash")).to_contain_text("Registrato", timeout=30_000)


def test_the_page_of_measured_shares(desk: CaseDesk, looks: dict[str, Looked], page: Page, axe: Axe) -> None:
    boss = desk.running.add("carla", Role.SUPERVISOR)
    desk.settle(FAX, looks[FAX])
    with desk.database.transaction() as session:
        choose(session, load_forms(), BOTH, NOW)
        row = waiting_for(session, "clerk:anna")
        assert row is not None
        enter(session, row.id, "clerk:anna", dict(row.first), NOW)
    desk.running.sign_in(page, boss)
    page.goto(f"{desk.running.url}/qualita")
    expect(page.locator(".quality-plot").first).to_be_visible()
    page.get_by_text("I numeri in tabella").first.click()
    assert axe(page) == []
    page.set_viewport_size({"width": 342, "height": 256})
    assert axe(page) == []


def test_odd_characters_are_knocked_out_by_keys(desk: CaseDesk, looks: dict[str, Looked], page: Page, axe: Axe) -> None:
    number = desk.settle(FAX, in_doubt(looks[FAX], ("holder_tax_code", "holder_birth_date", "holder_postal_code")))
    desk.running.sign_in(page, desk.anna)
    page.goto(f"{desk.running.url}/qualita/caratteri")
    expect(page.locator(".glyph").first).to_be_visible()
    assert axe(page) == []
    odd = page.locator(".glyph input").first
    expect(odd).to_be_focused()
    name = (odd.get_attribute("value") or "").split("|")[1]
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".glyph input").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("Accettati 2 campi", timeout=30_000)
    case = Queue(desk.database).case(number)
    assert case is not None
    fields = case.published().submission.fields
    assert fields[name].state == "unreadable"
    others = {"holder_tax_code", "holder_birth_date", "holder_postal_code"} - {name}
    assert all(fields[other].source == "clerk" for other in others)
