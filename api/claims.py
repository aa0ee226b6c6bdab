"""Claims: a machine takes cases out of the queue for a while, by a token, and says what became of each."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.cases import ADDRESS, Number, no_case
from api.clients import Client
from api.description import problem
from api.gate import JSON_ONLY, Consumer, GateOf
from api.problem import LEASE_LOST, Problem
from cases import lease
from cases.contract import CaseOut
from cases.lease import MOST_AT_ONCE, Hold, Lease, LeaseLost, NoSuchCase
from cases.register import RegisterNumber

router = APIRouter(prefix="/cases", tags=["queue"], dependencies=JSON_ONLY)
_LONGEST_S: Final = 43_200
_FOUND: Final = problem(404, 409)

Seconds = Annotated[int, Field(ge=5, le=_LONGEST_S, description="For how long, in seconds.", examples=[300])]
Token = Annotated[str, Field(min_length=16, max_length=200, description="What the claim gave.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ClaimIn(_Body):
    """What to take."""

    most: Annotated[int, Field(ge=1, le=MOST_AT_ONCE, examples=[10])] = 1
    """At most so many cases."""
    for_s: Seconds = 300
    forms: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z_]{1,40}$")]], Field(max_length=20)] = []
    """Only cases of these forms; empty for all."""


class RenewIn(_Body):
    """For how long to hold on."""

    token: Token
    for_s: Seconds = 300


class TokenIn(_Body):
    """The proof of a lease."""

    token: Token


class LeaseOut(BaseModel):
    """A case in your hands."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    case: CaseOut
    token: str
    """Show it with renew, complete and release; it is given this once."""
    expires_at: datetime
    """Then the case goes back into the queue by itself."""


class ClaimedOut(BaseModel):
    """The cases that you hold now, oldest first; none when nothing is ready."""

    leases: list[LeaseOut]


class RenewedOut(BaseModel):
    """Until when you hold the case."""

    number: str
    expires_at: datetime


class EndedOut(BaseModel):
    """Where the case stands after the lease."""

    number: str
    state: str


@router.post("/claim", summary="Take the oldest cases that are ready")
def claim(gate: GateOf, client: Consumer, body: ClaimIn) -> ClaimedOut:
    """Take queued cases by arrival, oldest first, for a while. No two consumers ever hold one case.

    If the answer is lost on its way, the cases come back to the queue when the lease expires.
    """
    with gate.database.transaction() as session:
        taken = lease.claim(session, client.name, gate.now(), body.for_s, body.most, body.forms)
    return ClaimedOut(leases=[_out(one) for one in taken])


@router.post(f"{ADDRESS}/renew", summary="Hold a case for longer", responses=_FOUND)
def renew(gate: GateOf, client: Consumer, number: Number, body: RenewIn) -> RenewedOut:
    """Hold a case for so many seconds from now."""
    with gate.database.transaction() as session, _Ends(number):
        until = lease.renew(session, _hold(client, number, body.token), gate.now(), body.for_s)
    return RenewedOut(number=str(number), expires_at=until)


@router.post(f"{ADDRESS}/complete", summary="Close a case", responses=_FOUND)
def complete(gate: GateOf, client: Consumer, number: Number, body: TokenIn) -> EndedOut:
    """Close a case for good. May be repeated with the same token."""
    with gate.database.transaction() as session, _Ends(number):
        return _end(session, lease.complete, gate.now(), _hold(client, number, body.token))


@router.post(f"{ADDRESS}/release", summary="Give a case back", responses=_FOUND)
def release(gate: GateOf, client: Consumer, number: Number, body: TokenIn) -> EndedOut:
    """Give a case back to its place in the queue. May be repeated with the same token."""
    with gate.database.transaction() as session, _Ends(number):
        return _end(session, lease.release, gate.now(), _hold(client, number, body.token))


class _Ends:
    """Answers a lost lease and an unknown case as the problems they are."""

    def __init__(self, number: RegisterNumber) -> None:
        self._number = number

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, NoSuchCase):
            raise no_case(self._number) from error
        if isinstance(error, LeaseLost):
            raise Problem(LEASE_LOST, str(error)) from error


def _end(session: Session, verb: lease.End, now: datetime, hold: Hold) -> EndedOut:
    case = verb(session, hold, now)
    return EndedOut(number=case.number, state=case.state)


def _hold(client: Client, number: RegisterNumber, token: str) -> Hold:
    return Hold(client.name, number, token)


def _out(one: Lease) -> LeaseOut:
    return LeaseOut(case=one.case.published(), token=one.token, expires_at=one.expires_at)
