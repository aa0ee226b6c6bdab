"""Problem: every error as RFC 9457 problem details, with the reason and the remedy and nothing of what was sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException

from intake.source import StoreDown

MEDIA_TYPE: Final = "application/problem+json"
_URN: Final = "urn:sportello-gateway:problem:"
_AGAIN_S: Final = "10"
_NAME: Final = re.compile(r"[a-z_\[\]]{1,60}")


class FieldProblem(BaseModel):
    """One thing that is wrong with what was sent: where, and why. The value itself is not repeated."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    where: str
    """The place, like ``body.fields.holder_tax_code`` or ``query.limit``."""
    why: str


class ProblemOut(BaseModel):
    """An error, by RFC 9457."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """A stable name to tell errors by; docs/errors.md lists them."""
    title: str
    status: int
    detail: str
    """What went wrong, and what to do."""
    errors: list[FieldProblem] = []


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of error: its stable name, its status and its title."""

    name: str
    status: HTTPStatus
    title: str


BAD_REQUEST: Final = Kind("bad-request", HTTPStatus.BAD_REQUEST, "The request cannot be read")
NO_KEY: Final = Kind("no-key", HTTPStatus.UNAUTHORIZED, "A valid key is needed")
NOT_ALLOWED: Final = Kind("not-allowed", HTTPStatus.FORBIDDEN, "The key does not allow this")
NOT_FOUND: Final = Kind("not-found", HTTPStatus.NOT_FOUND, "There is nothing here")
NO_METHOD: Final = Kind("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "The method is not allowed here")
LEASE_LOST: Final = Kind("lease-lost", HTTPStatus.CONFLICT, "The token does not hold the case")
ERASED: Final = Kind("erased", HTTPStatus.GONE, "The contents were erased")
TOO_LARGE: Final = Kind("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large")
WRONG_TYPE: Final = Kind("wrong-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body has the wrong media type")
INVALID: Final = Kind("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, "The request says something that cannot be")
KEY_REUSED: Final = Kind("idempotency-key-reused", HTTPStatus.UNPROCESSABLE_ENTITY, "The key was used before")
TOO_MANY: Final = Kind("too-many-requests", HTTPStatus.TOO_MANY_REQUESTS, "Too many requests")
FAULT: Final = Kind("fault", HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of the gateway")
UNAVAILABLE: Final = Kind("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "The gateway cannot work now")
KINDS: Final = (
    BAD_REQUEST, NO_KEY, NOT_ALLOWED, NOT_FOUND, NO_METHOD, LEASE_LOST, ERASED, TOO_LARGE, WRONG_TYPE, INVALID,
    KEY_REUSED, TOO_MANY, FAULT, UNAVAILABLE,
)  # fmt: skip


class Problem(Exception):
    """An error to be answered as problem details."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.errors, self.headers = kind, detail, errors, headers or {}

    def response(self) -> JSONResponse:
        """Give the answer."""
        told = ProblemOut(
            type=f"{_URN}{self.kind.name}",
            title=self.kind.title,
            status=self.kind.status.value,
            detail=self.detail,
            errors=list(self.errors),
        )
        content = told.model_dump(mode="json", exclude={"errors"} if not self.errors else None)
        return JSONResponse(content, self.kind.status.value, dict(self.headers), MEDIA_TYPE)


def unavailable() -> Problem:
    """Give the problem of a database or disk that is away."""
    told = "The database or the disk is away. Nothing was lost: repeat the same request in a moment."
    return Problem(UNAVAILABLE, told, headers={"Retry-After": _AGAIN_S})


def answer_problems(app: FastAPI) -> None:
    """Let an application answer every error as problem details."""
    app.add_exception_handler(Problem, _own)
    answer_unknown(app)
    app.add_exception_handler(RequestValidationError, _invalid)
    for away in (OperationalError, InterfaceError, StoreDown):
        app.add_exception_handler(away, _away)
    app.add_exception_handler(Exception, _fault)


def answer_unknown(app: FastAPI) -> None:
    """Let the application around this one answer as it does: a path with a line break belongs to no mounted one."""
    app.add_exception_handler(HTTPException, _http)


def _own(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 - registered for it alone
    return error.response()


_BY_STATUS: Final[Mapping[int, tuple[Kind, str]]] = {
    404: (NOT_FOUND, "There is no such address: see the API's description at /api/v1/openapi.json."),
    405: (NO_METHOD, "Use one of the methods that the Allow header names."),
    413: (TOO_LARGE, "Send less at a time."),
    415: (WRONG_TYPE, "Use a media type that the API's description names."),
}


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    kind, detail = _BY_STATUS.get(error.status_code, (BAD_REQUEST, "The request cannot be read: check its body."))
    return Problem(kind, detail, headers=error.headers).response()


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
    found = error.errors()
    if any(e["type"] == "json_invalid" for e in found):
        return Problem(BAD_REQUEST, "The body is no JSON: send one JSON object in UTF-8.").response()
    return invalid(found).response()


def invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Give the problem of what a model refuses; what was sent is left out, as it may name a person."""
    told = [FieldProblem(where=_place(e["loc"]), why=str(e["msg"])) for e in errors[:50]]
    return Problem(INVALID, "Correct what 'errors' names and send it again.", told)


def _place(parts: Sequence[object]) -> str:
    """Name a place; a name that is not like ours was written by the sender, and may be anything."""
    return ".".join(str(part) if isinstance(part, int) or _NAME.fullmatch(str(part)) else "…" for part in parts)


def _away(_request: Request, _error: Exception) -> JSONResponse:
    return unavailable().response()


def _fault(_request: Request, _error: Exception) -> JSONResponse:
    told = "Something unexpected went wrong in the gateway itself. Repeat the request later; if it stays, tell us when."
    return Problem(FAULT, told).response()
