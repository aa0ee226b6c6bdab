"""Dates: none lies after the request itself, none of a pair is the wrong way round."""

from collections.abc import Iterator

from checks.request import Request
from checks.validation import Finding, Severity
from checks.wording import day, where
from templates.form import Kind

MAY_LIE_AHEAD = frozenset({"cmor_bill_due_date", "double_period_to"})
COMPLAINT = frozenset({"complaint_sent_date", "complaint_answer_date", "complaint_received_date"})
"""These have rules of their own (complaint.py)."""

PAIRS = (
    ("complaint_sent_date", "sign_date", "signed_before_complaint", "la firma è di prima del reclamo"),
    ("double_period_from", "double_period_to", "period_reversed", "il periodo finisce prima di cominciare"),
    ("cmor_bill_date", "cmor_bill_due_date", "due_before_bill", "la scadenza è prima della bolletta"),
)
"""Earlier field, later field, rule, what is told of the later one."""


def dates(request: Request) -> Iterator[Finding]:
    """Send dates that cannot be to a clerk: mostly one digit was misread."""
    for field in request.fields.values():
        then = request.day(field.name) if field.kind is Kind.DATE else None
        if then and then > request.received_on and field.name not in MAY_LIE_AHEAD | COMPLAINT:
            told = f"{where(field)}: {day(then)} è dopo l'arrivo della richiesta. Verificare la data."
            yield Finding("date_in_future", field.section, field.name, Severity.DOUBTFUL, told)
    for first, second, rule, what in PAIRS:
        early, late = request.day(first), request.day(second)
        if early and late and late < early and second in request.fields:
            told = f"{where(request.fields[second])}: {what}. Verificare le date."
            yield Finding(rule, request.fields[second].section, second, Severity.DOUBTFUL, told)
