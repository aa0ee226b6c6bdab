"""The next case, sent ahead: its page and its sheets wait unseen in the browser, and are shown when it is its turn.

Nothing of it is shown on the browser's own word. At its turn the server takes the case in hand, opens it anew, and
says whether the page that was sent is still what it would draw now; if it is not, the page is sent again.
"""

from dataclasses import asdict, dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from backoffice.case import Said, picture_way, screen_words, way_of
from backoffice.case_bench import CASE, Bench, Number, Taken, TheBench
from backoffice.case_sheets import sheet_views
from backoffice.paper import stamp_of
from backoffice.person import Person
from backoffice.screen import draw_text, show
from backoffice.security import Clerk
from cases.case import Case
from cases.claims import Claim
from cases.correction_case import OpenCase
from cases.register import RegisterNumber

router = APIRouter(prefix=CASE)
MARK_HEADER: Final = "X-Sent-Ahead"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the browser is sent of the next case: a mark, its page as HTML, the addresses of its form sheets."""

    mark: str = ""
    page: str = ""
    pictures: tuple[str, ...] = ()


@router.post("/prepara", response_model=None)
def prepare(request: Request, bench: TheBench, person: Clerk, number: Number) -> JSONResponse:
    """Have the next cases drawn before they are asked for, and send the very next one ahead.

    The page shows nothing of it before its turn; the trail tells it, for it leaves the server.
    """
    case = bench.case(number)
    following = bench.warm(person, case)
    if following is None:
        return JSONResponse(asdict(Ahead()))
    bench.note(person, "case_sent_ahead", following.case.number)
    stamp = stamp_of(following)
    pictures = tuple(picture_way(following, stamp, sheet.at) for sheet in sheet_views(following) if sheet.flat)
    page = _drawn(request, bench, person, following, case)
    return JSONResponse(asdict(Ahead(bench.ahead.note(person, case.id, following), page, pictures)))


def _drawn(request: Request, bench: Bench, person: Person, case: OpenCase, done: Case) -> str:
    """Draw the page as it will stand when the person has the case in hand."""
    now = bench.desk.now()
    mine = Claim(case.case.id, person.actor, now, now + bench.desk.options.claim)
    words = screen_words(bench, person, case, said_done(done.number), mine)
    return draw_text(request, "case.html", person, **words, foglio=0, vista="")


def said_done(number: RegisterNumber | str) -> Said:
    """Say on the next case's page that the last one is done."""
    return Said(f"{number} fatta.", "success")


def in_place(
    request: Request, bench: Bench, person: Person, done: Case, taken: Taken, case: OpenCase
) -> HTMLResponse | None:
    """Tell the browser to show what it holds, when it is exactly what it would be given now; None when it is not."""
    mark = request.headers.get(MARK_HEADER, "")
    mine = taken.claim.held_by(person.actor)
    if not (mark and mine and bench.ahead.holds(mark, person, done.id, case)):
        return None
    number = case.case.number
    return show(request, "case_ahead.html", person, headers=push_way(case), way=way_of(case), mark=mark, number=number)


def push_way(case: OpenCase) -> dict[str, str]:
    """Let the address of the case stand in the browser."""
    return {"HX-Push-Url": way_of(case)}
