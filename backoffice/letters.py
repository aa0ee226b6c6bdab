"""Letters on the desk: what customers are told, what waits for a person, and what a person can do about it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backoffice.desk import Desk, TheDesk
from backoffice.person import Person
from backoffice.screen import show
from backoffice.security import Clerk
from cases.audit import audit
from cases.register import RegisterNumber
from letters.mail import BadAddress
from letters.markup import blocks
from letters.post import Letters, NoLetter, Shown
from letters.recipient import Way
from letters.sending import OPEN, LetterState, NotNow

router = APIRouter(prefix="/lettere")

WAITING: Final = (LetterState.WITHHELD, LetterState.HELD, LetterState.UNCERTAIN, LetterState.FAILED, LetterState.READY)
STATES: Final[Mapping[str, str]] = {
    LetterState.READY: "In partenza",
    LetterState.HELD: "Da guardare",
    LetterState.WITHHELD: "Trattenuta",
    LetterState.SENDING: "In corso di invio",
    LetterState.UNCERTAIN: "Forse inviata",
    LetterState.SENT: "Inviata",
    LetterState.FAILED: "Non consegnata",
    LetterState.DROPPED: "Non serve più",
}
WAYS: Final[Mapping[str, str]] = {
    Way.EMAIL: "E-mail",
    Way.PEC: "PEC",
    Way.FAX: "Fax",
    Way.PRINT: "Posta",
}
HAPPENED: Final[Mapping[str, str]] = {
    "written": "scritta",
    "edited": "cambiata",
    "readdressed": "altro indirizzo",
    "hold": "trattenuta",
    "release": "rilasciata",
    "give": "consegna iniziata",
    "accepted": "inviata",
    "not_given": "non ancora presa, si riprova",
    "not_taken": "non ancora presa, si riprova",
    "unknown": "non si sa se è partita",
    "refused": "rifiutata",
    "delivered": "consegnata",
    "returned": "tornata indietro",
    "resend": "rimandata",
    "drop": "lasciata cadere",
    "withhold": "trattenuta",
    "accettazione": "PEC: accettata",
    "avvenuta-consegna": "PEC: consegnata",
}
Deed = Callable[[Letters, int, datetime, str], Shown]
_DEEDS: Final[Mapping[str, tuple[Deed, tuple[LetterState, ...], str]]] = {
    "rilascia": (Letters.release, (LetterState.HELD, LetterState.WITHHELD), "Rilascia e invia"),
    "trattieni": (Letters.hold, (LetterState.READY,), "Trattieni"),
    "rimanda": (Letters.resend, (LetterState.SENT, LetterState.UNCERTAIN, LetterState.FAILED), "Rimanda"),
    "arrivata": (Letters.came_through, (LetterState.UNCERTAIN,), "È arrivata"),
    "lascia": (Letters.drop, (*OPEN, LetterState.FAILED), "Non inviare"),
}
"""What can be done: the verb, in which states, and the words of its button."""
_TOLD: Final[Mapping[str, str]] = {
    "rilascia": "La lettera parte.",
    "trattieni": "La lettera è trattenuta.",
    "rimanda": "La lettera riparte.",
    "arrivata": "La lettera è segnata come arrivata.",
    "lascia": "La lettera non parte.",
    "testo": "Il testo è cambiato.",
    "indirizzo": "L'indirizzo è cambiato: guardare la lettera, poi rilasciarla.",
}


@router.get("")
def waiting(request: Request, desk: TheDesk, person: Clerk, pratica: str = "", tutte: bool = False) -> HTMLResponse:  # noqa: FBT001, FBT002
    """List the letters that wait for a person, all of them, or those of one case."""
    letters = _letters(desk)
    number = _number(pratica) if pratica else None
    if letters is None:
        found: tuple[Shown, ...] = ()
    elif number is not None:
        found = letters.of_case(number)
    else:
        found = letters.waiting(tuple(LetterState) if tutte else WAITING)
    case = str(number) if number else ""
    return show(request, "letters.html", person, found=found, case=case, all=tutte, off=letters is None, **_WORDS)


@router.get("/{letter_id}")
def one(request: Request, desk: TheDesk, person: Clerk, letter_id: int, fatto: str = "") -> HTMLResponse:
    """Show a letter: its words, what happened to it, and what can be done."""
    return _page(request, desk, person, letter_id, done=_TOLD.get(fatto, ""))


@router.get("/{letter_id}/lettera.pdf")
def pdf(desk: TheDesk, person: Clerk, letter_id: int) -> Response:
    """Give a letter as PDF: as it was sent, or as it would be sent now."""
    letters = _wired(desk)
    raw = letters.as_pdf(_shown(letters, letter_id).id, desk.now())
    _seen(desk, person, letter_id)
    name = f"lettera-{letter_id}.pdf"
    return Response(
        raw, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.post("/{letter_id}/testo")
def edit(
    request: Request,
    desk: TheDesk,
    person: Clerk,
    letter_id: int,
    testo: Annotated[str, Form(max_length=40_000)],
    versione: Annotated[int, Form()],
) -> Response:
    """Change the words of a letter that has no register number yet."""
    letters = _wired(desk)
    return _done(
        request, desk, person, letter_id, "testo",
        lambda: letters.edit(letter_id, testo, versione, desk.now(), person.actor),
    )  # fmt: skip


@router.post("/{letter_id}/indirizzo")
def readdress(
    request: Request,
    desk: TheDesk,
    person: Clerk,
    letter_id: int,
    via: Annotated[Way, Form()],
    indirizzo: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Send a letter another way or to another address."""
    letters = _wired(desk)
    lines = indirizzo.splitlines()
    return _done(
        request, desk, person, letter_id, "indirizzo",
        lambda: letters.readdress(letter_id, via, lines, desk.now(), person.actor),
    )  # fmt: skip


@router.post("/{letter_id}/{deed}")
def act(request: Request, desk: TheDesk, person: Clerk, letter_id: int, deed: str) -> Response:
    """Do one of the things that need no further words."""
    if deed not in _DEEDS:
        raise HTTPException(404)
    letters = _wired(desk)
    verb = _DEEDS[deed][0]
    return _done(request, desk, person, letter_id, deed, lambda: verb(letters, letter_id, desk.now(), person.actor))


def _done(
    request: Request, desk: Desk, person: Person, letter_id: int, deed: str, does: Callable[[], Shown]
) -> Response:
    """Do it and show the letter again; what cannot be done now is said on the same page."""
    try:
        does()
    except NoLetter as error:
        raise HTTPException(404) from error
    except (NotNow, BadAddress) as error:
        return _page(request, desk, person, letter_id, wrong=str(error), status=409)
    desk.letters_due()
    return RedirectResponse(f"/lettere/{letter_id}?fatto={deed}", 303)


def _page(
    request: Request, desk: Desk, person: Person, letter_id: int, done: str = "", wrong: str = "", status: int = 200
) -> HTMLResponse:
    letters = _wired(desk)
    letter = _shown(letters, letter_id)
    _seen(desk, person, letter_id)
    deeds = [(name, words) for name, (_, states, words) in _DEEDS.items() if letter.state in states]
    return show(
        request,
        "letter.html",
        person,
        status=status,
        letter=letter,
        blocks=blocks(letter.text),
        history=letters.history(letter_id),
        deeds=deeds,
        editable=letter.state in OPEN and not letter.number,
        movable=letter.state in {*OPEN, LetterState.FAILED},
        done=done,
        wrong=wrong,
        **_WORDS,
    )


_WORDS: Final[dict[str, Any]] = {"states": STATES, "ways": WAYS, "happened": HAPPENED}


def _letters(desk: Desk) -> Letters | None:
    return desk.letters


def _wired(desk: Desk) -> Letters:
    if desk.letters is None:
        raise HTTPException(404)
    return desk.letters


def _shown(letters: Letters, letter_id: int) -> Shown:
    try:
        return letters.letter(letter_id)
    except NoLetter as error:
        raise HTTPException(404) from error


def _seen(desk: Desk, person: Person, letter_id: int) -> None:
    with desk.database.transaction() as session:
        audit(session, person.actor, "saw_letter", str(letter_id), desk.now())


def _number(text: str) -> RegisterNumber:
    try:
        return RegisterNumber.parse(text)
    except ValueError as error:
        raise HTTPException(404) from error
