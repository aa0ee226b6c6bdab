"""Quality: fields keyed again by somebody who sees no value, and the measured share of wrong ones on a page."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backoffice.case_bench import Bench, TheBench
from backoffice.quality_plot import plot
from backoffice.quality_words import KINDS, SOURCES
from backoffice.screen import show
from backoffice.security import Clerk, Supervisor
from backoffice.words import CHANNELS
from cases.contract import field_out
from cases.correction import Act, Correction, Refused, Target, corrected_value
from cases.correction_case import OpenCase
from cases.correction_second import choose, decide, enter, open_count, rates, total, waiting_for, wrong_ones
from cases.correction_tables import SecondRow
from cases.register import RegisterNumber
from cases.tables import CaseRow
from templates.form import Field

router = APIRouter(prefix="/qualita")
_JPEG: Final = b"\xff\xd8\xff"
_THANKS: Final = "Registrato. Ecco il prossimo."
_NONE_LEFT: Final = "Non ci sono altri campi da ricontrollare: grazie."


@router.get("")
def overview(request: Request, bench: TheBench, person: Supervisor) -> HTMLResponse:
    """Show the measured shares of wrong fields, each with its interval."""
    names: dict[str, Mapping[str, str]] = {"kind": KINDS, "channel": CHANNELS, "source": SOURCES}
    with bench.desk.database.transaction() as session:
        choose(session, bench.desk.forms, bench.desk.work.sampling, bench.desk.now())
        every = total(session)
        tables = [(by, plot(rates(session, by), names[by])) for by in names]
        wrong = [(row.field, row.kind, f"{case.year}/{case.number:07d}") for row, case in wrong_ones(session)]
        waiting = open_count(session)
    return show(
        request, "quality.html", person, every=every, tables=tables, wrong=wrong, waiting=waiting,
        share=bench.desk.work.sampling.share, kinds=KINDS,
    )  # fmt: skip


@router.get("/seconda")
def second(request: Request, bench: TheBench, person: Clerk, fatto: str = "") -> HTMLResponse:
    """Show one field, alone: its picture and an empty input; or, where two entries differ, both of them."""
    now = bench.desk.now()
    with bench.desk.database.transaction() as session:
        choose(session, bench.desk.forms, bench.desk.work.sampling, now)
        row = waiting_for(session, person.actor)
        number = _number(session.get_one(CaseRow, row.case_id)) if row is not None else None
        told = {} if row is None else {"id": row.id, "first": row.first, "second": row.second, "third": row.second_at}
        name = row.field if row is not None else ""
    said = _THANKS if fatto else ""
    if number is None:
        return show(request, "second.html", person, one=None, told={}, flash=_NONE_LEFT, choices=())
    one = _field(bench.open(number), name)
    bench.note(person, "field_seen", f"{number} {name}")
    return show(request, "second.html", person, one=one, told=told, flash=said, choices=one.options)


@router.get("/seconda/{row}.jpg")
def picture(bench: TheBench, person: Clerk, row: int) -> Response:  # noqa: ARG001  only for clerks
    """Give the picture of the one field, and nothing around it."""
    case, name = _case_of(bench, row)
    clips = (sheet.clips.get(name, b"") for sheet in bench.paper.paper(case).sheets)
    raw = next((clip for clip in clips if clip.startswith(_JPEG)), b"")
    if not raw:
        raise HTTPException(404)
    return Response(raw, media_type="image/jpeg", headers={"Content-Disposition": "inline"})


@router.post("/seconda/{row}", response_model=None)
def keyed(
    bench: TheBench,
    person: Clerk,
    row: int,
    act: Annotated[str, Form(max_length=20)] = "value",
    text: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Take a second entry, or a third person's decision."""
    case, name = _case_of(bench, row)
    now = bench.desk.now()
    try:
        with bench.desk.database.transaction() as session:
            if act in {"first", "second", "neither"}:
                decide(session, row, person.actor, act, now)
            else:
                said = Correction(Target.FIELD, name, Act(act), ",".join(text or ()), actor=person.actor)
                value = corrected_value(_field(case, name), None, said, case.basis.looked_on)
                told = field_out(value).model_dump(mode="json", include={"value", "state"})
                enter(session, row, person.actor, told, now)
    except (KeyError, ValueError, Refused):
        return RedirectResponse("/qualita/seconda", 303)  # somebody else was faster, or it was nothing
    return RedirectResponse("/qualita/seconda?fatto=1", 303)


def _case_of(bench: Bench, row_id: int) -> tuple[OpenCase, str]:
    with bench.desk.database.transaction() as session:
        row = session.get(SecondRow, row_id)
        if row is None:
            raise HTTPException(404)
        number, name = _number(session.get_one(CaseRow, row.case_id)), row.field
    return bench.open(number), name


def _number(row: CaseRow) -> RegisterNumber:
    return RegisterNumber(row.year, row.number)


def _field(case: OpenCase, name: str) -> Field:
    if case.now.form is None or name not in case.now.form.fields:
        raise HTTPException(404)
    return case.now.form.fields[name]
