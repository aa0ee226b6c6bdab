"""What a case is made of: which form it is, what its sheets are, who acts for the customer."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.case import Said, draw
from backoffice.case_bench import CASE, Bench, Number, TheBench
from backoffice.case_fields import Lost, in_hand, whole
from backoffice.person import Person
from backoffice.security import Clerk
from cases.correction import Act, Correction, Refused, Target
from cases.correction_case import OpenCase
from cases.correction_store import NotOpen, Stale
from cases.paper import Slot, write_corners
from cases.register import RegisterNumber

router = APIRouter(prefix=CASE)
_IS_READ_AGAIN: Final = "Il foglio viene riletto: ricaricando la pagina fra poco, i campi mostrano quello che si legge."


@router.post("/modulo", response_model=None)
def name_form(
    request: Request,
    bench: TheBench,
    person: Clerk,
    number: Number,
    form: Annotated[str, Form(max_length=100)],
    seen: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """Say which form it is."""
    known = {one.key for one in bench.desk.forms}
    said = Correction(Target.FORM, "", Act.SET, form if form in known else "", actor=person.actor)
    return _set(request, bench, person, number, said, seen, {"form": form})


@router.post("/delegato", response_model=None)
def name_delegate(
    request: Request,
    bench: TheBench,
    person: Clerk,
    number: Number,
    professional: Annotated[str, Form(max_length=10)] = "",
    seen: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """Say whether the delegate acts by profession."""
    said = Correction(Target.DELEGATE, "", Act.SET, professional, actor=person.actor)
    return _set(request, bench, person, number, said, seen, {})


@router.post("/fogli", response_model=None)
def name_sheet(
    request: Request,
    bench: TheBench,
    person: Clerk,
    number: Number,
    sheet: Annotated[str, Form(max_length=400)],
    what: Annotated[str, Form(max_length=200)],
    seen: Annotated[int, Form(ge=0)] = 0,
    corners: Annotated[list[float] | None, Form()] = None,
    angles: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """Say what a sheet is: a page of the form (with its four corners, where it must be laid anew), a paper, nothing."""
    sent = {"sheet": sheet, "what": what, "corners": " ".join(f"{at:g}" for at in corners or () if angles)}
    try:
        text = _sheet_text(bench.open(number), sheet, what, corners if angles else None)
    except ValueError:
        told = "I quattro angoli non fanno un foglio: indicarli in senso orario, da quello in alto a sinistra."
        return draw(request, bench, person, bench.open(number), Said(told, "danger", status=422, sent=sent))
    said = Correction(Target.SHEET, sheet, Act.SET, text, actor=person.actor)
    return _set(request, bench, person, number, said, seen, sent, again=what.startswith("form:"))


def _sheet_text(case: OpenCase, sheet: str, what: str, corners: list[float] | None) -> str:
    """Write down what a sheet is. Raises ``ValueError`` for an unknown sheet or corners that make none."""
    file, _, at = sheet.rpartition("#")
    if (file, int(at)) not in {(p.file, p.page) for p in case.now.reading.pages}:
        raise ValueError(sheet)
    if not what.startswith("form:"):
        return what
    key, _, page = what.removeprefix("form:").rpartition(":")
    slot = Slot(file, int(at), key, int(page), _corners(corners))
    return what + (f"@{write_corners(slot.corners)}" if slot.corners else "")


def _corners(
    told: list[float] | None,
) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]] | None:
    if not told:
        return None
    a, b, c, d, e, f, g, h = (share / 100 for share in told)
    return (a, b), (c, d), (e, f), (g, h)


def _set(
    request: Request,
    bench: Bench,
    person: Person,
    number: RegisterNumber,
    said: Correction,
    seen: int,
    sent: Mapping[str, str],
    *,
    again: bool = False,
) -> Response:
    case = bench.open(number)
    try:
        in_hand(bench, case.case, person)
        also = bench.desk.work.again if again else None
        after = bench.corrections.correct_all(number, [(said, seen)], bench.desk.now(), also)
    except Stale as stale:
        return draw(request, bench, person, stale.open, Said(str(stale), "warning", status=409, sent=sent))
    except (Refused, NotOpen, Lost) as refused:
        return draw(request, bench, person, case, Said(str(refused), "danger", status=422, sent=sent))
    bench.paper.begin(after)
    return whole(request, bench, person, after, Said(_IS_READ_AGAIN) if again else None)
