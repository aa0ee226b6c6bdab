"""Score: hold what was read against the truth, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cases.submission import Looked, Submission
from parsers.reading import State, Value
from templates.form import Form


class Verdict(StrEnum):
    """How one field came out. ``unsure`` was flagged for a clerk; ``wrong`` was not."""

    RIGHT = "right"
    UNSURE = "unsure"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class FieldScore:
    """One field of one sample held against the truth."""

    sample: str
    mode: str
    field: str
    kind: str
    filled: bool
    verdict: Verdict
    truth: str
    read: str
    raw: str
    state: str
    confidence: float


@dataclass(frozen=True, slots=True)
class OutcomeScore:
    """One submission's outcome held against the truth."""

    sample: str
    mode: str
    scenario: str
    right: bool
    expected: str
    found: str
    expected_reasons: tuple[str, ...]
    found_reasons: tuple[str, ...]


_ABSENT = (State.EMPTY.value, State.NOT_APPLICABLE.value)


def score_fields(truth: Mapping[str, Any], looked: Looked, forms: Mapping[str, Form]) -> Iterator[FieldScore]:
    """Score every field of every form in a sample; fields of a form that was not recognised are wrong."""
    for stated, found in pair(truth["submissions"], looked.submissions):
        if not stated["form"]:
            continue
        values = _values(found)
        delega = found.reading.delega if found else {}
        for code, fields, read in ((stated["form"], stated["fields"], values), ("DELEGA", stated["delega"], delega)):
            for name, entry in fields.items():
                kind = forms[code].fields[name].kind.value
                yield _score(truth, f"{code}.{name}", kind, entry, read.get(name))


def score_outcomes(truth: Mapping[str, Any], looked: Looked) -> Iterator[OutcomeScore]:
    """Score the outcome of each submission; a mail that is no request is right when it gives none."""
    if truth["kind"] != "request":
        kind = looked.kind.value if not looked.submissions else "request"
        yield _outcome(truth, truth["kind"], kind, (), ())
    for stated, found in pair(truth["submissions"], looked.submissions):
        outcome = found.validation.outcome.value if found else looked.failure or "nothing"
        until = found.validation.hold_until if found else None
        expected = _with_day(stated["outcome"], stated["hold_until"])
        reasons = found.validation.reasons if found else ()
        yield _outcome(truth, expected, _with_day(outcome, until), tuple(stated["reasons"]), reasons)
    for extra in looked.submissions[max(1, len(truth["submissions"])) :]:
        yield _outcome(truth, "nothing more", extra.validation.outcome.value, (), extra.validation.reasons)


def pair(
    stated: Sequence[Mapping[str, Any]], found: Sequence[Submission]
) -> Iterator[tuple[Mapping[str, Any], Submission | None]]:
    """Pair each stated submission with the first unused one of its form, or with the next one of no form."""
    left = list(found)
    for truth in stated:
        same = [s for s in left if s.reading.form == truth["form"]]
        chosen = same[0] if same else None
        if chosen is None and len(stated) == 1 and left:
            chosen = left[0]
        if chosen is not None:
            left.remove(chosen)
        yield truth, chosen


def judge(truth: Mapping[str, Any], value: Value | None) -> Verdict:
    """Judge one value: exactly right, flagged as unsure, or silently wrong.

    An empty field is right when nothing was read; an invalid one when it was found to be invalid.
    """
    state = value.state.value if value else State.EMPTY.value
    if truth["state"] in _ABSENT:
        # An open tick box is a value too: False.
        right = state in _ABSENT or (value is not None and value.value is False)
    elif truth["state"] == State.INVALID.value:
        right = state == State.INVALID.value
    else:
        right = value is not None and state == State.FILLED.value and _same(truth["value"], value.value)
    if right:
        return Verdict.RIGHT
    return Verdict.UNSURE if state in {State.UNREADABLE.value, State.INVALID.value} else Verdict.WRONG


def _same(truth: object, read: object) -> bool:
    return (tuple(truth) if isinstance(truth, list) else truth) == read


def _score(truth: Mapping[str, Any], name: str, kind: str, entry: Mapping[str, Any], value: Value | None) -> FieldScore:
    return FieldScore(
        sample=truth["file"],
        mode=truth["mode"],
        field=name,
        kind=kind,
        filled=entry["state"] not in _ABSENT,
        verdict=judge(entry, value),
        truth=str(entry["value"] if entry["state"] == State.FILLED.value else entry.get("raw", "")),
        read=str(value.value) if value else "",
        raw=value.raw if value else "",
        state=value.state.value if value else "",
        confidence=value.confidence if value else 0.0,
    )


def _outcome(
    truth: Mapping[str, Any], expected: str, found: str, why: tuple[str, ...], found_why: tuple[str, ...]
) -> OutcomeScore:
    same = expected == found
    return OutcomeScore(truth["file"], truth["mode"], truth["scenario"], same, expected, found, why, found_why)


def _with_day(outcome: str, day: object) -> str:
    return f"{outcome} until {day}" if day else outcome


def _values(found: Submission | None) -> Mapping[str, Value]:
    return found.validation.values or found.reading.values if found else {}
