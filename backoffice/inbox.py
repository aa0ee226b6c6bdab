"""The list: what waits for a person, ordered by what breaks first; and taking a case in hand."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from backoffice.desk import Desk, TheDesk
from backoffice.inbox_query import NO_FORM, VIEWS, InboxQuery, TheQuery, place_in, place_out
from backoffice.person import Person, Role
from backoffice.screen import by_htmx, show
from backoffice.sealed_words import seal, unseal
from backoffice.security import Anyone, Clerk, NotAllowed, safe_way
from backoffice.words import CHANNELS, FORMS, NAVIGATION, OUTCOMES, REASONS, ROME, case_way, who
from cases.audit import audit
from cases.claims import Claim, claim, release
from cases.finding import understand
from cases.waiting import START, Slice, Sought, Waiting, how_many, next_after, one, waiting, waiting_before

router = APIRouter()
PER_PAGE: Final = 50
MOST: Final = 1000
_FORMS: Final = {(code or NO_FORM): words for code, words in FORMS.items()}


@router.get("/", response_model=None)
def listed(request: Request, desk: TheDesk, person: Anyone, query: TheQuery) -> Response:
    """Show what waits, and whatever else the address asks for; who works on no cases is led to their own place."""
    if not person.is_any(Role.CLERK, Role.SUPERVISOR):
        return RedirectResponse(next(place.way for place in NAVIGATION if person.is_any(*place.roles)), 303)
    now = desk.now()
    with desk.database.transaction() as session:
        words = unseal(session, query.cerca) if query.cerca else ""
        sought = _sought(session, desk, person, query)
        if query.prima:
            found = waiting_before(session, sought, now, before=place_in(query.prima), limit=PER_PAGE)
        else:
            found = waiting(session, sought, now, after=place_in(query.dopo) if query.dopo else START, limit=PER_PAGE)
        total = how_many(session, sought, now, MOST + 1)
        if words:
            audit(session, person.actor, "searched_list", "", now, after={"listed": len(found.lines)})
    return show(
        request,
        "inbox.html",
        person,
        part="content" if by_htmx(request) and request.headers.get("hx-target", "").endswith("#content") else "",
        query=query,
        words=words,
        found=found,
        total=total,
        most=MOST,
        ways=_ways(query, found),
        now=now,
        views=VIEWS,
        choices={"modulo": _FORMS, "canale": CHANNELS, "esito": OUTCOMES, "motivo": REASONS},
        flash=_flash(request),
    )


@router.post("/cerca")
def search(desk: TheDesk, _person: Clerk, query: TheQuery, parole: Annotated[str, Form()] = "") -> Response:
    """Turn what was typed into the address of its list: sealed, for names must not stand in addresses."""
    words = parole.strip()[:200]
    with desk.database.transaction() as session:
        sealed = seal(session, words) if words else ""
    return RedirectResponse(query.but(cerca=sealed), 303)


@router.post("/prossima")
def take_next(desk: TheDesk, person: Clerk, query: TheQuery, dopo_id: Annotated[str, Form()] = "") -> Response:
    """Take the next case of the list that nobody has in hand, and open it."""
    now = desk.now()
    with desk.database.transaction() as session:
        listed = _sought(session, desk, person, query)
        sought = replace(listed, others_refusals=desk.options.refusals_by_two)
        place = place_in(dopo_id) if dopo_id else START
        while (case := next_after(session, sought, now, after=place)) is not None:
            if claim(session, case.id, person.actor, now, desk.options.claim).held_by(person.actor):
                audit(session, person.actor, "claimed", case.number, now)
                return RedirectResponse(case_way(case.number), 303)
            place = case.place  # somebody was faster
    return RedirectResponse(query.but() + ("&" if "?" in query.but() else "?") + "detto=finito", 303)


@router.post("/prese/{case_id}")
def hold(
    request: Request,
    desk: TheDesk,
    person: Clerk,
    case_id: int,
    cosa: Annotated[str, Form()],
    verso: Annotated[str, Form()] = "/",
) -> Response:
    """Take a case in hand, give it back, or (a supervisor) take it over."""
    now = desk.now()
    if cosa == "subentra" and not person.is_any(Role.SUPERVISOR):
        raise NotAllowed
    with desk.database.transaction() as session:
        line = one(session, case_id, now)
        if line is None:
            return RedirectResponse(safe_way(verso), 303)
        said = _hold(session, desk, person, line, cosa)
        line = one(session, case_id, now)
    if by_htmx(request):
        return show(request, "inbox_row.html", person, line=line, now=now, way=safe_way(verso), said=said, focus=True)
    return RedirectResponse(safe_way(verso), 303)


def _hold(session: Session, desk: Desk, person: Person, line: Waiting, what: str) -> str:
    now = desk.now()
    if what == "lascia":
        release(session, line.id, person.actor)
        audit(session, person.actor, "released", line.number, now)
        return f"Pratica {line.number} lasciata: ora può prenderla chiunque."
    over = what == "subentra"
    stands = claim(session, line.id, person.actor, now, desk.options.claim, over=over)
    if not stands.held_by(person.actor):
        return _held_by_another(line, stands)
    audit(session, person.actor, "taken_over" if over else "claimed", line.number, now, before=line.holder or None)
    return f"Pratica {line.number} presa in mano."


def _held_by_another(line: Waiting, stands: Claim) -> str:
    until = stands.until.astimezone(ROME)
    return f"La pratica {line.number} è in mano a {who(stands.holder)} fino alle {until:%H:%M}."


def _sought(session: Session, desk: Desk, person: Person, query: InboxQuery) -> Sought:
    sought = query.sought(person.actor)
    if not query.cerca:
        return sought
    words = unseal(session, query.cerca)
    return replace(sought, asked=understand(words, desk.now().astimezone(ROME).year))


def _ways(query: InboxQuery, found: Slice) -> dict[str, str]:
    """Give the addresses of the slices before and after."""
    first, last = (found.lines[0], found.lines[-1]) if found.lines else (None, None)
    return {
        "prima": query.but(prima=place_out(first.place)) if first and found.earlier else "",
        "dopo": query.but(dopo=place_out(last.place)) if last and found.later else "",
    }


def _flash(request: Request) -> str:
    done = "Non c'è altro da prendere in questa lista."
    return done if request.query_params.get("detto") == "finito" else ""
