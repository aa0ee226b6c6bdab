"""What was read of a stored case, and the case as it stands after every decision on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from cases.case import Case
from cases.contract import SubmissionOut
from cases.corrected import Corrected
from cases.correction import Act, Correction, Target
from cases.correction_tables import CorrectionRow
from cases.link_tables import LinkRow
from cases.match import Kind
from cases.recorded import NoRecord, Recorded, Told, unpressed
from cases.tables import CaseRow, ReadingRow, ReceiptRow, StepRow
from cases.transcript import Transcript
from cases.whole import carried, number_of_case, submission_of
from checks.validation import Validation
from intake.receipt import Channel
from intake.scanner import FOUND
from pages.page import Box
from parsers.reading import Content, PageUse, Paper, Reading, Value

ROME: Final = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a case was read as, before any person looked: its reading, what it was read from, and the day of it.

    ``kept`` is false where no reading of its own is kept, and what was published of it stands in its place.
    """

    reading: Reading
    transcript: Transcript
    looked_on: date
    sender: str
    received_at: datetime
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery that a case came in."""

    id: int
    name: str
    digest: str
    subject: str
    facts: Mapping[str, str] = field(repr=False)
    pec: bool = False
    erased: bool = False

    @property
    def infected(self) -> bool:
        """Tell whether a virus was found in it: then nothing of it is opened for anybody."""
        return FOUND in self.facts


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as it stands: what was read, what was decided, what the checks say now.

    ``step`` is the last thing that happened to it: whoever decides on the whole case says what they had seen.
    """

    case: Case
    version: int
    step: int
    delivery: Delivery
    basis: Basis
    now: Corrected
    found: Validation
    joined: tuple[Delivery, ...] = field(default=(), repr=False)
    """The deliveries that were joined to it, whose files stand among its own under ``joined_name``."""
    maybe: tuple[str, ...] = ()
    """The cases that it perhaps belongs to."""
    log: tuple[CorrectionRow, ...] = field(default=(), repr=False)

    def seen(self, target: Target, name: str) -> int:
        """Give the stamp of one part: the decision that holds on it, 0 where there is none."""
        held = self.now.of(target, name)
        return held.id if held else 0


def held(log: tuple[CorrectionRow, ...]) -> tuple[Correction, ...]:
    """Give the decisions that were not undone, in their order."""
    return tuple(
        Correction(Target(r.target), r.name, Act(r.act), r.text, r.reason, r.actor, r.at, r.id)
        for r in log
        if r.undone_at is None
    )


def log_of(session: Session, case_id: int) -> tuple[CorrectionRow, ...]:
    """Give every decision on a case, those undone among them, in their order."""
    rows = select(CorrectionRow).where(col(CorrectionRow.case_id) == case_id).order_by(col(CorrectionRow.id))
    return tuple(session.scalars(rows))


def last_step(session: Session, case_id: int) -> int:
    """Give the number of the last thing that happened to a case."""
    newest = select(func.max(col(StepRow.id))).where(col(StepRow.case_id) == case_id)
    return session.execute(newest).scalar() or 0


def delivery_of(row: ReceiptRow) -> Delivery:
    """Give what is known of a delivery."""
    pec = row.channel == Channel.PEC
    return Delivery(row.id, row.name, row.digest, row.subject, row.facts, pec, row.erased_at is not None)


def joined_to(session: Session, row: CaseRow) -> tuple[Delivery, ...]:
    """Give the deliveries that were joined to a case."""
    return tuple(delivery_of(session.get_one(ReceiptRow, one.receipt_id)) for _, one in carried(session, row.id))


def maybe_of(session: Session, case_id: int) -> tuple[str, ...]:
    """Give the numbers of the cases that a case perhaps belongs to, while nobody has decided."""
    asked = select(CaseRow).join(LinkRow, col(LinkRow.carrier_id) == col(CaseRow.id))
    open_ = asked.where(
        col(LinkRow.case_id) == case_id, col(LinkRow.ended_at).is_(None), col(LinkRow.kind) == Kind.MAYBE
    )
    return tuple(number_of_case(one) for one in session.scalars(open_.order_by(col(LinkRow.id))))


def basis_of(
    row: CaseRow, receipt: ReceiptRow, kept: ReadingRow | None, records: dict[tuple[int, datetime], Recorded]
) -> Basis:
    """Give what a case was read as. Without a stored reading, or with one of another shape, it is what was published.

    ``records`` holds records that were unpressed already, by receipt and instant; it grows by this one.
    """
    record = _record(kept, records)
    told = submission_of(row.payload, row.item, record) if record else None
    looked_on = (record.looked_on if record else None) or row.registered_at.astimezone(ROME).date()
    reading = told.reading if told else published_reading(row.payload)
    received = record.certified_at if record and record.certified_at else receipt.received_at
    return Basis(
        reading, told.transcript if told else Transcript(), looked_on, row.sender, received, kept=told is not None
    )


_MOST_RECORDS: Final = 64


def _record(kept: ReadingRow | None, records: dict[tuple[int, datetime], Recorded]) -> Recorded | None:
    if kept is None:
        return None
    key = (kept.receipt_id, kept.made_at)
    if key not in records:
        try:
            record = unpressed(kept.body, kept.record_version)
        except NoRecord:
            return None
        while len(records) >= _MOST_RECORDS:
            records.pop(next(iter(records)))
        records[key] = record
    return records[key]


def with_told(row: CaseRow, record: Recorded, told: Told) -> Recorded:
    """Put another reading into the place of the one that a case was made of."""
    old = submission_of(row.payload, row.item, record)
    if old is None:
        return replace(record, submissions=(*record.submissions, told), failure="")
    return replace(record, submissions=tuple(told if one is old else one for one in record.submissions))


def published_reading(payload: Mapping[str, Any]) -> Reading:
    """Make a reading of a published submission, as far as it tells one."""
    told = SubmissionOut.model_validate(payload)
    return Reading(
        form=told.form,
        edition=told.edition,
        values={name: _value(name, one) for name, one in told.fields.items()},
        pages=tuple(
            PageUse(
                p.file, p.page, p.form_page, p.quality, p.residual_mm, p.form, p.role, p.paper,
                (p.same_as.file, p.same_as.page) if p.same_as else None, p.form_kind,
            )
            for p in told.pages
        ),
        papers=tuple(Paper(p.code, p.file, p.page, p.confidence, p.evidence, detail=p.detail) for p in told.papers),
        missing_pages=tuple(told.missing_pages),
        doubts=tuple(f.message for f in told.findings if f.rule in _NOT_READ),
    )  # fmt: skip


_NOT_READ: Final = frozenset({"look_failed", "nothing_found", "reading_doubt"})


def _value(name: str, told: Any) -> Value:  # noqa: ANN401  a FieldOut, whose value is any of its plain forms
    content: Content = tuple(told.value) if isinstance(told.value, list) else told.value
    box = Box(told.box.left, told.box.top, told.box.width, told.box.height) if told.box else None
    return Value(
        name, content, told.raw, told.state, told.confidence, told.source, told.file, told.page or 0, box,
        told.reason, tuple(told.proposals), told.doubt,
    )  # fmt: skip
