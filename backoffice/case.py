"""The case screen: paper on the left, fields on the right, what is to be decided first."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backoffice.case_bench import CASE, Bench, Number, TheBench, clock
from backoffice.case_order import Status
from backoffice.case_sheets import paper_label
from backoffice.case_view import CaseView, FieldView, settled_rules, view_of
from backoffice.case_words import KEYS, OUTCOMES, REFUSALS, ROLES
from backoffice.paper import stamp_of
from backoffice.person import Person
from backoffice.screen import show
from backoffice.security import Clerk
from backoffice.words import CHANNELS, STATES
from cases.case import CaseState
from cases.claims import Claim
from cases.correction_case import OpenCase
from cases.correction_store import AFTER, OPEN
from cases.proposed import BY_ANOTHER

router = APIRouter(prefix=CASE)
the_next = APIRouter()
ALL_DONE: Final = "Non ci sono altre pratiche in attesa: tutto fatto."


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says besides the case: a sentence, and fields that hold what was typed and is not stored."""

    notice: str = ""
    kind: str = "info"
    typed: Mapping[str, FieldView] = field(default_factory=dict)
    reason: str = ""
    """A reason that was typed with a decision that could not be taken."""
    status: int = 200
    sent: Mapping[str, str] = field(default_factory=dict)
    """What else was sent with it, by the names of its inputs."""


def way_of(case: OpenCase) -> str:
    """Give the address of a case."""
    return f"/pratiche/{case.case.number}"


@the_next.get("/pratiche/prossima", response_model=None)
def following(bench: TheBench, person: Clerk) -> Response:
    """Go to the next case that waits."""
    found = bench.next(person, None)
    return RedirectResponse(f"/pratiche/{found[1]}" if found else "/", 303)


@router.get("")
def screen(
    request: Request,
    bench: TheBench,
    person: Clerk,
    number: Number,
    foglio: Annotated[int, Query(ge=0, le=9999)] = 0,
    vista: str = "",
    giro: Annotated[int, Query(ge=0, le=270, multiple_of=90)] = 0,
) -> HTMLResponse:
    """Show a case, and take it in hand; ``giro`` turns its sheet, for whoever has no scripts."""
    case = bench.open(number)
    bench.take(case.case, person)
    bench.note(person, "case_seen", case.case.number)
    bench.paper.begin(case)
    return draw(request, bench, person, case, foglio=foglio, vista=vista, giro=giro)


@router.post("/presa", response_model=None)
def take(bench: TheBench, person: Clerk, number: Number) -> Response:
    """Take a case over from whoever has it in hand."""
    case = bench.case(number)
    bench.take(case, person, over=True)
    bench.note(person, "case_taken_over", case.number)
    return RedirectResponse(f"/pratiche/{number}", 303)


@router.post("/lascia", response_model=None)
def leave(bench: TheBench, person: Clerk, number: Number) -> Response:
    """Give a case back, and go to the list."""
    bench.give_back(bench.case(number), person)
    return RedirectResponse("/", 303)


def picture_way(case: OpenCase, stamp: str, at: int) -> str:
    """Give the address of a sheet's picture; the stamp changes with how the sheet is drawn."""
    return f"{way_of(case)}/fogli/{at}.jpg?v={stamp}"


def draw(
    request: Request,
    bench: Bench,
    person: Person,
    case: OpenCase,
    said: Said | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401  what a part of the screen shows can be anything
) -> HTMLResponse:
    """Draw the whole screen of a case."""
    told = said or Said()
    words = screen_words(bench, person, case, told, bench.holder(case.case))
    return show(
        request, "case.html", person, status=told.status, headers=headers, **words, **{"foglio": 0, "vista": "", **more}
    )


def screen_words(bench: Bench, person: Person, case: OpenCase, said: Said, held: Claim | None) -> dict[str, Any]:
    """Gather all that the templates of a case show; ``held`` is who has it in hand."""
    view = with_typed(view_of(case), said.typed)
    mine = held is None or held.held_by(person.actor)
    return {
        "view": view,
        "case": case,
        "way": way_of(case),
        "picture_way": partial(picture_way, case, stamp_of(case)),
        "said": said,
        "editable": case.case.state in OPEN and mine,
        "held": held,
        "mine": mine,
        "held_until": clock(held.until) if held else "",
        "settled": settled_rules(case),
        "outcome_words": OUTCOMES[case.found.outcome],
        "may_confirm": bench.may_confirm(case.case, person),
        "by_another": BY_ANOTHER,
        "ready": case.found.outcome in AFTER,
        "forms": tuple(bench.desk.forms),
        "papers": tuple((a.code, paper_label(a.code, case.now.form)) for a in case.now.form.attachments)
        if case.now.form
        else (),
        "CaseState": CaseState,
        "Status": Status,
        "STATES": STATES,
        "CHANNELS": CHANNELS,
        "ROLES": ROLES,
        "REFUSALS": REFUSALS,
        "KEYS": KEYS,
    }


def with_typed(view: CaseView, typed: Mapping[str, FieldView]) -> CaseView:
    """Put fields that hold what was typed in the place of the stored ones."""
    if not typed:
        return view
    sections = tuple(replace(s, fields=tuple(typed.get(f.name, f) for f in s.fields)) for s in view.sections)
    todo = tuple(typed.get(v.name, v) if isinstance(v, FieldView) else v for v in view.todo)
    missing = tuple(typed.get(v.name, v) if isinstance(v, FieldView) else v for v in view.missing)
    return replace(view, sections=sections, todo=todo, missing=missing, fields={**view.fields, **typed})
