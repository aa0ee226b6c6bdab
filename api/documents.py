"""The documents of a case, and pictures of their sheets: opened in a child, and every look noted in the audit trail."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict

from api.cases import ADDRESS, Number, no_case
from api.clients import Client
from api.description import problem
from api.gate import DocumentReader, Gate, GateOf
from api.problem import ERASED, NOT_FOUND, Problem
from cases.audit import audit
from cases.case import Case
from cases.contract import FileOut, SubmissionOut
from cases.lease import client_actor
from cases.queue import Queue
from cases.register import RegisterNumber
from cases.shown import NotSeen, Sight
from cases.tables import ReceiptRow
from intake.filetype import file_type
from intake.originals import Damaged
from intake.receipt import Channel
from intake.scanner import FOUND

router = APIRouter(prefix="/cases", tags=["cases"])
_GONE: Final = problem(404, 410)
_PNG: Final = "image/png"

Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, as the case names it.")]


class DocumentOut(BaseModel):
    """A file of a case."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    sha256: str
    pages: list[int]
    """The numbers of its sheets, as far as they are in this case."""


class DocumentsOut(BaseModel):
    """The files of a case."""

    items: list[DocumentOut]


@router.get(f"{ADDRESS}/documents", summary="List the documents of a case", responses=_GONE)
def list_documents(gate: GateOf, _client: DocumentReader, number: Number) -> DocumentsOut:
    """Give the files that belong to a case, with the numbers of their sheets."""
    told = SubmissionOut.model_validate(_case(gate, number).payload)
    return DocumentsOut(items=[_out(file, told) for file in told.files])


@router.get(
    f"{ADDRESS}/documents/{{sha256}}",
    summary="Give a document",
    response_class=Response,
    responses=_GONE | {200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}},
)
def give_document(gate: GateOf, client: DocumentReader, number: Number, sha256: Digest) -> Response:
    """Give a file as it came, always as a download. It is from outside: open it with care."""
    content, name = _seen(gate, client, number, Sight("", pec=False, digest=sha256))
    head = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Document-Type": file_type(content).value,
    }
    return Response(content, media_type="application/octet-stream", headers=head)


@router.get(
    f"{ADDRESS}/documents/{{sha256}}/pages/{{page}}",
    summary="Give a picture of a sheet",
    response_class=Response,
    responses=_GONE | {200: {"content": {_PNG: {"schema": {"type": "string"}}}}},
)
def give_page(
    gate: GateOf,
    client: DocumentReader,
    number: Number,
    sha256: Digest,
    page: Annotated[int, Path(ge=1, le=10_000)],
    width: Annotated[int, Query(ge=50, le=4000, description="Pixels, at most.")] = 1200,
) -> Response:
    """Give one sheet as PNG. It is drawn now, in a process with limits: ask for what you show, not for everything."""
    content, _ = _seen(gate, client, number, Sight("", pec=False, digest=sha256, page=page, width=width))
    return Response(content, media_type=_PNG)


def _case(gate: Gate, number: RegisterNumber) -> Case:
    found = Queue(gate.database).case(number)
    if found is None:
        raise no_case(number)
    return found


def _seen(gate: Gate, client: Client, number: RegisterNumber, sight: Sight) -> tuple[bytes, str]:
    """Give what was asked for and the name of its file; who asked stands in the audit trail before it is given."""
    case = _case(gate, number)
    told = SubmissionOut.model_validate(case.payload)
    file = next((file for file in told.files if file.sha256 == sight.digest), None)
    if file is None:
        raise Problem(NOT_FOUND, "The case has no such document: GET .../documents lists them.")
    with gate.database.transaction() as session:
        receipt = session.get_one(ReceiptRow, case.receipt)
        if receipt.erased_at is not None:
            raise Problem(ERASED, "The original was erased; number, dates and what was read may remain.")
        if FOUND in receipt.facts:
            raise Problem(NOT_FOUND, "A virus was found in the original: it is given to nobody.")
        page = f"{file.name}#{sight.page}" if sight.page else file.name
        audit(session, client_actor(client.name), "seen", str(number), gate.now(), after=page)
    asked = Sight(receipt.name, receipt.channel == Channel.PEC, sight.digest, sight.page, sight.width)
    try:
        return gate.show(asked, gate.originals.read(receipt.digest)), file.name
    except (NotSeen, Damaged) as error:
        raise Problem(NOT_FOUND, "The document or sheet is not in the original, or cannot be opened.") from error


def _out(file: FileOut, told: SubmissionOut) -> DocumentOut:
    pages = sorted({page.page for page in told.pages if page.file == file.name})
    return DocumentOut(name=file.name, sha256=file.sha256, pages=pages)
