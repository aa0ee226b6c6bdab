"""The grid of characters: what is doubtful in many cases, side by side by shape; the odd ones are knocked out by key.

A field all of whose doubtful characters pass is taken as it was proposed, by the word of who looked; one with an odd
character stays in its case, for whoever opens it.
"""

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from backoffice.case_bench import Bench, TheBench
from backoffice.glyphs_find import Glyph, glyphs_of
from backoffice.person import Person
from backoffice.screen import show
from backoffice.security import Clerk
from cases.claims import claims
from cases.correction import Act, Correction, Refused, Target
from cases.correction_store import NotOpen, Stale
from cases.register import RegisterNumber
from cases.waiting import START, Sought, waiting

router = APIRouter(prefix="/qualita/caratteri")
_MOST_CASES: Final = 24


@router.get("")
def grid(request: Request, bench: TheBench, person: Clerk) -> HTMLResponse:
    """Show the doubtful characters of the cases that wait and that nobody else has in hand."""
    return _grid(request, bench, person)


@router.post("", response_model=None)
def knocked_out(
    request: Request,
    bench: TheBench,
    person: Clerk,
    shown: Annotated[list[str] | None, Form()] = None,
    odd: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Take the fields whose characters all passed."""
    passed, left = _settled(bench, person, shown or (), frozenset(odd or ()))
    told = f"Accettati {passed} campi." if passed != 1 else "Accettato un campo."
    return _grid(request, bench, person, told + (f" {left} restano da guardare nella pratica." if left else ""))


def _grid(request: Request, bench: Bench, person: Person, said: str = "") -> HTMLResponse:
    found = _found(bench, person)
    groups: dict[str, list[Glyph]] = {}
    for glyph in found:
        groups.setdefault(glyph.char.upper(), []).append(glyph)
    for number in dict.fromkeys(glyph.number for glyph in found):
        bench.note(person, "characters_seen", number)
    return show(request, "glyphs.html", person, groups=sorted(groups.items()), count=len(found), flash=said)


def _found(bench: Bench, person: Person) -> list[Glyph]:
    now = bench.desk.now()
    with bench.desk.database.transaction() as session:
        lines = waiting(session, Sought(), now, after=START, limit=_MOST_CASES).lines
        held = claims(session, [line.id for line in lines], now)
    free = (line for line in lines if line.id not in held or held[line.id].held_by(person.actor))
    cases = [bench.open(RegisterNumber.parse(line.number)) for line in free]
    found = [glyph for case in cases for glyph in glyphs_of(case)]
    with_glyphs = {glyph.number for glyph in found}
    for case in cases:
        if case.case.number in with_glyphs:
            bench.paper.begin(case)
    return found


def _settled(bench: Bench, person: Person, shown: Iterable[str], odd: frozenset[str]) -> tuple[int, int]:
    """Accept each field of whose doubtful characters none was odd, all being shown; give how many, and how many not."""
    seen = frozenset(shown)
    passed = left = 0
    for number in dict.fromkeys(key.partition("|")[0] for key in sorted(seen)):
        case = bench.open(RegisterNumber.parse(number))
        fields: dict[str, list[Glyph]] = {}
        for glyph in glyphs_of(case):
            fields.setdefault(glyph.field, []).append(glyph)
        for glyphs in fields.values():
            keys = {glyph.key for glyph in glyphs}
            if keys <= seen - odd and _accepted(bench, person, glyphs[0]):
                passed += 1
            elif keys & seen:
                left += 1
    return passed, left


def _accepted(bench: Bench, person: Person, glyph: Glyph) -> bool:
    said = Correction(Target.FIELD, glyph.field, Act.VALUE, glyph.text, actor=person.actor)
    try:
        bench.corrections.correct(RegisterNumber.parse(glyph.number), said, glyph.seen, bench.desk.now())
    except (Stale, NotOpen, Refused):
        return False
    return True
