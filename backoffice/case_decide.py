"""Decisions on a whole case: where it goes, and which one comes next."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from backoffice.case import ALL_DONE, Said, draw
from backoffice.case_ahead import in_place, push_way, said_done
from backoffice.case_bench import CASE, Bench, Number, TheBench
from backoffice.case_fields import Lost, in_hand, whole
from backoffice.case_words import REFUSALS
from backoffice.person import Person, Role
from backoffice.screen import by_htmx
from backoffice.security import Clerk
from cases.case import NoArrow
from cases.corrected import open_findings
from cases.correction import Act, Correction, Refused, Target
from cases.correction_case import OpenCase
from cases.correction_store import NotOpen, Stale
from cases.register import RegisterNumber

router = APIRouter(prefix=CASE)
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
    taken = bench.pass_on(person, done.case)
    if taken is None:
        return _all_done(request, bench, person, done)
    case = bench.open(taken.number)
    bench.paper.begin(case)
    held = in_place(request, bench, person, done.case, taken, case)
    return held or draw(request, bench, person, case, said_done(done.case.number), push_way(case))


def _all_done(request: Request, bench: Bench, person: Person, done: OpenCase) -> Response:
    return draw(request, bench, person, done, Said(ALL_DONE, "success"))
