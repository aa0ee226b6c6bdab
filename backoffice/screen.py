"""Draw screens: Jinja2 with everything escaped, in the frame that all pages share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backoffice.person import Person, Role
from backoffice.security import TOKEN_FIELD
from backoffice.statics import STAMP, asset
from backoffice.words import FILTERS, NAVIGATION

_SCREENS: Final = Path(__file__).parent / "screens"


SCREENS: Final = Environment(
    loader=FileSystemLoader(_SCREENS), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
SCREENS.filters.update(FILTERS)
SCREENS.globals.update(stamp=STAMP, asset=asset, token_field=TOKEN_FIELD, Role=Role, NAVIGATION=NAVIGATION)


def show(
    request: Request,
    screen: str,
    person: Person | None = None,
    *,
    status: int = 200,
    part: str = "",
    headers: Mapping[str, str] | None = None,
    **words: Any,  # noqa: ANN401  what a screen shows can be anything
) -> HTMLResponse:
    """Draw a screen for a person. ``part`` names one block of it, for htmx to swap in."""
    return HTMLResponse(draw_text(request, screen, person, part=part, **words), status, dict(headers or {}))


def draw_text(
    request: Request,
    screen: str,
    person: Person | None = None,
    *,
    part: str = "",
    **words: Any,  # noqa: ANN401  what a screen shows can be anything
) -> str:
    """Draw a screen for a person, or one block of it, as HTML."""
    template = SCREENS.get_template(screen)
    told = {"request": request, "person": person, "path": request.url.path, **words}
    if part:
        return "".join(template.blocks[part](template.new_context(told)))
    return template.render(told)


def by_htmx(request: Request) -> bool:
    """Tell whether the page itself asks, for a part of it."""
    return request.headers.get("hx-request") == "true"
