"""What the browser loads from our own host: our files, and those of the packages that were installed at setup."""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from http import HTTPStatus
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


_YEAR: Final = "public, max-age=31536000, immutable"
_DAY: Final = "public, max-age=86400"
_IN_ITS_NAME: Final = re.compile(r"-v\d+-")
"""The fonts' versions stand in their names (``titillium-web-v10-latin...``)."""


def _stamp_of(files: Iterable[Path]) -> str:
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


STAMP: Final = _stamp_of(sorted(p for p in OURS.rglob("*") if p.is_file()))
"""A mark of our own files, so that a browser asks anew after an update."""


@cache
def asset(way: str) -> str:
    """Give the address of a package's file with a mark of its content: another version has another address.

    >>> asset("/vendor/none/of-this.js")
    '/vendor/none/of-this.js'
    """
    folder, _, name = way.rpartition("/")
    file = PACKAGES / _SERVED.get(folder, "none") / name
    return f"{way}?{_stamp_of([file])}" if file.is_file() else way


class _Kept(StaticFiles):
    """Files that the browser keeps: for a year what an address with its own mark asked for, else for a day."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        way, mark = scope["path"], scope["query_string"].decode("latin-1")
        marked = bool(mark) and (mark == STAMP if way.startswith("/static/") else f"{way}?{mark}" == asset(way))
        lasting = marked or _IN_ITS_NAME.search(path)
        answer.headers["Cache-Control"] = _YEAR if lasting and answer.status_code == HTTPStatus.OK else _DAY
        return answer


def add_statics(app: FastAPI) -> None:
    """Serve our own files below /static, and those of the packages below /vendor."""
    for path, folder in _SERVED.items():
        app.mount(path, _Kept(directory=PACKAGES / folder))
    app.mount("/static", _Kept(directory=OURS))


def missing_front_end() -> str:
    """Give the package that the desk needs and that is not installed, or an empty text."""
    return next((folder.split("/")[0] for folder in _SERVED.values() if not (PACKAGES / folder).is_dir()), "")
