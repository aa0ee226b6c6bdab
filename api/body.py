"""Body: the two ways in which an online submission may be sent, taken apart."""

from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.problem import BAD_REQUEST, WRONG_TYPE, Problem
from intake.online import OnlineForm

_MOST_TYPED: Final = 1_000_000
_EXAMPLE: Final = {
    "form": "CMOR",
    "edition": "2026-01",
    "fields": {
        "holder_surname": "Prova",
        "holder_given_name": "Maria",
        "customer_type": "domestic",
        "procedure": ["CMOR"],
        "cmor_amount": "120,50",
        "privacy_acknowledged": True,
        "signature_present": True,
    },
    "struck_sections": ["C"],
    "reference": "PORTALE-2026-000123",
}
_SCHEMA: Final = OnlineForm.model_json_schema()
_WITH_FILES: Final = {
    "type": "object",
    "required": ["submission"],
    "properties": {"submission": _SCHEMA, "files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
}
SUBMISSION_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {"schema": _SCHEMA, "example": _EXAMPLE},
        "multipart/form-data": {
            "schema": _WITH_FILES,
            "encoding": {"submission": {"contentType": "application/json"}},
        },
    },
}
"""What OpenAPI says of the body."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The typed part as JSON, and the files with their names, in their order."""

    form: bytes = field(repr=False)
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


async def read_sent(request: Request, most_files: int) -> Sent:
    """Take a body apart. Raises the problem of one that cannot be read."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said == "application/json":
        return Sent(await request.body())
    if said == "multipart/form-data":
        return await _of_parts(request, most_files)
    raise Problem(WRONG_TYPE, "Send application/json, or multipart/form-data when there are attachments.")


async def _of_parts(request: Request, most_files: int) -> Sent:
    try:
        async with request.form(max_files=most_files + 1, max_fields=1, max_part_size=_MOST_TYPED) as parts:
            return Sent(await _typed(parts), await _files(parts))
    except HTTPException as error:
        told = f"The multipart body cannot be read, or has more than {most_files} files."
        raise Problem(BAD_REQUEST, told) from error


async def _typed(parts: FormData) -> bytes:
    found = parts.getlist("submission")
    if len(found) != 1:
        raise Problem(BAD_REQUEST, "Send the form once, as the part named 'submission'.")
    typed = found[0]
    return await typed.read() if isinstance(typed, UploadFile) else typed.encode()


async def _files(parts: FormData) -> tuple[tuple[str, bytes], ...]:
    strange = {name for name, _ in parts.multi_items()} - {"submission", "files"}
    if strange or not all(isinstance(part, UploadFile) for part in parts.getlist("files")):
        raise Problem(BAD_REQUEST, "Send every attachment as a file, in a part named 'files'.")
    given = [part for part in parts.getlist("files") if isinstance(part, UploadFile)]
    return tuple([(part.filename or "", await part.read()) for part in given])
