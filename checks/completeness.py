"""Completeness: the Modulo is filled "in tutte le sue parti", section by section."""

from collections.abc import Iterator
from typing import Final

from checks.request import Request
from checks.stand_in import stand_in
from checks.validation import Finding, Severity
from checks.wording import cure, where
from ocr.ink import Source
from parsers.reading import State
from templates.form import Field


def completeness(request: Request) -> Iterator[Finding]:
    """Find what each field lacks, by its state and by whether it is required."""
    for field in request.fields.values():
        finding = _STATES[request.state(field.name)](request, field)
        if finding:
            yield finding


def _filled(request: Request, field: Field) -> Finding | None:  # noqa: ARG001  # one verb for every state
    return None


_COMPARE: Final = "Confrontare con l'immagine e correggere il valore."


def _empty(request: Request, field: Field) -> Finding | None:
    if not request.needs(field) or request.lost(field.name):
        return None
    return stand_in(request, field) or _finding(field, "field_missing", Severity.MISSING, f"manca. {cure(field)}")


def _struck(request: Request, field: Field) -> Finding | None:
    if not request.needs(field):
        return None
    return _finding(field, "field_struck", Severity.MISSING, f"è barrato, ma serve. {cure(field)}")


def _unreadable(request: Request, field: Field) -> Finding | None:
    value = request.value(field.name)
    matters = _matters(request, field)
    if matters and value and value.source is Source.CLERK:
        return _finding(field, "field_illegible", Severity.MISSING, f"non si riesce a leggere. {cure(field)}")
    told = value.reason if value and value.reason else "scritto, ma non leggibile con certezza."
    severity = Severity.DOUBTFUL if matters else Severity.NOTE
    advised = "confrontare con l'immagine" in told.casefold()  # a reader that knows more says what to do itself
    return _finding(field, "field_unreadable", severity, told if advised else f"{told} {_COMPARE}")


def _invalid(request: Request, field: Field) -> Finding | None:
    value = request.value(field.name)
    told = value.reason if value and value.reason else f"il valore non è valido. {cure(field)}"
    return _finding(field, "field_invalid", Severity.INVALID, told)


_STATES = {
    State.FILLED: _filled,
    State.EMPTY: _empty,
    State.NOT_APPLICABLE: _struck,
    State.UNREADABLE: _unreadable,
    State.INVALID: _invalid,
}


def _matters(request: Request, field: Field) -> bool:
    """Tell whether something hangs on an unreadable field: it may be required, or another rule looks at it."""
    required = request.holds(field.required_when) or not request.sure(field.required_when)
    return required or field.name in request.asked_about | _SIGNALS


def _finding(field: Field, rule: str, severity: Severity, told: str) -> Finding:
    return Finding(rule, field.section, field.name, severity, f"{where(field)}: {told}")


_SIGNALS = frozenset({"business_name", "vat_number", "delegation_attached"})
