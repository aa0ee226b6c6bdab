"""What a new reading of a past intake changes, field by field, against what its cases say. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from cases.case import FIRST
from cases.contract import field_out, submission_out
from cases.intakes import Intake, PastCase
from cases.recorded import Told
from cases.submission import Looked, Submission
from ocr.ink import Source
from parsers.reading import State

_FILLED = State.FILLED.value


class Change(StrEnum):
    """What a new reading does to a field."""

    SAME = "same"
    BETTER = "better_known"
    """It had no value, and has one now."""
    CHANGED = "changed"
    """It has another value, or is without one for another reason."""
    LOST = "lost"
    """It had a value, and has none now."""


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a field."""

    value: object
    state: str
    confidence: float
    source: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field: as it was read, as it would be read, and what a clerk says it is, where one typed it."""

    field: str
    was: View
    now: View
    change: Change
    clerk: object = None
    agrees: bool | None = None
    """Whether the new reading is what the clerk typed; None where no clerk did."""


@dataclass(frozen=True, slots=True)
class CaseDiff:
    """One case against the submission that it would be. ``number`` is "" for one that would be born anew."""

    number: str
    form_was: str
    form_now: str
    outcome_was: str
    outcome_now: str
    counts: Mapping[str, int]
    fields: tuple[FieldDiff, ...] = ()
    """Those that change, and those that a clerk typed."""

    @property
    def same(self) -> bool:
        """Tell whether nothing at all would change."""
        kept = all(not n for change, n in self.counts.items() if change != Change.SAME)
        return kept and (self.form_was, self.outcome_was) == (self.form_now, self.outcome_now)


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past intake read again. ``failure`` says why it could not be; then ``cases`` is empty."""

    receipt: int
    failure: str = ""
    cases: tuple[CaseDiff, ...] = ()
    versions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What read it then and now, by name, where the two differ."""


def compare(intake: Intake, looked: Looked) -> Replayed:
    """Set a new look beside the cases of an intake, in their order."""
    if looked.failure:
        return Replayed(intake.receipt, looked.failure)
    born = [s for s in looked.submissions if s.validation.outcome in FIRST]
    told = _told(intake)
    cases = tuple(
        _case(past, told[i] if i < len(told) else None, new)
        for i, (past, new) in enumerate(zip_longest(intake.cases, born))
    )
    names = sorted({*intake.versions, *looked.versions} if intake.versions else ())
    pairs = {name: (intake.versions.get(name, ""), looked.versions.get(name, "")) for name in names}
    return Replayed(intake.receipt, "", cases, {name: pair for name, pair in pairs.items() if pair[0] != pair[1]})


def _told(intake: Intake) -> Sequence[Told]:
    """Give the stored submissions that became cases; which did is only sure where all did."""
    kept = intake.record.submissions if intake.record else ()
    return kept if len(kept) == len(intake.cases) else ()


def _case(past: PastCase | None, told: Told | None, new: Submission | None) -> CaseDiff:
    was: Mapping[str, Any] = past.payload if past else {}
    now: Mapping[str, Any] = submission_out(new).model_dump(mode="json") if new else {}
    diffs = list(_fields(was.get("fields", {}), now.get("fields", {}), told))
    counts = {change.value: sum(1 for d in diffs if d.change is change) for change in Change}
    return CaseDiff(
        number=past.number if past else "",
        form_was=str(was.get("form", "")),
        form_now=str(now.get("form", "")),
        outcome_was=str(was.get("outcome", "")),
        outcome_now=str(now.get("outcome", "")),
        counts=counts,
        fields=tuple(d for d in diffs if d.change is not Change.SAME or d.agrees is not None),
    )


def _fields(was: Mapping[str, Any], now: Mapping[str, Any], told: Told | None) -> Iterator[FieldDiff]:
    for name in dict.fromkeys((*was, *now)):
        old, new = was.get(name), _view(now.get(name))
        typed = old is not None and old.get("source") == Source.CLERK
        read = _as_read(name, told) if typed else _view(old)
        clerk = old.get("value") if typed and old else None
        yield FieldDiff(name, read, new, _change(read, new), clerk, new.value == clerk if typed else None)


def _as_read(name: str, told: Told | None) -> View:
    """Give what was read before a clerk typed over it."""
    value = told.reading.values.get(name) if told else None
    return _view(field_out(value).model_dump(mode="json") if value is not None else None)


def _view(out: Mapping[str, Any] | None) -> View:
    if out is None:
        return View(None, "", 0.0, "")
    return View(out.get("value"), out.get("state", ""), out.get("confidence", 0.0), out.get("source", ""))


def _change(was: View, now: View) -> Change:
    if (was.value, was.state) == (now.value, now.state):
        return Change.SAME
    if now.state == _FILLED and was.state != _FILLED:
        return Change.BETTER
    return Change.LOST if was.state == _FILLED and now.state != _FILLED else Change.CHANGED
