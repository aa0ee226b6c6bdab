"""Webhooks: a client registers addresses of its own that are told when a case changes."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Path, status
from pydantic import BaseModel, ConfigDict, Field

from api.description import problem
from api.gate import JSON_ONLY, GateOf, Subscriber
from api.problem import INVALID, NOT_FOUND, FieldProblem, Problem
from cases import hooks, moves
from cases.case import Event
from cases.hook_address import BadAddress
from cases.hooks import Dead, Endpoint, NoEndpoint

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
_MOST: Final = 20
_KNOWN: Final = problem(404)
HookEvent = StrEnum(  # type: ignore[misc]  # made of the two places in which events are named
    "HookEvent", {name.upper(): name for name in sorted({moves.BORN, moves.READ_AGAIN, moves.CORRECTED, *Event})}
)

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


class HookIn(BaseModel):
    """An address to be told."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    url: Annotated[str, Field(max_length=500, examples=["https://desk.example.it/hooks/cases"])]
    """HTTPS, on the open internet."""
    events: Annotated[list[HookEvent], Field(max_length=30, examples=[["born", "closed"]])] = []
    """Only these; empty for all."""


class HookOut(BaseModel):
    """A registered address."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    url: str
    events: list[str]
    made_at: datetime
    ended_at: datetime | None
    ending: str
    """Why nothing more is sent to it; empty while it is."""


class SecretOut(BaseModel):
    """The secret by which what is sent is signed. It is given this once."""

    secret: str


class MadeOut(HookOut, SecretOut):
    """A new address and its secret."""


class HooksOut(BaseModel):
    """Your addresses."""

    items: list[HookOut]


class DeadOut(BaseModel):
    """What an address did not take in the end."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    number: str
    """Register number of the case."""
    event: str
    attempts: int
    failure: str
    ended_at: datetime | None


class DeadsOut(BaseModel):
    """What an address did not take, newest first, at most 200."""

    items: list[DeadOut]


class AgainOut(BaseModel):
    """How many messages are told again."""

    count: int


@router.post("", status_code=status.HTTP_201_CREATED, summary="Register an address", dependencies=JSON_ONLY)
def add(gate: GateOf, client: Subscriber, body: HookIn) -> MadeOut:
    """Register an address; what happens from now on is told to it, signed by the Standard Webhooks specification."""
    with gate.database.transaction() as session:
        mine = [e for e in hooks.endpoints(session, client.name) if e.ended_at is None]
        if len(mine) >= _MOST:
            raise Problem(INVALID, f"You have {_MOST} addresses, the most that one client may have: remove one.")
        try:
            made, secret = hooks.add_endpoint(
                session,
                body.url,
                body.events,
                gate.now(),
                gate.originals.ring,
                client.name,
                inside=gate.options.hooks_inside,
            )
        except BadAddress as error:
            wrong = FieldProblem(where="body.url", why=str(error))
            raise Problem(INVALID, "Correct what 'errors' names and send it again.", [wrong]) from None
    return MadeOut(**_out(made).model_dump(), secret=secret)


@router.get("", summary="List your addresses")
def list_hooks(gate: GateOf, client: Subscriber) -> HooksOut:
    """Give your addresses, those that ended too."""
    with gate.database.transaction() as session:
        return HooksOut(items=[_out(each) for each in hooks.endpoints(session, client.name)])


@router.delete("/{hook}", status_code=status.HTTP_204_NO_CONTENT, summary="Remove an address", responses=_KNOWN)
def remove(gate: GateOf, client: Subscriber, hook: Id) -> None:
    """Tell an address nothing more. What waited for it stays among the dead, and can be replayed."""
    with gate.database.transaction() as session, _Ours():
        hooks.end_endpoint(session, hook, gate.now(), "removed by its owner", client.name)


@router.post("/{hook}/rotate", summary="Take a new secret", responses=_KNOWN)
def rotate(gate: GateOf, client: Subscriber, hook: Id) -> SecretOut:
    """Take a new secret. For a day everything is signed by both, so that nothing is missed meanwhile."""
    with gate.database.transaction() as session, _Ours():
        return SecretOut(secret=hooks.rotate(session, hook, gate.now(), gate.originals.ring, client.name))


@router.get("/{hook}/dead", summary="List what an address did not take", responses=_KNOWN)
def list_dead(gate: GateOf, client: Subscriber, hook: Id) -> DeadsOut:
    """Give the messages that were tried for days and not taken."""
    with gate.database.transaction() as session:
        if hook not in {each.id for each in hooks.endpoints(session, client.name)}:
            raise _none()
        return DeadsOut(items=[_dead_out(each) for each in hooks.dead(session, hook, client.name)])


@router.post("/{hook}/replay", summary="Be told again what was not taken", responses=_KNOWN)
def replay(gate: GateOf, client: Subscriber, hook: Id) -> AgainOut:
    """Be told again all that is dead, under the same ids. An address that had ended begins again."""
    with gate.database.transaction() as session, _Ours():
        return AgainOut(count=hooks.replay(session, hook, gate.now(), client.name))


class _Ours:
    """Answers an unknown address as the problem it is."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, NoEndpoint):
            raise _none() from error


def _none() -> Problem:
    return Problem(NOT_FOUND, "You have no such webhook: GET /api/v1/webhooks lists yours.")


def _out(made: Endpoint) -> HookOut:
    return HookOut(
        id=str(made.id),
        url=made.url,
        events=list(made.events),
        made_at=made.made_at,
        ended_at=made.ended_at,
        ending=made.ending,
    )


def _dead_out(dead: Dead) -> DeadOut:
    return DeadOut(
        id=str(dead.id),
        number=str(dead.number),
        event=dead.event,
        attempts=dead.attempts,
        failure=dead.failure,
        ended_at=dead.ended_at,
    )
