"""Who may do what: the dependencies by which a route says who is let in, and the check of every changing request."""

import secrets
from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request

from backoffice import sessions
from backoffice.desk import Desk, TheDesk
from backoffice.person import Person, Role

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_FIELD: Final = "csrf"  # noqa: S105  a name of a field
SIGN_IN: Final = "/accesso"
GO_ON: Final = "/accesso/continua"
"""Where a page that was open when its session ended goes on, after a sign-in elsewhere. It changes nothing itself."""
TOKEN_HEADER: Final = "X-CSRF-Token"  # noqa: S105


class SignInNeeded(Exception):
    """Nobody is signed in, or the session is over."""


class NotAllowed(Exception):
    """The person has none of the roles that this needs."""


class Forged(Exception):
    """A changing request did not come from a page of ours."""


def cookie_name(desk: Desk) -> str:
    """Give the name of the session's cookie; ``__Host-`` ties it to https, to this host and to all of its paths."""
    return "__Host-scrivania" if desk.options.secure else "scrivania"


def lifetime(desk: Desk) -> sessions.Lifetime:
    """Give how long sessions last."""
    return sessions.Lifetime(desk.options.idle, desk.options.longest)


def whoever(request: Request, desk: TheDesk) -> Person | None:
    """Give who is signed in, or None."""
    token = request.cookies.get(cookie_name(desk))
    if not token:
        return None
    with desk.database.transaction() as session:
        return sessions.seen(session, token, lifetime(desk), desk.now())


MaybePerson = Annotated[Person | None, Depends(whoever)]


def _signed_in(person: MaybePerson) -> Person:
    if person is None:
        raise SignInNeeded
    return person


def _with_any(*roles: Role) -> Callable[[Person], Person]:
    def allowed(person: Annotated[Person, Depends(_signed_in)]) -> Person:
        if not person.is_any(*roles):
            raise NotAllowed
        return person

    return allowed


Anyone = Annotated[Person, Depends(_signed_in)]
"""Somebody who is signed in, in whatever role."""
Clerk = Annotated[Person, Depends(_with_any(Role.CLERK, Role.SUPERVISOR))]
"""Who works on cases."""
Supervisor = Annotated[Person, Depends(_with_any(Role.SUPERVISOR))]
Phone = Annotated[Person, Depends(_with_any(Role.PHONE, Role.CLERK, Role.SUPERVISOR))]
"""Who may look cases up."""
Watcher = Annotated[Person, Depends(_with_any(Role.SUPERVISOR, Role.ADMINISTRATOR))]
"""Who may see the numbers and the audit trail."""


async def refuse_forged(request: Request, person: MaybePerson, desk: TheDesk) -> None:
    """Let a changing request pass only when it comes from our own page and carries the session's token.

    Every current browser tells where a POST comes from; one that tells nothing is refused. Before the sign-in there
    is no token, and the origin alone decides; so it does for a second sign-in, from a page that was still open.
    """
    if request.method in _SAFE:
        return
    if not _from_here(request, desk):
        raise Forged
    signs_in = request.url.path.endswith((SIGN_IN, GO_ON))
    if (
        person is not None
        and not signs_in
        and not secrets.compare_digest((await _token(request)).encode(), person.token.encode())
    ):
        raise Forged


def _from_here(request: Request, desk: Desk) -> bool:
    origin = request.headers.get("origin", "")
    if origin:
        return origin == (desk.options.origin or f"http://{request.headers.get('host', '')}")
    return request.headers.get("sec-fetch-site") == "same-origin"


async def _token(request: Request) -> str:
    told = request.headers.get(TOKEN_HEADER)
    if told is not None:
        return told
    value = (await request.form()).get(TOKEN_FIELD, "")
    return value if isinstance(value, str) else ""


def safe_way(text: str) -> str:
    """Give a path of ours to go back to; the list, when it would lead elsewhere."""
    parts = urlsplit(text)
    ours = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return text if ours and text.isprintable() else "/"
