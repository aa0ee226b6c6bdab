"""Sign in by the single sign-on: to the provider, and back."""

import json
import logging
import secrets
from dataclasses import asdict
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from backoffice import people, sessions
from backoffice.desk import Desk, TheDesk
from backoffice.oidc import Begun, Identity, OidcFailed, OidcOptions, address, begin, identity
from backoffice.sealed_words import seal, unseal
from backoffice.security import cookie_name, safe_way
from backoffice.sign_in import sign_in_page, with_cookie
from backoffice.tables import PersonRow
from cases.audit import audit

router = APIRouter(prefix="/accesso/unico")
_LOG: Final = logging.getLogger(__name__)
_PATH: Final = "/accesso/unico"
_MINUTES: Final = 10
_DOWN: Final = "L'accesso unico non risponde. Riprovare fra poco, oppure entrare con nome e password."
_STALE: Final = "L'accesso non è stato completato in tempo, o era stato iniziato altrove. Riprovare."
_UNKNOWN: Final = "L'accesso unico è riuscito, ma questa persona non è abilitata: rivolgersi all'amministratore."


@router.get("", response_model=None)
def away(request: Request, desk: TheDesk, verso: str = "/") -> Response:
    """Send the browser to the provider."""
    options = _options(desk)
    begun = begin()
    try:
        there = address(options, begun, _back(request, desk))
    except OidcFailed as error:
        _LOG.warning("single sign-on: %s", error)
        return sign_in_page(request, verso, said=_DOWN, status=503)
    with desk.database.transaction() as session:
        sealed = seal(session, json.dumps({**asdict(begun), "way": safe_way(verso)}))
    answer = RedirectResponse(there, 303)
    answer.set_cookie(
        _cookie(desk),
        sealed,
        max_age=60 * _MINUTES,
        path=_PATH,
        secure=desk.options.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/ritorno", response_model=None)
def back(request: Request, desk: TheDesk, code: str = "", state: str = "") -> Response:
    """Let in whom the provider vouches for, when they are among the desk's people."""
    options = _options(desk)
    with desk.database.transaction() as session:
        told = unseal(session, request.cookies.get(_cookie(desk), ""))
    kept = json.loads(told) if told else {}
    way = kept.pop("way", "/")
    if not kept or not secrets.compare_digest(kept["state"].encode(), state.encode()):
        return _without_cookie(desk, sign_in_page(request, way, said=_STALE, status=403))
    try:
        who = identity(options, Begun(**kept), code, _back(request, desk))
    except OidcFailed as error:
        _LOG.warning("single sign-on: %s", error)
        return _without_cookie(desk, sign_in_page(request, way, said=_DOWN, status=503))
    with desk.database.transaction() as session:
        row = _known(session, who)
        token = sessions.begin(session, row, desk.now()) if row else ""
        if row:
            audit(session, f"clerk:{row.name}", "signed_in", row.name, desk.now(), after={"by": "single sign-on"})
    if not row:
        return _without_cookie(desk, sign_in_page(request, way, said=_UNKNOWN, status=403))
    return _without_cookie(desk, with_cookie(desk, RedirectResponse(safe_way(way), 303), token))


def _known(session: Session, who: Identity) -> PersonRow | None:
    """Find the person of an identity: the one who has it, or the one of that name who has none yet."""
    row = people.with_subject(session, who.subject)
    if row is None:
        row = people.named(session, who.name) if who.name else None
        if row is None or row.subject:
            return None
        row.subject = who.subject
    return None if row.disabled_at else row


def _options(desk: Desk) -> OidcOptions:
    if desk.options.oidc is None:
        raise HTTPException(404)
    return desk.options.oidc


def _back(request: Request, desk: Desk) -> str:
    origin = desk.options.origin or f"http://{request.headers.get('host', '')}"
    return f"{origin}{_PATH}/ritorno"


def _cookie(desk: Desk) -> str:
    return cookie_name(desk).replace("__Host-", "__Secure-") + "-unico"


def _without_cookie(desk: Desk, answer: Response) -> Response:
    """Take the cookie away: what was begun is used once."""
    answer.delete_cookie(_cookie(desk), path=_PATH, secure=desk.options.secure, httponly=True, samesite="lax")
    return answer
