"""Gate: what the API works with, wired once; and who may pass."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.clients import Client, Clients
from api.problem import NO_KEY, NOT_ALLOWED, TOO_MANY, WRONG_TYPE, Problem
from api.rate import Rate
from cases.database import Database
from cases.shown import Show
from intake.originals import Originals
from intake.receipt import Delivery
from templates.load import Library
from templates.sort import DELEGATION

Register = Callable[[Delivery, str], int | None]
"""Commit the row and the job of a delivery whose bytes are kept under a digest; None when it was taken before."""


@dataclass(frozen=True, slots=True)
class Options:
    """What an operator may set. ``rate`` is how often a client may call, ``strangers`` how often a wrong key may."""

    rate: str = "600/minute"
    strangers: str = "30/minute"
    submission_bytes: int = 40_000_000
    request_bytes: int = 65_536
    most_files: int = 40
    hooks_inside: bool = False
    """Webhooks may lead to machines of the house."""


@dataclass(frozen=True, slots=True)
class Gate:
    """All that the API needs of the rest of the house."""

    database: Database
    originals: Originals
    register: Register
    forms: Library
    show: Show
    options: Options = field(default_factory=Options)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def procedures(self) -> frozenset[str]:
        """The codes of the forms that make a request of their own."""
        return frozenset(form.code for form in self.forms) - {DELEGATION}

    @property
    def clients(self) -> Clients:
        """The machine clients."""
        return Clients(self.database)


@dataclass(frozen=True, slots=True)
class Guard:
    """Counts calls: of each client, and of each address that shows a wrong key."""

    clients: Rate
    strangers: Rate


_BEARER: Final = HTTPBearer(auto_error=False, description="The key of 'gateway clients add'.")


def gate_of(request: Request) -> Gate:
    """Give the gate of the application that a request came to."""
    found = request.app.state.gate
    assert isinstance(found, Gate)  # noqa: S101 - set by the application's own builder
    return found


def _guard(request: Request) -> Guard:
    found = request.app.state.guard
    assert isinstance(found, Guard)  # noqa: S101 - set by the application's own builder
    return found


def passed(
    request: Request,
    scopes: SecurityScopes,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Client:
    """Give the client of a request. Raises the problem of a key that is missing, wrong, too narrow or too busy."""
    guard, host = _guard(request), request.client.host if request.client else ""
    _wait(guard.strangers.left(host), guard.strangers)
    client = gate_of(request).clients.find(shown.credentials) if shown else None
    if client is None:
        guard.strangers.hit(host)
        told = "Send a key that is not revoked: Authorization: Bearer KEY. 'gateway clients add' makes one."
        raise Problem(NO_KEY, told, headers={"WWW-Authenticate": "Bearer"})
    _wait(guard.clients.hit(client.name), guard.clients)
    missing = set(scopes.scopes) - set(client.scopes)
    if missing:
        raise Problem(NOT_ALLOWED, f"The key lacks the scope {', '.join(sorted(missing))}: ask for one that has it.")
    return client


def _wait(allowed: bool, rate: Rate) -> None:  # noqa: FBT001 - the answer of a limiter
    if not allowed:
        told = f"More than {rate.words} came. Wait as long as Retry-After says."
        raise Problem(TOO_MANY, told, headers={"Retry-After": str(rate.window_s)})


def json_only(request: Request) -> None:
    """Refuse a body that does not say that it is JSON."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != "application/json":
        raise Problem(WRONG_TYPE, "Send JSON and say so: Content-Type: application/json.")


JSON_ONLY: Final = [Depends(json_only)]
GateOf = Annotated[Gate, Depends(gate_of)]
"""The gate, as a parameter of an operation."""
Reader = Annotated[Client, Security(passed, scopes=["cases:read"])]
Consumer = Annotated[Client, Security(passed, scopes=["cases:claim"])]
DocumentReader = Annotated[Client, Security(passed, scopes=["documents:read"])]
Sender = Annotated[Client, Security(passed, scopes=["submissions:write"])]
Subscriber = Annotated[Client, Security(passed, scopes=["webhooks:manage"])]
