"""Which cases belong together: join, split, keep apart."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlmodel import Session

from backoffice.case import Said, draw
from backoffice.case_bench import CASE, Bench, Number, TheBench
from backoffice.case_fields import Lost, in_hand, whole
from backoffice.person import Person
from backoffice.security import Clerk
from cases.audit import audit
from cases.case import NoArrow
from cases.join import NotJoined
from cases.register import RegisterNumber

router = APIRouter(prefix=CASE)
_NO_SUCH_CASE: Final = "Non c'è nessuna pratica con questo numero: scriverlo come 2026/0000123."


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
