"""Validate: every rule over one reading, and where it goes from there. Pure; runs again on each correction."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from checks.context import Context
from checks.no_form import no_form, only_delegation, return_sheet, unknown_version
from checks.outcome import decide
from checks.request import Request
from checks.rules import RULES
from checks.sheets import blank, is_blank
from checks.states import final_values
from checks.validation import Finding, Outcome, Severity, Validation
from checks.wait import hold_until
from checks.wording import mask
from parsers.reading import Reading
from templates.form import Form, Kind
from templates.slip import SLIP_FORM

DELEGATION_FORM = "DELEGA"
_SECRET = frozenset({Kind.TAX_CODE, Kind.VAT, Kind.POD, Kind.PDR, Kind.PHONE, Kind.EMAIL})
_SHORTEST_SECRET = 8


def validate(reading: Reading, form: Form | None, context: Context) -> Validation:
    """Check one submission: all findings, one outcome with its reasons, and the values with their final states."""
    if form is None:
        return _without(reading, unknown_version(reading) if reading.form else no_form(reading), context)
    if form.code == DELEGATION_FORM:
        return _without(reading, only_delegation(), context)
    if form.code == SLIP_FORM:
        return _without(reading, return_sheet(reading), context)
    request = Request(reading, form, context)
    found = blank(request) if is_blank(request) else (f for rule in RULES.values() for f in rule(request))
    findings = tuple(dict.fromkeys(_settled(chain(_masked(found, request), context.noticed), context)))
    values = final_values(request, findings)
    hold = hold_until(request)
    outcome, reasons = decide(findings, values, hold)
    return Validation(outcome, reasons, findings, values, None if outcome is Outcome.NOT_ADMISSIBLE else hold)


def _without(reading: Reading, told: tuple[Outcome, tuple[Finding, ...]], context: Context) -> Validation:
    outcome, findings = told[0], (*told[1], *_settled(context.noticed, context))
    if any(f.severity is Severity.DOUBTFUL for f in findings[len(told[1]) :]):
        outcome = Outcome.MANUAL_REVIEW
    weights = {f.severity for f in findings}
    heaviest = (
        Severity.DOUBTFUL if outcome is Outcome.MANUAL_REVIEW and Severity.DOUBTFUL in weights else findings[0].severity
    )
    reasons = tuple(dict.fromkeys(f.rule for f in findings if f.severity is heaviest))
    return Validation(outcome, reasons, findings, reading.values)


def _settled(findings: Iterable[Finding], context: Context) -> Iterable[Finding]:
    """Apply a clerk's word: what was let pass is a note, what was confirmed is asked of the customer."""
    for finding in findings:
        key = (finding.rule, finding.field)
        if finding.severity not in (Severity.DOUBTFUL, Severity.INVALID):
            yield finding
        elif key in context.accepted:
            yield replace(finding, severity=Severity.NOTE)
        else:
            yield replace(finding, severity=Severity.MISSING) if key in context.confirmed else finding


def _masked(findings: Iterable[Finding], request: Request) -> Iterable[Finding]:
    written = {request.raw(f.name).strip() for f in request.fields.values() if f.kind in _SECRET}
    written |= {request.text(f.name) for f in request.fields.values() if f.kind in _SECRET}
    secrets = sorted((s for s in written if len(s) >= _SHORTEST_SECRET), key=len, reverse=True)
    return (replace(finding, message=mask(finding.message, secrets)) for finding in findings)
