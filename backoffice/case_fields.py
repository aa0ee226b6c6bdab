"""Decisions on single fields and findings: stored, checked by the pipeline's own function, and shown at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backoffice.case import Said, draw, screen_words, way_of
from backoffice.case_bench import CASE, Bench, Number, TheBench, clock
from backoffice.case_order import MUST
from backoffice.case_view import CaseView, FieldView, view_of
from backoffice.case_words import STATUS
from backoffice.person import Person
from backoffice.screen import by_htmx, show
from backoffice.security import Clerk
from cases.case import Case
from cases.correction import FIELD_ACTS, Act, Correction, Refused, Target
from cases.correction_case import OpenCase
from cases.correction_store import NotOpen, Stale
from cases.register import RegisterNumber

router = APIRouter(prefix=CASE)
UNDO: Final = "undo"
_LOST: Final = (
    "La pratica ora è in mano a {who}, fino alle {at}. Quello che è stato scritto è ancora nel campo: "
    "riprendere la pratica, oppure lasciarla."
)

_SAYS_NOTHING: Final = (
    "Il campo è senza valore: scriverlo o sceglierlo. Se sul foglio non c'è scritto niente premere F9 (Vuoto), "
    "se non si legge F8 (Illeggibile)."
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form of the screen sent: the act, the text, the reason, and the stamps of what the person had seen."""

    act: str
    text: str
    reason: str
    seen: int
    name: str
    doubts: tuple[str, ...]


async def _typed(request: Request) -> Typed:
    form = await request.form()

    def first(name: str) -> str:
        value = form.get(name, "")
        return value if isinstance(value, str) else ""

    texts = [value for value in form.getlist("text") if isinstance(value, str)]
    seen = first("seen")
    return Typed(
        act=Act.VALUE if first("way") else first("act"),
        text=first("way") or (",".join(texts) if len(texts) > 1 else "".join(texts)),
        reason=first("reason"),
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0,
        name=first("name"),
        doubts=tuple(value for value in form.getlist("doubts") if isinstance(value, str)),
    )


TheTyped = Annotated[Typed, Depends(_typed)]


@router.post("/campi/{name}", response_model=None)
def say_field(request: Request, bench: TheBench, person: Clerk, number: Number, name: str, typed: TheTyped) -> Response:
    """Take a decision on a field, and show what the checks make of it."""
    before = bench.open(number)
    try:
        _in_hand(bench, before.case, person)
        after = _said(bench, number, before, Target.FIELD, name, typed, person)
    except Stale as stale:
        return _kept(request, bench, person, stale.open, name, typed, str(stale), 409)
    except (Refused, NotOpen, Lost) as refused:
        return _kept(request, bench, person, before, name, typed, str(refused), 422)
    return _shown(request, bench, person, before, after, name)


@router.post("/punti", response_model=None)
def say_finding(request: Request, bench: TheBench, person: Clerk, number: Number, typed: TheTyped) -> Response:
    """Let a finding pass, or ask it of the customer."""
    before = bench.open(number)
    try:
        _in_hand(bench, before.case, person)
        _said(bench, number, before, Target.FINDING, typed.name, typed, person)
    except Stale as stale:
        return draw(request, bench, person, stale.open, Said(str(stale), "warning", status=409))
    except (Refused, NotOpen, Lost) as refused:
        return draw(request, bench, person, before, Said(str(refused), "danger", status=422))
    return _whole(request, bench, person, bench.open(number))


class Lost(Exception):
    """Somebody else has the case in hand; the message is Italian."""


def _in_hand(bench: Bench, case: Case, person: Person) -> None:
    """Renew the claim; raises ``Lost`` when somebody else took the case meanwhile."""
    held = bench.take(case, person)
    if held is not None and not held.held_by(person.actor):
        raise Lost(_LOST.format(who=held.holder.partition(":")[2], at=clock(held.until)))


in_hand = _in_hand


def _said(
    bench: Bench, number: RegisterNumber, case: OpenCase, target: Target, name: str, typed: Typed, person: Person
) -> OpenCase:
    now = bench.desk.now()
    if typed.act == UNDO:
        about = Correction(target, name, Act.VALUE if target is Target.FIELD else Act.ASK, actor=person.actor)
        return bench.corrections.undo(number, about, typed.seen, now)
    if typed.act == Act.VALUE and typed.reason.strip():
        typed = replace(typed, act=Act.OVERRIDE)  # a reason is only asked for where a value is to hold anyway
    if typed.act not in set(Act):
        raise Refused("L'azione non si può fare qui: ricaricare la pagina.")
    if typed.act == Act.VALUE and not typed.text.strip() and _is_open(case, name):
        raise Refused(_SAYS_NOTHING)
    said = Correction(target, name, Act(typed.act), typed.text, typed.reason, person.actor)
    passed = _passed(case, name, typed, person) if target is Target.FIELD else []
    return bench.corrections.correct_all(number, [(said, typed.seen), *passed], now)


def _is_open(case: OpenCase, name: str) -> bool:
    view = view_of(case).fields.get(name)
    return view is not None and view.must and view.input != "mark"


def _passed(case: OpenCase, name: str, typed: Typed, person: Person) -> list[tuple[Correction, int]]:
    """Let pass what the rules doubt about a field that is accepted as it stands: the person saw the doubt beside it."""
    view = view_of(case).fields.get(name)
    if view is None or typed.act != Act.VALUE or typed.text != view.text:
        return []
    doubts = [doubt for doubt in typed.doubts if doubt in view.doubts]
    said = (Correction(Target.FINDING, doubt, Act.LET_PASS, actor=person.actor) for doubt in doubts)
    return [(one, case.seen(Target.FINDING, one.name)) for one in said]


def _kept(
    request: Request, bench: Bench, person: Person, case: OpenCase, name: str, typed: Typed, told: str, status: int
) -> Response:
    """Give the field back with what was typed in it, beside what is stored."""
    view = view_of(case).fields.get(name)
    if view is None:
        return draw(request, bench, person, case, Said(told, "danger", status=status))
    text = typed.text if typed.act in FIELD_ACTS else view.text
    stored = f"Ora è salvato: «{view.text or STATUS[view.status]}»." if status == 409 else ""
    chosen = text.split(",")
    choices = tuple(replace(c, on=c.value in chosen) for c in view.choices)
    back = replace(view, text=text, conflict=f"{told} {stored}".strip(), proposed=False, choices=choices)
    said = Said(told, "warning", {name: back}, typed.reason, status)
    if not by_htmx(request):
        return draw(request, bench, person, case, said)
    return _part(request, bench, person, case, back, (), said)


def _shown(request: Request, bench: Bench, person: Person, before: OpenCase, after: OpenCase, name: str) -> Response:
    if not by_htmx(request):
        return RedirectResponse(f"{way_of(after)}#{_next_anchor(view_of(after), name)}", 303)
    now = view_of(after)
    changed = _changed(view_of(before), now, name)
    return _part(request, bench, person, after, now.fields[name], changed, Said())


def _part(
    request: Request,
    bench: Bench,
    person: Person,
    case: OpenCase,
    one: FieldView,
    changed: Sequence[FieldView],
    said: Said,
) -> HTMLResponse:
    words = screen_words(bench, person, case, said, bench.holder(case.case))
    return show(request, "case_answer.html", person, status=said.status, f=one, changed=changed, **words)


def _changed(before: CaseView, after: CaseView, but: str) -> tuple[FieldView, ...]:
    """List the other fields whose standing this decision changed."""

    def standing(view: FieldView | None) -> object:
        return (view.status, view.messages) if view else None

    fields: Mapping[str, FieldView] = after.fields
    return tuple(f for name, f in fields.items() if name != but and standing(before.fields.get(name)) != standing(f))


def _whole(request: Request, bench: Bench, person: Person, case: OpenCase, said: Said | None = None) -> Response:
    if by_htmx(request):
        return draw(request, bench, person, case, said)
    return RedirectResponse(way_of(case), 303)


whole = _whole


def _next_anchor(view: CaseView, name: str) -> str:
    """Say where to go on: at the next thing to be decided, else at the end."""
    keys = [v.name if isinstance(v, FieldView) else v.key for v in view.todo]
    field = view.fields.get(name)
    if field is not None and field.status in MUST:
        return f"f-{name}"
    return f"f-{keys[0]}" if keys else "go"
