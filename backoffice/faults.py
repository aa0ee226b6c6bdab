"""What a person reads when something did not work: one calm page for each kind, never a stack of calls."""

import logging
import secrets
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from backoffice.screen import show
from backoffice.security import Forged, NotAllowed, SignInNeeded, whoever
from backoffice.sign_in import sign_in_page, typed

_LOG: Final = logging.getLogger(__name__)
_EXPIRED: Final = (
    "La sessione è scaduta. Accedere di nuovo: si torna dove si era, e quello che era stato scritto non va perso."
)
_SAID: Final = {
    403: ("Non consentito", "Questa pagina non fa parte dei compiti assegnati. Se serve, chiedere all'amministratore."),
    404: ("Non trovato", "Questa pagina non c'è: forse l'indirizzo è incompleto, o la pratica è stata cancellata."),
    405: ("Non possibile", "Questa pagina si può solo leggere. Tornare indietro e usare i pulsanti."),
    413: ("Troppo grande", "Quello che è stato inviato è troppo grande. Ridurlo e riprovare."),
    422: (
        "Dati non validi",
        "Una parte di quello che è stato inviato non va bene. Tornare indietro e controllare.",
    ),
    500: ("Qualcosa non ha funzionato", "L'errore è registrato. Riprovare fra poco; se si ripete, dire questo codice:"),
    503: ("Archivio non raggiungibile", "La banca dati non risponde. Niente è andato perso: riprovare fra un minuto."),
}
_CALM: Final = frozenset({403, 404, 405, 422})
"""Failures of a request, not of the desk: the page can ask who it is for."""
_FORGED: Final = "La richiesta non veniva da questa pagina, o la pagina era rimasta aperta troppo a lungo. Ricaricarla."


def add_faults(app: FastAPI) -> None:
    """Give every kind of failure its page."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(NotAllowed, lambda request, _: fault(request, 403))
    app.add_exception_handler(Forged, lambda request, _: fault(request, 403, _FORGED))
    app.add_exception_handler(RequestValidationError, lambda request, _: fault(request, 422))
    app.add_exception_handler(HTTPException, _http)
    for away in (OperationalError, InterfaceError):
        app.add_exception_handler(away, lambda request, _: fault(request, 503))
    app.add_exception_handler(Exception, _unexpected)


class WithinSize:
    """Refuse a request whose body is too large, or of untold length as no browser sends it, before it is read."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        told = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not told.isdigit() or int(told) > self._most:
            await fault(Request(scope, receive), 413)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def fault(request: Request, status: int, said: str = "", code: str = "") -> HTMLResponse:
    """Draw the page of a failure."""
    title, words = _SAID.get(status, _SAID[500])
    headers = {"HX-Retarget": "#main", "HX-Reswap": "innerHTML", "HX-Reselect": "#main > *", "HX-Push-Url": "false"}
    person = whoever(request, request.app.state.desk) if status in _CALM else None
    return show(
        request, "fault.html", person, status=status, headers=headers, title=title, said=said or words, code=code
    )


async def _sign_in(request: Request, _error: Exception) -> Response:
    way = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "GET":
        asked = request.headers.get("hx-request") == "true"
        return sign_in_page(request, _shown(request) if asked else way, said=_expired(request), status=401)
    kept = typed(await request.form()) | {"": ""}  # the empty one tells that something is to be sent again
    return sign_in_page(request, way, said=_EXPIRED, status=401, kept=kept)


def _expired(request: Request) -> str:
    return _EXPIRED if request.cookies else ""


def _shown(request: Request) -> str:
    """Give the page that asked for a part of itself."""
    return "/" + request.headers.get("hx-current-url", "").split("/", 3)[-1]


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return fault(request, error.status_code)


async def _unexpected(request: Request, error: Exception) -> Response:
    code = secrets.token_hex(4)
    _LOG.error("the desk failed at a %s, code %s", request.method, code, exc_info=error)
    return fault(request, 500, code=code)
