"""What the browser loads from our own host: our files, and those of the packages that were installed at setup."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

OURS: Final = Path(__file__).parent / "static"
PACKAGES: Final = Path(__file__).parents[1] / "node_modules"
_SERVED: Final = {
    "/vendor/css": "bootstrap-italia/dist/css",
    "/vendor/svg": "bootstrap-italia/dist/svg",
    "/vendor/fonts": "bootstrap-italia/dist/fonts/Titillium_Web",
    "/vendor/mono": "bootstrap-italia/dist/fonts/Roboto_Mono",
    "/vendor/htmx": "htmx.org/dist",
}
"""Nothing else of the packages can be asked for."""


class _Kept(StaticFiles):
    """Files that the browser keeps for a day; after an update their address differs (``frame.html``)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "public, max-age=86400"
        return answer


def add_statics(app: FastAPI) -> None:
    """Serve our own files below /static, and those of the packages below /vendor."""
    for path, folder in _SERVED.items():
        app.mount(path, _Kept(directory=PACKAGES / folder))
    app.mount("/static", _Kept(directory=OURS))


def missing_front_end() -> str:
    """Give the package that the desk needs and that is not installed, or an empty text."""
    return next((folder.split("/")[0] for folder in _SERVED.values() if not (PACKAGES / folder).is_dir()), "")
