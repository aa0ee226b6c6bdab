"""Decisions on a whole case: where it goes, which form it is, what its sheets are."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from backoffice.case import ALL_DONE, Said, draw, way_of
from backoffice.case_bench import CASE, Bench, Number, TheBench
from backoffice.case_fields import Lost, in_hand, whole
from backoffice.case_words import REFUSALS
from backoffice.person import Person, Role
from backoffice.screen import by_htmx
from backoffice.security import Clerk
from cases.audit import audit
from cases.case import NoArrow
from cases.corrected import open_findings
from cases.correction import Act, Correction, Refused, Target
from cases.correction_case import OpenCase
from cases.correction_store import NotOpen, Stale
from cases.join import NotJoined
from cases.paper import Slot, write_corners
from cases.register import RegisterNumber

router = APIRouter(prefix=CASE)
_NO_SUCH_CASE: Final = "Non c'è nessuna pratica con questo numero: scriverlo come 2026/0000123."
_IS_READ_AGAIN: Final = "Il foglio viene riletto: ricaricando la pagina fra poco, i campi mostrano quello che si legge."
_ONLY_SUPERVISORS: Final = "Questa decisione spetta a un responsabile: passargli la pratica con il motivo."


@router.post("/decisione", response_model=None)
def decide(
    request: Request,
    bench: TheBench,
    person: Clerk,
    number: Number,
    way: Annotated[str, Form(max_length=30)],
    step: Annotated[int, Form(ge=0)] = 0,
    reason: Annotated[str, Form()] = "",
    code: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Let the case go on its way, and bring the next one."""
    known = bench.case(number)
    try:
        in_hand(bench, known, person)
        after = _decided(bench, number, person, _Decision(way, step, reason, code))
    except Stale as stale:
        return draw(
            request,
            bench,
            person,
            stale.open,
            Said(str(stale), "warning", reason=reason, status=409, sent={"code": code}),
        )
    except (Refused, NotOpen, Lost, NoArrow) as refused:
        told = "Questa decisione non è possibile adesso." if isinstance(refused, NoArrow) else str(refused)
        return draw(
            request,
            bench,
            person,
            bench.open(number),
            Said(told, "danger", reason=reason, status=422, sent={"code": code}),
        )
    if way in _STAYS:
        return whole(request, bench, person, after)
    return _onwards(request, bench, person, after)


_STAYS: Final = frozenset({"reject", "resume", "join"})


class _Decision:
    """What was decided: the way, the last step that was seen, and why."""

    def __init__(self, way: str, step: int, reason: str, code: str) -> None:
        self.way, self.step, self.reason, self.code = way, step, reason, code


def _decided(bench: Bench, number: RegisterNumber, person: Person, made: _Decision) -> OpenCase:
    corrections, now, actor = bench.corrections, bench.desk.now(), person.actor
    match made.way:
        case "confirm":
            return corrections.confirm_refusal(number, made.step, actor, now)
        case "reject":
            return corrections.reject_refusal(number, made.step, actor, now)
        case "finish":
            return corrections.finish(number, made.step, actor, now)
        case "resume":
            return _resumed(bench, number, bench.open(number), person)
        case "customer":
            return _asked(bench, number, bench.open(number), person, made)
        case _:
            return _by_word(bench, number, bench.open(number), person, made)


def _asked(bench: Bench, number: RegisterNumber, case: OpenCase, person: Person, made: _Decision) -> OpenCase:
    """Ask the customer for all that is still open."""
    now = bench.desk.now()
    names = dict.fromkeys(f"{f.rule}:{f.field}" for f in open_findings(case.found))
    said = [Correction(Target.FINDING, name, Act.ASK, actor=person.actor) for name in names]
    if said:
        stamped = [(one, case.seen(Target.FINDING, one.name)) for one in said]
        case = bench.corrections.correct_all(number, stamped, now)
    return bench.corrections.finish(number, max(made.step, case.step), person.actor, now)


_ACTS: Final = {"queue": Act.FORCE, "refer": Act.REFER, "refuse": Act.REFUSE}


def _by_word(bench: Bench, number: RegisterNumber, case: OpenCase, person: Person, made: _Decision) -> OpenCase:
    """Send a case where a person says, with the reason."""
    act = _ACTS.get(made.way)
    if act is None:
        raise Refused("L'azione non si può fare qui: ricaricare la pagina.")
    if act is Act.FORCE and not person.is_any(Role.SUPERVISOR):
        raise Refused(_ONLY_SUPERVISORS)
    code = made.code if made.code in REFUSALS else "refused_by_clerk"
    reason = made.reason.strip() or (REFUSALS[code] if act is Act.REFUSE and code != "refused_by_clerk" else "")
    said = Correction(Target.CASE, "", act, code if act is Act.REFUSE else "", reason, person.actor)
    now = bench.desk.now()
    after = bench.corrections.correct(number, said, case.seen(Target.CASE, ""), now)
    return after if act is Act.REFER else bench.corrections.finish(number, after.step, person.actor, now)


def _resumed(bench: Bench, number: RegisterNumber, case: OpenCase, person: Person) -> OpenCase:
    """Take back what was decided on the whole case."""
    about = Correction(Target.CASE, "", Act.REFER, reason="ripresa", actor=person.actor)
    return bench.corrections.undo(number, about, case.seen(Target.CASE, ""), bench.desk.now())


def _onwards(request: Request, bench: Bench, person: Person, done: OpenCase) -> Response:
    """Bring the next case: at once where the page asks itself, else by its address."""
    if not by_htmx(request):
        bench.give_back(done.case, person)
        found = bench.next(person, done.case.id)
        return RedirectResponse(f"/pratiche/{found[1]}" if found else "/", 303)
    number = bench.pass_on(person, done.case)
    if number is None:
        return _all_done(request, bench, person, done)
    case = bench.open(number)
    bench.paper.begin(case)
    told = Said(f"{done.case.number} fatta.", "success")
    return draw(request, bench, person, case, told, headers={"HX-Push-Url": way_of(case)})


def _all_done(request: Request, bench: Bench, person: Person, done: OpenCase) -> Response:
    return draw(request, bench, person, done, Said(ALL_DONE, "success"))


@router.post("/unisci", response_model=None)
def join(
    request: Request, bench: TheBench, person: Clerk, number: Number, other: Annotated[str, Form(max_length=30)] = ""
) -> Response:
    """Let another case carry this one."""

    def deed(session: Session) -> None:
        bench.joins.join(session, number, RegisterNumber.parse(other), bench.desk.now(), person.actor)

    return _linked(request, bench, person, number, deed, other)


@router.post("/dividi", response_model=None)
def split(request: Request, bench: TheBench, person: Clerk, number: Number) -> Response:
    """Take this case from the one that carries it."""

    def deed(session: Session) -> None:
        bench.joins.split(session, number, bench.desk.now(), person.actor)

    return _linked(request, bench, person, number, deed)


@router.post("/distinta", response_model=None)
def apart(request: Request, bench: TheBench, person: Clerk, number: Number) -> Response:
    """Say that this case belongs to none of those that it was asked about."""

    def deed(session: Session) -> None:
        bench.joins.apart(session, number, bench.desk.now(), person.actor)

    return _linked(request, bench, person, number, deed)


def _linked(
    request: Request,
    bench: Bench,
    person: Person,
    number: RegisterNumber,
    deed: Callable[[Session], None],
    other: str = "",
) -> Response:
    sent = {"other": other}
    case = bench.open(number)
    try:
        in_hand(bench, case.case, person)
        with bench.desk.database.transaction() as session:
            deed(session)
            audit(session, person.actor, "linked", str(number), bench.desk.now())
    except (NotJoined, Lost, NoArrow) as refused:
        told = "Questo non è possibile adesso." if isinstance(refused, NoArrow) else str(refused)
        return draw(request, bench, person, case, Said(told, "danger", status=422, sent=sent))
    except (KeyError, ValueError):
        return draw(request, bench, person, case, Said(_NO_SUCH_CASE, "danger", status=422, sent=sent))
    return whole(request, bench, person, bench.open(number))


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
    return _set(request, bench, person, number, said, seen)


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
    return _set(request, bench, person, number, said, seen)


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
    try:
        text = _sheet_text(bench.open(number), sheet, what, corners if angles else None)
    except ValueError:
        told = "I quattro angoli non fanno un foglio: indicarli in senso orario, da quello in alto a sinistra."
        return draw(request, bench, person, bench.open(number), Said(told, "danger", status=422))
    said = Correction(Target.SHEET, sheet, Act.SET, text, actor=person.actor)
    return _set(request, bench, person, number, said, seen, again=what.startswith("form:"))


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
    *,
    again: bool = False,
) -> Response:
    case = bench.open(number)
    try:
        in_hand(bench, case.case, person)
        also = bench.desk.work.again if again else None
        after = bench.corrections.correct_all(number, [(said, seen)], bench.desk.now(), also)
    except Stale as stale:
        return draw(request, bench, person, stale.open, Said(str(stale), "warning", status=409))
    except (Refused, NotOpen, Lost) as refused:
        return draw(request, bench, person, case, Said(str(refused), "danger", status=422))
    bench.paper.begin(after)
    return whole(request, bench, person, after, Said(_IS_READ_AGAIN) if again else None)
