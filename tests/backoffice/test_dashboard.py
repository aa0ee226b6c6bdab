"""The numbers: right, readable as pictures and tables, and harmless in a spreadsheet."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from backoffice.figures import MAKERS, Cell, Period
from backoffice.person import Role
from bench.crowd import Crowd, gather
from cases.audit import audit
from cases.case import Event
from cases.correction_tables import CorrectionRow
from cases.csv_safe import csv_text
from cases.database import Database
from cases.moves import move
from cases.tables import CaseRow
from tests.backoffice.running import Running

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def _table(database: Database, slug: str) -> tuple[tuple[Cell, ...], ...]:
    with database.transaction() as session:
        return MAKERS[slug](session, Period(90, NOW)).rows


@pytest.fixture
def crowded(database: Database) -> Database:
    with database.transaction() as session:
        ids = gather(session, Crowd(60, seed=4, kinds=(0,)))
        gather(session, Crowd(40, seed=5, kinds=(6,)))
        row = session.get_one(CaseRow, ids[0])
        audit(session, "clerk:anna", "claimed", f"{row.year}/{row.number:07d}", NOW - timedelta(minutes=4))
        move(session, row, Event.CLEARED, NOW, "clerk:anna")
    return database


def test_every_arrival_is_counted_once(crowded: Database) -> None:
    arrivals = _table(crowded, "arrivi")
    assert len(arrivals) == 90
    assert sum(int(cell) for row in arrivals for cell in row[1:]) == 100
    assert sum(int(row[1]) for row in _table(crowded, "moduli")) == 100


def test_straight_through_is_what_no_clerk_touched(crowded: Database) -> None:
    rows = _table(crowded, "dirette")
    assert (sum(int(row[1]) for row in rows), sum(int(row[2]) for row in rows)) == (100, 40)


def test_what_is_open_tells_its_oldest_and_decisions_tell_their_time(crowded: Database) -> None:
    waits = {row[0]: row for row in _table(crowded, "attese")}
    assert (waits["Da controllare"][1], waits["Pronta in coda"][1]) == (59, 41)
    assert str(waits["Da controllare"][3]).endswith("giorni")
    (row,) = _table(crowded, "tempi")
    assert (row[1], row[2], row[3]) == (1, 4.0, 4.0)


@given(st.lists(st.lists(st.text() | st.integers(-9, 9) | st.floats(0, 9, width=16), min_size=1), min_size=1))
def test_no_cell_of_a_csv_is_a_formula(rows: list[list[object]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(("a",), rows), newline=""), delimiter=";"))[1:]
    told = [cell for row in rows for cell in row]
    for before, after in zip(told, (cell for row in read for cell in row), strict=True):
        if isinstance(before, str):
            assert after.lstrip(" ")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "|", "%"}
            assert after in {before, "'" + before}


def test_pictures_tables_and_csv_in_the_browser(running: Running, page: Page, axe: Callable[[Page], list[str]]) -> None:
    marta = running.add("marta", Role.SUPERVISOR)
    running.sign_in(page, marta)
    page.goto(running.url + "/andamento")
    expect(page.get_by_text("Nessun dato nel periodo.").first).to_be_visible()
    assert axe(page) == []
    with running.desk.database.transaction() as session:
        gather(session, Crowd(80, seed=4, until=running.desk.now()))
    page.goto(running.url + "/andamento?giorni=90")
    expect(page.get_by_role("img", name="Arrivi per modulo")).to_be_visible()
    page.locator("summary").first.click()
    assert axe(page) == []
    with running.client(marta) as client:
        answer = client.get("/andamento/moduli.csv?giorni=90")
        assert answer.headers["content-disposition"].startswith('attachment; filename="moduli-')
        assert answer.text.startswith("\ufeffModulo;Pratiche\r\n")
        assert client.get("/andamento/altro.csv").status_code == 404
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(running.url + "/andamento?giorni=90")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_corrected_fields_are_called_by_what_stands_on_the_forms(running: Running) -> None:
    now = running.desk.now()
    with running.desk.database.transaction() as session:
        (case_id,) = gather(session, Crowd(1, seed=4, until=now))
        for was, told in (("a", "b"), ("a", "a")):
            row = CorrectionRow(
                case_id=case_id,
                at=now,
                actor="clerk:anna",
                target="field",
                name="supply_pod",
                act="value",
                text="",
                reason="",
                was={"value": was},
                now={"value": told},
            )
            session.add(row)
    with running.client(running.add("marta", Role.SUPERVISOR)) as client:
        lines = client.get("/andamento/correzioni.csv?giorni=365").text.splitlines()
    assert len(lines) == 2
    assert lines[1].split(";")[1:] == ["Codice POD (luce)", "1", "100,0"]
