"""The published shape of a submission and a case: what ``gateway try --json`` prints and what a queue consumer gets.

The shape is versioned by ``SCHEMA_VERSION``; names and meanings never change within a version, fields may be added.
"""

from datetime import date, datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from cases.submission import Submission
from checks.validation import Finding, Outcome, Severity
from intake.receipt import Channel
from ocr.ink import Source
from pages.form_kind import FormKind, Seal
from pages.page import Box
from parsers.reading import Content, PageUse, Paper, Role, State, Value

SCHEMA_VERSION: Final = 1


class Published(BaseModel):
    """A record of the contract: closed, and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class FileOut(Published):
    """A file that belongs to the submission."""

    name: str
    sha256: str
    signature: Seal = Seal.NONE
    """The digital signature inside a PDF: empty, signed, or changed_after_signing. Its certificate is not verified."""


class PageRef(Published):
    """A sheet of the post."""

    file: str
    page: int
    """Number of the sheet in its file, from 1."""


class PageOut(Published):
    """A sheet, and the page of the form that it is."""

    file: str
    page: int
    """Number of the sheet in its file, from 1."""
    form_page: int | None
    """Page of the form, from 1; null for an attachment or a stranger."""
    quality: float
    """0 to 1: how much of the printed form was found again on the sheet."""
    residual_mm: float | None = None
    """How far the sheet's printed content lies from the template's, in millimetres (90th percentile)."""
    role: Role = Role.UNSURE
    """What the sheet is: exactly one of form, attachment, blank, cover, separator, duplicate, unsure."""
    form: str = ""
    """Code of the form of which it is a page (the procedure's or DELEGA); empty for other sheets."""
    paper: str = ""
    """Attachment code; empty for other sheets."""
    same_as: PageRef | None = None
    """The sheet that a duplicate repeats."""
    form_kind: FormKind = FormKind.PICTURE
    """How the sheet carries its writing: as a picture, as form fields, as text."""


class BoxOut(Published):
    """A rectangle in millimetres from the top left corner of the form page."""

    left: float
    top: float
    width: float
    height: float


class FieldOut(Published):
    """One field: its normalized value, and the ink that it came from."""

    value: str | bool | list[str] | None
    """Dates ISO 8601, amounts decimal strings, ticks booleans, codes compact upper case; null unless filled."""
    raw: str
    state: State
    confidence: float
    source: Source
    file: str = ""
    page: int | None = None
    """Number of the sheet in its file, from 1; null when no sheet shows the field."""
    box: BoxOut | None = None
    reason: str = ""
    """Why it is invalid or unreadable, in Italian."""
    proposals: list[str] = []
    """Repairs to offer to a clerk, best first. None is ever applied silently."""
    doubt: str = ""
    """In what the value in the file and the drawn sheet differ, as a code; empty where they agree."""


class PaperOut(Published):
    """An attachment as far as it shows what it is."""

    code: str
    """An attachment code of the form, or "unsure"."""
    file: str
    page: int
    confidence: float
    evidence: str = ""
    detail: str = ""
    """Side of a card (front, back, both) or service of a bill (electricity, gas, both), where it shows."""


class FindingOut(Published):
    """One thing that the checks found; the message is Italian and says what cures it."""

    rule: str
    section: str
    field: str
    severity: Severity
    message: str


class SubmissionOut(Published):
    """One request: which form it is, what was read, what was found."""

    form: str
    """BONUS, RIPRISTINO, CMOR, DOPPIA, INDENNIZZO, DELEGA, or empty when no known form came."""
    edition: str
    outcome: Outcome
    reasons: list[str]
    hold_until: date | None
    files: list[FileOut]
    pages: list[PageOut]
    missing_pages: list[int]
    papers: list[PaperOut]
    fields: dict[str, FieldOut]
    findings: list[FindingOut]
    linked_to: str = ""
    """Register number of the case that carries this one, for DUPLICATE_OF and JOINED_TO; else empty."""


class TryOut(Published):
    """What ``gateway try --json`` prints."""

    submissions: list[SubmissionOut]


class CaseOut(Published):
    """A case in the one queue, of the same shape whatever the channel."""

    schema_version: Literal[1] = SCHEMA_VERSION
    number: str
    """Register number, ``YYYY/NNNNNNN``."""
    state: str
    channel: Channel
    received_at: datetime
    registered_at: datetime
    completed_at: datetime | None = None
    """When the papers came that made it complete; null for one that was complete when it came, or is not yet."""
    sender: str
    submission: SubmissionOut


def box_out(box: Box | None) -> BoxOut | None:
    """Publish a box, rounded to hundredths of a millimetre."""
    if box is None:
        return None
    left, top, width, height = (round(v, 2) for v in (box.left, box.top, box.width, box.height))
    return BoxOut(left=left, top=top, width=width, height=height)


def field_out(value: Value) -> FieldOut:
    """Publish one value."""
    return FieldOut(
        value=_plain(value.value),
        raw=value.raw,
        state=value.state,
        confidence=round(value.confidence, 4),
        source=value.source,
        file=value.file,
        page=value.page or None,
        box=box_out(value.box) if value.page else None,  # what no sheet shows stands nowhere
        reason=value.reason,
        proposals=list(value.proposals),
        doubt=value.doubt,
    )


def submission_out(submission: Submission) -> SubmissionOut:
    """Publish one submission; the values are those after the checks."""
    reading, validation = submission.reading, submission.validation
    return SubmissionOut(
        form=reading.form,
        edition=reading.edition,
        outcome=validation.outcome,
        reasons=list(validation.reasons),
        hold_until=validation.hold_until,
        files=[FileOut(name=f.name, sha256=f.sha256, signature=f.seal) for f in reading.files],
        pages=[_page_out(p) for p in reading.pages],
        missing_pages=list(reading.missing_pages),
        papers=[_paper_out(p) for p in reading.papers],
        fields={name: field_out(value) for name, value in validation.values.items()},
        findings=[_finding_out(f) for f in validation.findings],
        linked_to=submission.linked_to,
    )


def submission_payload(submission: Submission) -> dict[str, object]:
    """Give one submission as plain JSON values, as it is stored with its case."""
    return submission_out(submission).model_dump(mode="json")


def _plain(content: Content) -> str | bool | list[str] | None:
    return list(content) if isinstance(content, tuple) else content


def _page_out(page: PageUse) -> PageOut:
    residual = None if page.residual_mm is None else round(page.residual_mm, 3)
    return PageOut(
        file=page.file,
        page=page.page,
        form_page=page.form_page,
        quality=round(page.quality, 3),
        residual_mm=residual,
        role=page.role,
        form=page.form,
        paper=page.paper,
        same_as=PageRef(file=page.same_as[0], page=page.same_as[1]) if page.same_as else None,
        form_kind=page.form_kind,
    )


def _paper_out(paper: Paper) -> PaperOut:
    return PaperOut(
        code=paper.code,
        file=paper.file,
        page=paper.page,
        confidence=round(paper.confidence, 3),
        evidence=paper.evidence,
        detail=paper.detail,
    )


def _finding_out(finding: Finding) -> FindingOut:
    return FindingOut(
        rule=finding.rule,
        section=finding.section,
        field=finding.field,
        severity=finding.severity,
        message=finding.message,
    )
