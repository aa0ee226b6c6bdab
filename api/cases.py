"""Cases go out: lists by arrival, and each case by its register number."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.cursor import BadCursor, cursor_of, position_of
from api.description import EXAMPLE_CASE, problem
from api.gate import GateOf, Reader
from api.problem import INVALID, NOT_FOUND, FieldProblem, Problem
from cases.case import CaseState
from cases.contract import CaseOut
from cases.listing import Entry, Position, Sought, page
from cases.queue import Queue
from cases.register import RegisterNumber
from checks.validation import Outcome
from intake.receipt import Channel

router = APIRouter(prefix="/cases", tags=["cases"])
ADDRESS: Final = "/{year}/{serial}"
"""The address of a case: its register number."""

Year = Annotated[int, Path(ge=1, le=9999, examples=[2026])]
Serial = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[123], description="Leading zeros may be left out.")]


def number_of(year: Year, serial: Serial) -> RegisterNumber:
    """Give the register number of an address."""
    return RegisterNumber(year, serial)


Number = Annotated[RegisterNumber, Depends(number_of)]


class EntryOut(BaseModel):
    """A case without what was read of it: what a list shows."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    number: str
    """Register number, ``YYYY/NNNNNNN``: the address of the case below ``/cases``."""
    state: CaseState
    outcome: Outcome
    reasons: list[str]
    form: str
    edition: str
    channel: Channel
    received_at: datetime
    registered_at: datetime
    hold_until: date | None
    version: int
    """Grows by one with every change."""


class PageOut(BaseModel):
    """One page of a list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[EntryOut]
    next: str | None
    """The cursor of the next page; null on the last one."""


class Asked(BaseModel):
    """The filters of a list; each narrows it."""

    state: list[CaseState] = []
    form: Annotated[str, Query(max_length=40, pattern=r"^[A-Z_]*$", examples=["CMOR"])] = ""
    channel: Channel | None = None
    received_from: AwareDatetime | None = None
    received_before: AwareDatetime | None = None

    def sought(self) -> Sought:
        """Say what is sought."""
        return Sought(self.state, self.form, self.channel, self.received_from, self.received_before)


class AskedPage(Asked):
    """A list's filters, and which page of it."""

    cursor: Annotated[str, Query(description="What 'next' of the page before said; empty for the first page.")] = ""
    limit: Annotated[int, Query(ge=1, le=200)] = 50


@router.get("", summary="List cases by arrival")
def list_cases(gate: GateOf, _client: Reader, asked: Annotated[AskedPage, Query()]) -> PageOut:
    """Give the cases in the order of their arrival, oldest first, a page at a time.

    A case that changes while you page is given once, as it is then, or not at all if it left your filter.
    """
    after = _position(asked.cursor) if asked.cursor else None
    with gate.database.transaction() as session:
        found = page(session, asked.sought(), after, asked.limit + 1)
    shown = found[: asked.limit]
    more = len(found) > len(shown)
    return PageOut(items=[_out(entry) for entry in shown], next=cursor_of(shown[-1].position) if more else None)


@router.get(ADDRESS, summary="Give one case", responses=problem(404) | {200: EXAMPLE_CASE})
def give_case(gate: GateOf, _client: Reader, number: Number) -> CaseOut:
    """Give a case in its published shape, the same whatever the channel. Its schema is at /schema/case-1.json."""
    found = Queue(gate.database).case(number)
    if found is None:
        raise no_case(number)
    return found.published()


def no_case(number: RegisterNumber) -> Problem:
    """Give the problem of a number that no case has."""
    return Problem(NOT_FOUND, f"There is no case {number}: GET /api/v1/cases lists them all.")


def _position(cursor: str) -> Position:
    try:
        return position_of(cursor)
    except BadCursor as error:
        told = [FieldProblem(where="query.cursor", why=f"{error}: send back what 'next' said, unchanged")]
        raise Problem(INVALID, "Start again from the first page, without a cursor.", told) from error


def _out(entry: Entry) -> EntryOut:
    return EntryOut(
        number=str(entry.number),
        state=entry.state,
        outcome=entry.outcome,
        reasons=list(entry.reasons),
        form=entry.form,
        edition=entry.edition,
        channel=entry.channel,
        received_at=entry.received_at,
        registered_at=entry.registered_at,
        hold_until=entry.hold_until,
        version=entry.version,
    )
