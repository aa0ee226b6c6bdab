"""Sign in and out. What somebody typed before their session ended comes along, and is sent again afterwards."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from backoffice import people, sessions
from backoffice.desk import Desk, TheDesk
from backoffice.screen import show
from backoffice.security import GO_ON, TOKEN_FIELD, Anyone, MaybePerson, cookie_name, safe_way
from cases.audit import audit

router = APIRouter()
KEPT: Final = "kept."
"""The prefix of fields that carry what was typed through the sign-in."""
_WRONG: Final = "Nome o password non corretti. Controllare le maiuscole e riprovare."
_NOT_YET: Final = (
    "L'accesso non risulta ancora fatto: completarlo nell'altra scheda, poi tornare qui e premere «continua»."
)
_TOO_MANY: Final = "Troppi tentativi non riusciti. Attendere 15 minuti, oppure rivolgersi all'amministratore."


@router.get("/accesso", response_model=None)
def ask(request: Request, person: MaybePerson, verso: str = "/") -> Response:
    """Show the sign-in, or go on when somebody is signed in already."""
    if person is not None:
        return RedirectResponse(safe_way(verso), 303)
    return sign_in_page(request, verso)


async def _kept(request: Request) -> dict[str, str]:
    """Give what was typed on the page whose session had ended."""
    return typed(await request.form(), KEPT)


@router.post("/accesso", response_model=None)
def enter(
    request: Request,
    desk: TheDesk,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    kept: Annotated[dict[str, str], Depends(_kept)],
    verso: Annotated[str, Form()] = "/",
) -> Response:
    """Let somebody in, and bring them back to where they were."""
    knock = people.Knock(name, password, request.client.host if request.client else "")
    now = desk.now()
    with desk.database.transaction() as session:
        refused = people.too_many(session, knock, now)
        row = None if refused else people.let_in(session, knock, now)
        token = sessions.begin(session, row, now) if row else ""
        if row:
            audit(session, f"clerk:{row.name}", "signed_in", row.name, now)
    if not row:
        said, status = (_TOO_MANY, 429) if refused else (_WRONG, 422)
        return sign_in_page(request, verso, said=said, status=status, kept=kept, name=name)
    return with_cookie(desk, _onwards(request, desk, token, safe_way(verso), kept), token)


@router.post(GO_ON, response_model=None)
def go_on(
    request: Request,
    person: MaybePerson,
    kept: Annotated[dict[str, str], Depends(_kept)],
    verso: Annotated[str, Form()] = "/",
) -> Response:
    """Take up what was typed before the session ended, when its person has signed in meanwhile in another tab."""
    if person is None:
        return sign_in_page(request, verso, said=_NOT_YET, status=401, kept=kept)
    return show(request, "go_on.html", person, way=safe_way(verso), kept=kept)


@router.post("/uscita", response_model=None)
def leave(request: Request, desk: TheDesk, person: Anyone) -> Response:
    """End the session, here and in the database."""
    with desk.database.transaction() as session:
        sessions.end(session, request.cookies[cookie_name(desk)])
        audit(session, person.actor, "signed_out", person.name, desk.now())
    answer = RedirectResponse("/accesso", 303, {"Clear-Site-Data": '"cache", "storage"'})
    answer.delete_cookie(cookie_name(desk), path="/", secure=desk.options.secure, httponly=True, samesite="lax")
    return answer


def sign_in_page(
    request: Request,
    way: str,
    *,
    said: str = "",
    status: int = 200,
    kept: dict[str, str] | None = None,
    name: str = "",
) -> HTMLResponse:
    """Draw the sign-in, with what was typed elsewhere in it."""
    carried = {KEPT + key: value for key, value in (kept or {}).items()}
    # A part of a page asked: the whole page has to give way to the sign-in.
    headers = {"HX-Retarget": "body", "HX-Reswap": "innerHTML", "HX-Push-Url": "false"}
    single = request.app.state.desk.options.oidc is not None
    way = safe_way(way)
    return show(
        request,
        "sign_in.html",
        status=status,
        headers=headers,
        way=way,
        said=said,
        kept=carried,
        name=name,
        single=single,
    )


def typed(form: FormData, prefix: str = "") -> dict[str, str]:
    """Give the texts of a form; files cannot be kept, and the token is of a session that is over."""
    texts = {key: value for key, value in form.items() if isinstance(value, str) and key.startswith(prefix)}
    return {key.removeprefix(prefix): value for key, value in texts.items() if key != prefix + TOKEN_FIELD}


def with_cookie(desk: Desk, answer: Response, token: str) -> Response:
    """Give the browser its session."""
    answer.set_cookie(
        cookie_name(desk),
        token,
        max_age=int(desk.options.longest.total_seconds()),
        path="/",
        secure=desk.options.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _onwards(request: Request, desk: Desk, token: str, way: str, kept: dict[str, str]) -> Response:
    if not kept:
        return RedirectResponse(way, 303)
    now = desk.now()
    with desk.database.transaction() as session:
        lasts = sessions.Lifetime(desk.options.idle, desk.options.longest)
        person = sessions.seen(session, token, lasts, now)
    return show(request, "go_on.html", person, way=way, kept=kept)
