"""The case screen as its tests meet it: a served desk with real cases, and the keys that a clerk presses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlmodel import Session

from backoffice.case_work import CaseWork
from backoffice.desk import Desk, DeskOptions
from backoffice.person import Person, Role
from bench.desk_cases import Drawing, settle
from bench.ground import scratch
from cases.correction_second import Sampling
from cases.database import Database
from cases.register import RegisterNumber
from cases.submission import Looked
from intake.originals import Originals
from jobs.draw import read_passage
from templates.load import load_forms
from tests.backoffice.running import FAX, TWICE, Clock, Running, served

__all__ = ["FAX", "TWICE", "CaseDesk", "case_desk"]


@dataclass
class CaseDesk:
    """A desk with cases, a clerk, and a browser page."""

    running: Running
    database: Database
    anna: Person
    drawing: Drawing

    def settle(self, sample: str, looked: Looked, **more: str) -> RegisterNumber:
        return settle(self.database, self.running.desk.originals, sample, looked, **more)

    def open(self, page: Page, number: RegisterNumber, person: Person | None = None) -> None:
        self.running.sign_in(page, person or self.anna)
        page.goto(f"{self.running.url}/pratiche/{number}")
        expect(page.locator("#case")).to_be_visible()
        page.wait_for_load_state("networkidle")

    def calm(self, page: Page) -> None:
        """Wait until what was sent is answered."""
        page.wait_for_load_state("networkidle")
        expect(page.locator("form.sent")).to_have_count(0)


@contextmanager
def case_desk(
    database: Database,
    drawing: Drawing,
    sampling: Sampling | None = None,
    options: DeskOptions | None = None,
    again: Callable[[Session, int], None] = lambda _session, _case: None,
) -> Iterator[CaseDesk]:
    clock = Clock()
    with scratch() as folder:
        work = CaseWork(draw=drawing, listen=read_passage, again=again, sampling=sampling or Sampling())
        desk = Desk(database, Originals(Path(folder)), load_forms(), clock, options or DeskOptions(), work=work)
        with served(desk) as url:
            running = Running(url, desk, clock)
            yield CaseDesk(running, database, running.add("anna", Role.CLERK), drawing)
