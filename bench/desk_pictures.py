"""The pictures of the desk in its documentation, taken from the desk itself: ``python -m bench.desk_pictures``.

A made-up crowd fills the list, the numbers and the phone card; the case is a sample of the post, read as any other.
Look at each picture before it is committed.
"""

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page
from sqlmodel import Session, col, select

from backoffice.case_work import CaseWork
from backoffice.desk import Desk
from backoffice.person import Person, Role
from bench.crowd import Crowd, gather
from bench.desk_cases import Drawing, in_doubt, read_sample, settle
from bench.desk_served import browsed, let_in, served
from bench.ground import fresh, scratch, server
from cases.audit import audit
from cases.case import CaseState, Event
from cases.claims import claim
from cases.correction_tables import CorrectionRow
from cases.database import Database
from cases.moves import move
from cases.register import RegisterNumber
from cases.tables import CaseRow
from intake.originals import Originals
from templates.load import load_forms

_NOW: Final = datetime(2026, 11, 26, 9, tzinfo=UTC)
_MARTA: Final = Person(0, "marta", "Marta Neri", frozenset({Role.CLERK, Role.SUPERVISOR}))
_SAMPLE: Final = "fax/29-cmor-complete.tif"
_CORRECTED: Final = (
    "holder_surname", "holder_surname", "holder_surname", "holder_birth_date", "holder_birth_date", "holder_tax_code",
    "holder_tax_code", "supply_pod", "supply_postal_code",
)  # fmt: skip


def main() -> None:
    """Take the pictures into a folder."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk_pictures", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[1] / "docs" / "desk")
    folder = parser.parse_args().folder
    with server() as running, scratch() as ground:
        with fresh(running) as url:
            _of_crowd(Database(url), ground, folder)
        with fresh(running) as url:
            _of_case(Database(url), ground, folder)


def _desk(database: Database, ground: Path) -> Desk:
    originals = Originals(ground / "originals")
    return Desk(database, originals, load_forms(), lambda: _NOW, work=CaseWork(draw=Drawing()))


def _of_crowd(database: Database, ground: Path, folder: Path) -> None:
    desk = _desk(database, ground)
    with database.transaction() as session:
        ids = gather(session, Crowd(400))
        _worked_on(session, ids)
        _in_hands(session)
        waits = select(CaseRow).where(col(CaseRow.state) == CaseState.WAITING_CUSTOMER).order_by(col(CaseRow.id))
        called = session.exec(waits).first()
        number = str(RegisterNumber(called.year, called.number)) if called else ""
    cookie = let_in(desk, _MARTA)
    with served(desk) as address, browsed(address, cookie, 1280, 800) as page:
        _take(page, address + "/", folder / "list.png")
        page.goto(address + "/telefono")
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        page.get_by_role("article").wait_for()
        _take(page, "", folder / "phone.png", whole=True)
        _take(page, address + "/andamento", folder / "dashboard.png", whole=True)
    database.close()


def _of_case(database: Database, ground: Path, folder: Path) -> None:
    desk = _desk(database, ground)
    number = settle(database, desk.originals, _SAMPLE, in_doubt(read_sample(_SAMPLE, ground), others=False))
    cookie = let_in(desk, _MARTA)
    with served(desk) as address, browsed(address, cookie, 1440, 900) as page:
        page.goto(f"{address}/pratiche/{number}")
        page.locator(".zone.here").wait_for()
        page.locator("#sheet > svg:not([data-moving])").wait_for()
        _take(page, "", folder / "case.png")
    database.close()


def _take(page: Page, way: str, file: Path, *, whole: bool = False) -> None:
    if way:
        page.goto(way)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.screenshot(path=file, full_page=whole, animations="disabled")
    print(file)


def _worked_on(session: Session, ids: list[int]) -> None:
    """Let clerks have corrected and decided some cases, each within a few minutes."""
    dice = random.Random(7)
    rows = [row for one in ids if (row := session.get_one(CaseRow, one)).state == CaseState.WAITING_CLERK]
    for row in rows[-60:-6]:
        taken = min(row.received_at + timedelta(hours=dice.randrange(2, 60)), _NOW - timedelta(hours=1))
        audit(session, "clerk:marta", "claimed", str(RegisterNumber(row.year, row.number)), taken)
        name = dice.choice(_CORRECTED)
        was, now = {"value": None}, {"value": "corretto"}
        more: dict[str, Any] = {
            "target": "field",
            "act": "value",
            "text": "corretto",
            "reason": "",
            "was": was,
            "now": now,
        }
        session.add(CorrectionRow(case_id=row.id, at=taken, actor="clerk:marta", name=name, **more))
        move(session, row, Event.CLEARED, taken + timedelta(seconds=dice.randrange(50, 400)), "clerk:marta")


def _in_hands(session: Session) -> None:
    """Let two of the oldest cases be in somebody's hands."""
    waits = select(CaseRow.id).where(col(CaseRow.state) == CaseState.WAITING_CLERK).order_by(col(CaseRow.received_at))
    for case_id, who in zip(session.exec(waits.limit(3)).all()[1:], ("clerk:luca", "clerk:marta"), strict=True):
        claim(session, case_id, who, _NOW, timedelta(minutes=15))


if __name__ == "__main__":
    main()
