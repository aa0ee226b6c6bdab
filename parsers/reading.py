"""Reading: the values of one submission, each with the ink that it came from."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ocr.ink import Source
from pages.form_kind import FormKind, Seal
from pages.page import Box
from parsers.evidence import Evidence


class State(StrEnum):
    """The state of a field; exactly one each. The names are part of the published contract."""

    FILLED = "filled"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    INVALID = "invalid"
    NOT_APPLICABLE = "not_applicable"


Content = str | bool | tuple[str, ...] | None
"""A normalized value: dates ISO 8601, amounts decimal strings, ticks booleans, codes compact upper case."""


@dataclass(frozen=True, slots=True)
class Value:
    """One field's value. ``value`` is None unless the state is filled.

    ``reason`` says in Italian why it is invalid or unreadable. ``proposals`` are repairs to offer to a clerk,
    best first; none is ever applied silently. ``evidence`` is what an engine's reading was judged by: when a clerk is
    asked, it is that of the first proposal. ``doubt`` is the code of ``pages.doubt`` where the file's value and the
    drawn page differ. ``page`` is the page number in ``file``, ``box`` in mm on the template.
    """

    field: str
    value: Content
    raw: str
    state: State
    confidence: float
    source: Source
    file: str = ""
    page: int = 0
    box: Box | None = None
    reason: str = ""
    proposals: tuple[str, ...] = ()
    doubt: str = ""
    evidence: Evidence | None = dataclasses.field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.state is State.FILLED and self.value is None:
            raise ValueError(f"{self.field}: a filled field has a value")
        if self.state is not State.FILLED and self.value not in (None, False):
            raise ValueError(f"{self.field}: only a filled field has a value, not one that is {self.state}")


def candidate(value: Value) -> Content:
    """Answer what a reading says: its value, or where a clerk is asked, the first proposal; None if it says nothing."""
    if value.state is State.FILLED:
        return value.value
    return value.proposals[0] if value.proposals and value.state is State.UNREADABLE else None


class Role(StrEnum):
    """What a sheet of the post is; exactly one each. The names are part of the published contract."""

    FORM = "form"
    ATTACHMENT = "attachment"
    BLANK = "blank"
    COVER = "cover"
    SEPARATOR = "separator"
    DUPLICATE = "duplicate"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class PageUse:
    """One sheet of the post and what it is; ``form_page`` is None for all but form pages and their duplicates.

    ``paper`` is the attachment's code, ``same_as`` the sheet (file, page) that a duplicate repeats.
    """

    file: str
    page: int
    form_page: int | None
    quality: float
    residual_mm: float | None = None
    form: str = ""
    role: Role = Role.UNSURE
    paper: str = ""
    same_as: tuple[str, int] | None = None
    form_kind: FormKind = FormKind.PICTURE

    def __post_init__(self) -> None:
        if (self.role is Role.DUPLICATE) != (self.same_as is not None):
            raise ValueError("a duplicate, and only a duplicate, is the same as another sheet")


@dataclass(frozen=True, slots=True)
class Paper:
    """A loose sheet as far as it shows what it is. ``code`` is an attachment code, "unsure", or one of ``ROLES``.

    ``detail`` is the side of a card ("front", "back", "both") or a bill's service ("electricity", "gas", "both").
    ``text`` is what was read on it, for the checks (an expiry date, a name); never logged.
    """

    code: str
    file: str
    page: int
    confidence: float
    evidence: str = ""
    text: str = field(default="", repr=False)
    detail: str = ""
    posted: tuple[str, ...] = ()
    """The numbers of registered letters that stand on it."""

    @property
    def role(self) -> Role:
        """What a sheet with this code is."""
        return ROLES.get(self.code, Role.ATTACHMENT)


ROLES = {r.value: r for r in (Role.BLANK, Role.COVER, Role.SEPARATOR, Role.DUPLICATE, Role.UNSURE)}
"""The codes of sheets that are no attachment."""


@dataclass(frozen=True, slots=True)
class FileUse:
    """A file that belongs to a submission; ``seal`` is the digital signature inside a PDF."""

    name: str
    sha256: str
    seal: Seal = Seal.NONE


@dataclass(frozen=True, slots=True)
class Reading:
    """One submission as read: a form (or none), its values, its papers and the files that they came in.

    ``form`` is "" when no sheet of a known form was found; then ``stranger`` says what came instead
    ("smart_info", "conciliation", "supplier_complaint", "bonus_application", "other_sector", "letter",
    "not_a_request", "unreadable", "empty", or "unknown" where its words say neither what it asks nor what it offers).
    ``missing_pages`` are form pages of which no sheet came. ``doubts`` are Italian sentences for a clerk.
    ``delega`` holds the values of the delegation form, where one came with it; empty otherwise.
    """

    form: str
    edition: str
    values: Mapping[str, Value]
    pages: tuple[PageUse, ...] = ()
    papers: tuple[Paper, ...] = ()
    files: tuple[FileUse, ...] = ()
    missing_pages: tuple[int, ...] = ()
    stranger: str = ""
    doubts: tuple[str, ...] = ()
    delega: Mapping[str, Value] = field(default_factory=dict)
