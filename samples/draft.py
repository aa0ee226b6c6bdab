"""Draft: one submission before it is put on paper; the truth is written from it, never from a reader."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from parsers.reading import Content, State
from samples.answers import Answers, answer, delegation, papers_needed
from samples.situation import Situation
from samples.writing import written_nothing
from templates.form import Form, Kind


@dataclass(slots=True)
class Draft:
    """A submission that scenarios may spoil.

    ``raw`` overrides how a field is written; its field is then ``invalid`` ("---", a stroke: not applicable).
    ``wording`` overrides how a field is written too, but its value stays true ("come sopra").
    ``ticks`` are ticks that make no sense together. ``papers`` maps attachment codes to what is odd about them.
    ``lost`` are form pages that never arrive; ``stranger`` a paper that comes instead of the form.
    """

    case: Situation
    values: Answers
    papers: dict[str, dict[str, str]]
    delegation: Answers | None = None
    raw: dict[str, str] = field(default_factory=dict)
    wording: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lost: tuple[int, ...] = ()
    stranger: str = ""
    blank: bool = False
    outcome: str = "READY"
    reasons: tuple[str, ...] = ()
    hold_until: date | None = None

    @property
    def stated(self) -> Answers:
        """What is put on paper: the values, and the ticks that make no sense."""
        return {**self.values, **self.ticks}

    def drop(self, *names: str) -> None:
        """Leave fields empty."""
        for name in names:
            self.values.pop(name, None)

    def expect(self, outcome: str, *reasons: str, hold_until: date | None = None) -> None:
        """State what the rules say of this submission."""
        self.outcome, self.reasons, self.hold_until = outcome, reasons, hold_until


def complete(case: Situation) -> Draft:
    """Draft a request to which nothing is missing."""
    values = answer(case)
    papers: dict[str, dict[str, str]] = {code: {} for code in papers_needed(case, values)}
    return Draft(case, values, papers, delegation(case) if case.delegate else None)


def truth_of(draft: Draft, form: Form, delega: Form) -> dict[str, Any]:
    """State one submission's truth: form, outcome and every field of the form with value and state."""
    fields = {name: _field_truth(draft, form, name) for name in form.fields}
    return {
        "form": form.code,
        "edition": form.edition,
        "outcome": draft.outcome,
        "reasons": list(draft.reasons),
        "hold_until": draft.hold_until.isoformat() if draft.hold_until else None,
        "fields": fields,
        "delega": _delega_truth(draft, delega),
        "papers": sorted(draft.papers),
        "missing_pages": list(draft.lost),
    }


def _field_truth(draft: Draft, form: Form, name: str) -> dict[str, Any]:
    field = form.fields[name]
    raw = draft.raw.get(name)
    if draft.blank or field.page in draft.lost or raw == "---":
        return _entry(None, State.EMPTY)
    if raw is not None or name in draft.ticks:
        return _entry(None, State.INVALID) | {"raw": raw or ", ".join(draft.ticks[name])}
    value = draft.values.get(name)
    if field.kind is Kind.TICKS and isinstance(value, tuple):
        # In the order of the sheet, and only what the sheet has a box for.
        value = tuple(option.value for option in field.options if option.value in value)
    return _entry(None, State.EMPTY) if written_nothing(value) else _entry(value, State.FILLED)


def _delega_truth(draft: Draft, delega: Form) -> dict[str, Any]:
    if draft.delegation is None:
        return {}
    sheet = Draft(draft.case, draft.delegation, {})
    return {name: _field_truth(sheet, delega, name) for name in delega.fields}


def _entry(value: Content, state: State) -> dict[str, Any]:
    return {"value": list(value) if isinstance(value, tuple) else value, "state": state.value}
