"""What a person must still decide about a case, in the order in which they should meet it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.correction_case import OpenCase
from checks.validation import Finding, Severity
from ocr.ink import Source
from parsers.reading import State, Value
from templates.form import Form


class Status(StrEnum):
    """How a field or finding stands. Each has a sign and a word of its own, never a colour alone."""

    ERROR = "error"
    """Its text is not of the shape that the field asks for."""
    DOUBT = "doubt"
    """The machine could not read it with certainty."""
    RULE = "rule"
    """A rule finds something wrong with it."""
    MISSING = "missing"
    """The customer will be asked for it."""
    OK = "ok"
    EMPTY = "empty"
    NOT_APPLICABLE = "not_applicable"
    UNREAD = "unread"
    """Not legible, and nothing hangs on it."""


MUST: Final = (Status.ERROR, Status.DOUBT, Status.RULE)
"""What holds a case up until a person has decided."""
_ORDER: Final = {status: rank for rank, status in enumerate((Status.ERROR, Status.DOUBT, Status.RULE, Status.MISSING))}
_OPEN: Final = (Severity.DOUBTFUL, Severity.INVALID)
_SHAPE: Final = "field_invalid"
_UNREADABLE: Final = "field_unreadable"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the way through a case: a field, or (``field`` "") all findings of one rule without a field."""

    status: Status
    field: str = ""
    rule: str = ""

    @property
    def key(self) -> str:
        """Name it within its page."""
        return self.field or f"rule-{self.rule}"


def status_of(value: Value | None, findings: Iterable[Finding]) -> Status:
    """Say how a field stands, by its value and by what the checks found about it."""
    found = tuple(findings)
    by_clerk = value is not None and value.source is Source.CLERK
    severe = [f for f in found if f.severity is Severity.DOUBTFUL or (f.severity is Severity.INVALID and not by_clerk)]
    for rule, status in ((_SHAPE, Status.ERROR), (_UNREADABLE, Status.DOUBT)):
        if any(f.rule == rule for f in severe):
            return status
    if severe:
        return Status.RULE
    if any(f.severity in (Severity.MISSING, Severity.INVALID) for f in found):
        return Status.MISSING
    return _QUIET[value.state] if value is not None else Status.EMPTY


_QUIET: Final = {
    State.FILLED: Status.OK,
    State.EMPTY: Status.EMPTY,
    State.NOT_APPLICABLE: Status.NOT_APPLICABLE,
    State.UNREADABLE: Status.UNREAD,
    State.INVALID: Status.MISSING,
}


def items(case: OpenCase) -> tuple[Item, ...]:
    """List what is to be decided or asked: shapes, then doubts, then rules, then what is missing, as the form goes."""
    fields = _fields(case.now.form)
    about: dict[str, list[Finding]] = {}
    for finding in case.found.findings:
        about.setdefault(finding.field, []).append(finding)
    listed = [Item(status_of(case.found.values.get(name), about.get(name, ())), name) for name in fields]
    whole = (f for f in case.found.findings if f.field not in fields)
    for finding in whole:
        if finding.severity in _OPEN:
            listed.append(Item(Status.RULE, "", f"{finding.rule}:{finding.field}"))
        elif finding.severity is Severity.MISSING:
            listed.append(Item(Status.MISSING, "", f"{finding.rule}:{finding.field}"))
    wanted = (item for item in dict.fromkeys(listed) if item.status in _ORDER)
    return tuple(sorted(wanted, key=lambda item: _ORDER[item.status]))


def findings_on(case: OpenCase, name: str) -> tuple[Finding, ...]:
    """Give what the checks found about one field, heaviest first, notes left out unless a person said something."""
    weights = (Severity.INVALID, Severity.DOUBTFUL, Severity.MISSING, Severity.REFUSAL)
    return tuple(f for weight in weights for f in case.found.findings if f.field == name and f.severity is weight)


def _fields(form: Form | None) -> tuple[str, ...]:
    return tuple(form.fields) if form else ()
