"""The phone desk: one box, one card. What a caller tells finds the case; the card says what to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session, col

from backoffice.desk import Desk, TheDesk
from backoffice.phone_words import Answer, answer, event
from backoffice.screen import show
from backoffice.sealed_words import seal, unseal
from backoffice.security import Phone
from backoffice.words import ROME
from cases.audit import audit
from cases.claims import claims
from cases.erase import was_erased
from cases.finding import Asked, matching, understand
from cases.register import RegisterNumber
from cases.tables import CaseRow, StepRow
from checks.calendar import NUMBER, hours_in_words, next_opening, opens

router = APIRouter(prefix="/telefono")
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one case that a caller may ask."""

    number: str
    state: str
    form: str
    channel: str
    received_at: datetime
    registered_at: datetime
    hold_until: date | None
    answer: Answer
    person: Mapping[str, str]
    """What identifies the customer, by its Italian name."""
    papers: Sequence[str]
    steps: Sequence[tuple[datetime, str]]
    holder: str
    erased: bool


@router.get("")
def box(request: Request, desk: TheDesk, person: Phone, cerca: str = "") -> HTMLResponse:
    """Show the box, and what was found: one card, or the cases among which to choose."""
    with desk.database.transaction() as session:
        words = unseal(session, cerca[:1000]) if cerca else ""
        asked = understand(words, desk.now().astimezone(ROME).year)
        rows = _found(session, asked) if words else ()
        card = _card(session, desk, rows[0]) if len(rows) == 1 else None
        if words:
            numbers = [str(RegisterNumber(r.year, r.number)) for r in rows[:_MOST]]
            audit(session, person.actor, "searched_phone", "", desk.now(), after={"by": _by(asked), "shown": numbers})
        if card:
            audit(session, person.actor, "saw_card", card.number, desk.now())
    found = [(str(RegisterNumber(r.year, r.number)), r) for r in rows] if not card else []
    return _page(request, desk, person, words=words, cerca="" if card else cerca, card=card, found=found)


@router.post("")
def look(desk: TheDesk, _person: Phone, parole: Annotated[str, Form()] = "") -> Response:
    """Look up what was typed: sealed into the address, for names must not stand in addresses."""
    words = parole.strip()[:200]
    if not words:
        return RedirectResponse("/telefono", 303)
    with desk.database.transaction() as session:
        return RedirectResponse(f"/telefono?cerca={seal(session, words)}", 303)


@router.get("/{year}/{number}")
def one(request: Request, desk: TheDesk, person: Phone, year: int, number: int, cerca: str = "") -> HTMLResponse:
    """Show the card of one case."""
    with desk.database.transaction() as session:
        words = unseal(session, cerca[:1000]) if cerca else ""
        row = session.scalars(matching_number(year, number)).one_or_none()
        if row is None:
            raise HTTPException(404)
        card = _card(session, desk, row)
        audit(session, person.actor, "saw_card", card.number, desk.now())
    return _page(request, desk, person, words=words, cerca=cerca, card=card, found=[])


def matching_number(year: int, number: int) -> Any:  # noqa: ANN401  a query of rows
    """Give the query of the case with a register number; numbers that cannot be ask for none."""
    possible = 0 < year < 10_000 and 0 < number < 10_000_000
    return select(CaseRow).where(col(CaseRow.year) == (year if possible else 0), col(CaseRow.number) == number % 10**9)


def _page(request: Request, desk: Desk, person: Phone, **words: Any) -> HTMLResponse:  # noqa: ANN401
    now = desk.now()
    line = {"number": NUMBER, "open": opens(now), "next": next_opening(now), "hours": hours_in_words()}
    return show(request, "phone.html", person, line=line, now=now, most=_MOST, **words)


def _found(session: Session, asked: Asked) -> Sequence[CaseRow]:
    query = select(CaseRow).where(col(CaseRow.id).in_(matching(asked)))
    return session.scalars(query.order_by(col(CaseRow.received_at).desc()).limit(_MOST + 1)).all()


def _by(asked: Asked) -> list[str]:
    """Say by what was searched; the words themselves are personal and are not kept."""
    return [name for name in ("number", "code", "phone", "names") if getattr(asked, name)]


def _card(session: Session, desk: Desk, row: CaseRow) -> Card:
    number = str(RegisterNumber(row.year, row.number))
    steps = session.scalars(select(StepRow).where(col(StepRow.case_id) == row.id).order_by(col(StepRow.id)))
    held = claims(session, [row.id], desk.now()).get(row.id)
    return Card(
        number=number,
        state=row.state,
        form=row.form,
        channel=row.channel,
        received_at=row.received_at,
        registered_at=row.registered_at,
        hold_until=row.hold_until,
        answer=answer(number, row.state, row.hold_until, row.payload),
        person=_person(row.payload),
        papers=_papers(desk, row),
        steps=[(step.at, event(step.event)) for step in steps],
        holder=held.holder if held else "",
        erased=was_erased(row.payload),
    )


_SHOWN: Final = (
    ("Intestatario", ("holder_surname", "holder_given_name")),
    ("Codice fiscale", ("holder_tax_code",)),
    ("Delegato", ("delegate_surname", "delegate_given_name")),
    ("POD", ("supply_pod",)),
    ("PDR", ("supply_pdr",)),
    ("Telefono", ("holder_mobile", "holder_phone")),
    ("E-mail", ("holder_email",)),
)


def _person(payload: Mapping[str, Any]) -> dict[str, str]:
    fields = payload["fields"]
    told: dict[str, str] = {}
    for label, names in _SHOWN:
        words = [fields[n]["value"] or fields[n]["raw"] for n in names if n in fields]
        text = " ".join(word for word in words if isinstance(word, str) and word)
        if text:
            told[label] = text
    return told


def _papers(desk: Desk, row: CaseRow) -> list[str]:
    """Name the papers that came, by the words of the form."""
    labels: dict[str, str] = {}
    if row.form:
        labels = {a.code: a.label for a in desk.forms.get(row.form, row.edition).attachments}
    came = dict.fromkeys(paper["code"] for paper in row.payload["papers"])
    return [labels.get(code, "Un documento ancora da riconoscere" if code == "unsure" else code) for code in came]
