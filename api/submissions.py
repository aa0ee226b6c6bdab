"""Online submissions come in: kept as they came, read by the same parsers, checked by the same rules, in one queue."""

import asyncio
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Header, Path, Query, Request, status
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select
from sqlmodel import col

from api.body import SUBMISSION_BODY, Sent, read_sent
from api.clients import Client
from api.description import problem
from api.gate import Gate, GateOf, Sender
from api.problem import ERASED, INVALID, KEY_REUSED, NOT_FOUND, FieldProblem, Problem, invalid
from cases.case import CaseState
from cases.register import RegisterNumber
from cases.store import SETTLED
from cases.tables import CaseRow, ReceiptRow
from checks.validation import Outcome
from intake.online import OnlineForm, archive_name, file_names, packed
from intake.receipt import Channel, Delivery, Origin
from intake.receive import admit
from parsers.online import misfits

router = APIRouter(prefix="/submissions", tags=["submissions"])
_LONGEST_WAIT_S: Final = 20
_LOOK_S: Final = 0.25

Key = Annotated[
    str,
    Header(
        min_length=8,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Your own name for this request, never used for another: a repeat of it changes nothing.",
        examples=["9f1c2d1e-0b7a-4f6e-9c55-2a1b8f0d7e31"],
    ),
]


class ReceivedOut(BaseModel):
    """What came in and is safe. The same for every repeat."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    received_at: datetime
    """The instant that counts for every term."""
    sha256: str
    """Of what is kept: the typed part and the files in one archive."""


class CaseRef(BaseModel):
    """A case that a submission became."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    number: str
    """Register number."""
    state: CaseState
    outcome: Outcome


class SubmissionStateOut(ReceivedOut):
    """How far a submission is."""

    state: str
    """``received`` until it was read and checked, then ``settled``."""
    cases: list[CaseRef]


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Send an online submission",
    response_model=ReceivedOut,
    responses=problem(400, 410, 415),
    openapi_extra={"requestBody": SUBMISSION_BODY},
)
async def submit(request: Request, gate: GateOf, client: Sender, idempotency_key: Key) -> JSONResponse:
    """Take a submission in. When this is answered it is safe; reading and checking follow within seconds.

    Send the form as JSON, or as multipart/form-data with the JSON as ``submission`` and each attachment as ``files``.
    """
    sent = await read_sent(request, gate.options.most_files)
    form, raw = await run_in_threadpool(_prepared, gate, sent)
    told = await run_in_threadpool(_taken, gate, client, idempotency_key, form, raw)
    place = {"Location": f"/api/v1/submissions/{told.id}"}
    return JSONResponse(told.model_dump(mode="json"), status.HTTP_202_ACCEPTED, place)


@router.get("/{id}", summary="Ask how far a submission is", responses=problem(404))
async def give_submission(
    gate: GateOf,
    client: Sender,
    submission: Annotated[int, Path(alias="id", ge=1, le=2**63 - 1)],
    wait_s: Annotated[int, Query(ge=0, le=_LONGEST_WAIT_S, description="Wait so long for it to be settled.")] = 0,
) -> SubmissionStateOut:
    """Give the state of a submission of your own, and the register numbers of its cases once it is settled."""
    for _ in range(int(wait_s / _LOOK_S)):
        found = await run_in_threadpool(_state, gate, client, submission)
        if found.state == SETTLED:
            return found
        await asyncio.sleep(_LOOK_S)
    return await run_in_threadpool(_state, gate, client, submission)


def _prepared(gate: Gate, sent: Sent) -> tuple[OnlineForm, bytes]:
    """Read what was sent and pack it. Raises the problem of what cannot be a submission."""
    try:
        form = OnlineForm.model_validate_json(sent.form)
    except ValidationError as error:
        raise invalid([{**e, "loc": ("body", *e["loc"])} for e in error.errors(include_url=False)]) from None
    try:
        names = file_names([name for name, _ in sent.files])
    except ValueError as error:
        raise _wrong("body.files", str(error)) from None
    _refuse_misfits(gate, form, names)
    return form, packed(form, dict(zip(names, (content for _, content in sent.files), strict=True)))


def _refuse_misfits(gate: Gate, form: OnlineForm, names: tuple[str, ...]) -> None:
    editions = [each for each in gate.forms if each.code == form.form and each.code in gate.procedures]
    known = next((each for each in editions if each.edition == form.edition), None)
    if known is None:
        told = ", ".join(each.key for each in gate.forms if each.code in gate.procedures)
        raise _wrong("body.form", f"there is no such form and edition; known: {told}")
    found = [FieldProblem(where=f"body.{where}", why=why) for where, why in misfits(form, known)]
    found += [
        FieldProblem(where="body.attachments", why=f"no file has the name number {at} of attachments")
        for at, name in enumerate(form.attachments, 1)
        if name not in names
    ]
    if found:
        raise Problem(INVALID, "Correct what 'errors' names and send it again, with a fresh key.", found[:50])


def _taken(gate: Gate, client: Client, key: str, form: OnlineForm, raw: bytes) -> ReceivedOut:
    """Take the submission in once; a repeat is answered by what was taken then."""
    delivery = Delivery(
        origin=Origin(f"{_origins(client)}{sha256(key.encode()).hexdigest()}"),
        channel=Channel.ONLINE,
        name=archive_name(form),
        raw=raw,
        received_at=gate.now(),
        sender=form.sender or "",
        facts={"client": client.name, **({"reference": form.reference} if form.reference else {})},
    )
    found = _known(gate, delivery)
    if found is None:
        admit(delivery, gate.originals, gate.register)
        found = _known(gate, delivery)
    if found is None:
        raise Problem(
            ERASED, "This submission came before and its contents were erased. Send a new one with a fresh key."
        )
    return found


def _known(gate: Gate, delivery: Delivery) -> ReceivedOut | None:
    """Give what was taken in under this key. Raises the problem of a key that came with another body."""
    with gate.database.transaction() as session:
        row = session.scalars(select(ReceiptRow).where(col(ReceiptRow.origin) == str(delivery.origin))).one_or_none()
    if row is not None and row.digest != delivery.digest:
        raise Problem(KEY_REUSED, "The same Idempotency-Key came with another body before: take a fresh key.")
    return _received(row) if row is not None else None


def _state(gate: Gate, client: Client, submission: int) -> SubmissionStateOut:
    with gate.database.transaction() as session:
        row = session.get(ReceiptRow, submission)
        if row is None or not row.origin.startswith(_origins(client)):
            raise Problem(NOT_FOUND, "You sent no such submission, or its contents were erased.")
        of_it = select(CaseRow).where(col(CaseRow.receipt_id) == row.id).order_by(col(CaseRow.item))
        cases = [_case(case) for case in session.scalars(of_it)]
    return SubmissionStateOut(**_received(row).model_dump(), state=row.state, cases=cases)


def _origins(client: Client) -> str:
    return f"online:{client.name}/"


def _received(row: ReceiptRow) -> ReceivedOut:
    return ReceivedOut(id=str(row.id), received_at=row.received_at, sha256=row.digest)


def _case(row: CaseRow) -> CaseRef:
    number = str(RegisterNumber(row.year, row.number))
    return CaseRef(number=number, state=CaseState(row.state), outcome=Outcome(row.outcome))


def _wrong(where: str, why: str) -> Problem:
    return Problem(INVALID, "Correct what 'errors' names and send it again.", [FieldProblem(where=where, why=why)])
