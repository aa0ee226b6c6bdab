"""The sheets and the original of a case, over HTTP: pictures of our own making, and a file that nothing opens here."""

from dataclasses import replace
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from backoffice.case import Said, draw, screen_words
from backoffice.case_bench import CASE, Bench, Number, TheBench
from backoffice.case_sheets import SheetView, sheet_views
from backoffice.case_view import FieldView, view_of
from backoffice.faults import fault
from backoffice.paper import INFECTED, asked_of
from backoffice.person import Person
from backoffice.screen import by_htmx, show
from backoffice.security import Clerk
from cases.correction_case import Delivery, OpenCase
from cases.merge import parted_name
from cases.paper import Drawn, Passage
from intake.originals import Damaged

router = APIRouter(prefix=CASE)
_JPEG: Final = b"\xff\xd8\xff"
_SANDBOX: Final = "sandbox; default-src 'none'"
_NOTHING: Final = "Nel riquadro non si è letto niente: provare con un riquadro più stretto attorno alla scritta."
At = Annotated[int, Query(ge=0, le=9999)]


@router.get("/fogli/{at}.jpg")
def picture(bench: TheBench, person: Clerk, number: Number, at: int, vista: str = "") -> Response:
    """Give a sheet as a picture: made flat to its form, or as it came (``vista=originale``)."""
    case = bench.open(number)
    view = tuple(sheet_views(case))
    sheet = _drawn(bench, case, view, at)
    if not view[at].flat:
        bench.note(person, "sheet_seen", f"{case.case.number} {at + 1}")
    came = vista == "originale" or not view[at].flat or not sheet.flat
    raw = sheet.came if came else sheet.flat
    if not raw.startswith(_JPEG):
        raise HTTPException(404)
    return Response(raw, media_type="image/jpeg", headers={"Content-Disposition": "inline"})


@router.get("/ritagli/{name}.jpg")
def clip(bench: TheBench, person: Clerk, number: Number, name: str) -> Response:  # noqa: ARG001  only for clerks
    """Give one field of a form alone, as a picture."""
    case = bench.open(number)
    clips = (sheet.clips.get(name, b"") for sheet in bench.paper.paper(case).sheets)
    raw = next((clip for clip in clips if clip.startswith(_JPEG)), b"")
    if not raw:
        raise HTTPException(404)
    return Response(raw, media_type="image/jpeg", headers={"Content-Disposition": "inline"})


@router.get("/foglio/{at}")
def sheet(request: Request, bench: TheBench, person: Clerk, number: Number, at: int, vista: str = "") -> HTMLResponse:
    """Show one sheet; as it came, its zones lie where the ink is."""
    case = bench.open(number)
    if not by_htmx(request):
        return draw(request, bench, person, case, foglio=at, vista=vista)
    words = screen_words(bench, person, case, Said(), bench.holder(case.case))
    drawn = _drawn(bench, case, words["view"].sheets, at)
    return show(request, "case_sheet.html", person, **words, s=words["view"].sheets[at], drawn=drawn, vista=vista)


@router.get("/originale")
def original(request: Request, bench: TheBench, person: Clerk, number: Number) -> Response:
    """Give the original of a case's own delivery."""
    case = bench.open(number)
    return _given(request, bench, person, case, case.delivery)


@router.get("/originale/{receipt}")
def joined_original(request: Request, bench: TheBench, person: Clerk, number: Number, receipt: int) -> Response:
    """Give the original of one of the deliveries of a case: its own, or one that was joined to it."""
    case = bench.open(number)
    found = next((one for one in (case.delivery, *case.joined) if one.id == receipt), None)
    if found is None:
        raise HTTPException(404)
    return _given(request, bench, person, case, found)


def _given(request: Request, bench: Bench, person: Person, case: OpenCase, delivery: Delivery) -> Response:
    """Give an original as it came, to be kept and not to be opened here; never one in which a virus was found."""
    if delivery.infected:
        return fault(request, 403, INFECTED)
    if delivery.erased:
        raise HTTPException(404)
    try:
        raw = bench.desk.originals.read(delivery.digest)
    except (Damaged, FileNotFoundError) as error:
        raise HTTPException(404) from error
    joined = delivery.id != case.delivery.id
    bench.note(person, "original_taken", f"{case.case.number} {delivery.id}" if joined else case.case.number)
    marked = f"{case.case.number.replace('/', '-')}-{f'{delivery.id}-' if joined else ''}{delivery.name}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"originale\"; filename*=UTF-8''{quote(marked, safe='')}",
        "Content-Security-Policy": _SANDBOX,
    }
    return Response(raw, media_type="application/octet-stream", headers=headers)


@router.post("/leggi", response_model=None)
def read(
    request: Request,
    bench: TheBench,
    person: Clerk,
    number: Number,
    field: Annotated[str, Form(max_length=100)],
    at: Annotated[int, Form(ge=0, le=9999)],
    left: Annotated[float, Form()],
    top: Annotated[float, Form()],
    right: Annotated[float, Form()],
    bottom: Annotated[float, Form()],
    vista: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Read a rectangle of a sheet into a field, as a proposal that is not stored until it is accepted."""
    case = bench.open(number)
    view = view_of(case)
    one = view.fields.get(field)
    if one is None or at >= len(view.sheets):
        raise HTTPException(404)
    place = view.sheets[at]
    flat = place.flat and vista != "originale"
    try:
        passage = Passage(place.file, place.number, flat, left, top, right, bottom, one.kind)
    except ValueError:
        return _proposed(request, bench, person, case, one, "")
    told = _heard(bench, case, passage)
    return _proposed(request, bench, person, case, one, told)


def _heard(bench: Bench, case: OpenCase, passage: Passage) -> str:
    receipt, name = parted_name(passage.file)
    joined = next((one for one in case.joined if one.id == receipt), None)
    delivery, file = (joined, name) if joined else (case.delivery, passage.file)
    if delivery.infected:
        return ""
    raw = bench.desk.originals.read(delivery.digest)
    return bench.desk.work.listen(asked_of(case, delivery), replace(passage, file=file), raw)


def _proposed(
    request: Request, bench: Bench, person: Person, case: OpenCase, one: FieldView, told: str
) -> HTMLResponse:
    back = replace(one, text=told, proposed=True) if told else replace(one, conflict=_NOTHING)
    # Where nothing was read, the field stays as it stands in the page: it may hold what was typed and not sent yet.
    part = "case_answer.html" if told else "case_messages.html"
    said = Said("Letto dal riquadro: controllare e premere Invio." if told else _NOTHING, "info", {one.name: back})
    if not by_htmx(request):
        return draw(request, bench, person, case, said)
    words = screen_words(bench, person, case, said, bench.holder(case.case))
    return show(request, part, person, f=back, changed=(), **words)


def _drawn(bench: Bench, case: OpenCase, sheets: tuple[SheetView, ...], at: int) -> Drawn:
    place = sheets[at] if at < len(sheets) else None
    drawn = bench.paper.paper(case).sheet(place.file, place.number) if place else None
    if drawn is None:
        raise HTTPException(404)
    return drawn
