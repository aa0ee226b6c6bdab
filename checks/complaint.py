"""Complaint: its dates make sense, it went to the operator who owed an answer, and the wait after it is over."""

from collections.abc import Iterator
from datetime import date, timedelta

from checks.recipient import recipient
from checks.request import Request
from checks.validation import Finding, Severity
from checks.wait import hold_until, premature, wait_start
from checks.wording import day
from parsers.reading import State


def complaint(request: Request) -> Iterator[Finding]:
    """Check section F, where the procedure asks for a complaint."""
    if request.waits:
        yield from _dates(request)
        yield from _answer(request)
        yield from _start_known(request)
        yield from _age(request)
        yield from _wait(request)
        yield from recipient(request)


def _dates(request: Request) -> Iterator[Finding]:
    sent, came = request.day("complaint_sent_date"), request.received_on
    if sent and sent > came:
        told = f"Data di invio del reclamo: {day(sent)} è dopo l'arrivo della richiesta ({day(came)})."
        yield _invalid("complaint_after_receipt", "complaint_sent_date", told)
    for name, what in (
        ("complaint_answer_date", "Data della risposta"),
        ("complaint_received_date", "Data di ricevimento"),
    ):
        then = request.day(name)
        if then and sent and then < sent:
            yield _invalid("date_before_complaint", name, f"{what}: {day(then)} è prima del reclamo ({day(sent)}).")
        elif then and then > came:
            told = f"{what}: {day(then)} è dopo l'arrivo della richiesta ({day(came)})."
            yield _invalid("date_after_receipt", name, told)


def _answer(request: Request) -> Iterator[Finding]:
    if request.text("complaint_answered") == "no" and request.written("complaint_answer_date"):
        told = "Sezione F – Risposta ricevuta: è barrato «no», ma c'è la data di una risposta. Verificare."
        yield Finding("answer_contradicts", "F", "complaint_answered", Severity.DOUBTFUL, told)


def _start_known(request: Request) -> Iterator[Finding]:
    """Ask for the day of receipt by the supplier, where the wait counts from it."""
    name = "complaint_received_date"
    if (
        request.context.settings.wait_start == "received"
        and request.state(name) is State.EMPTY
        and not request.lost(name)
    ):
        told = "Sezione F – Data di ricevimento del reclamo: manca. Si legge sulla ricevuta di consegna."
        yield Finding("field_missing", "F", name, Severity.MISSING, told)


def _age(request: Request) -> Iterator[Finding]:
    sent = request.day("complaint_sent_date")
    if sent and request.received_on - sent > timedelta(days=request.context.settings.complaint_age_flag_days):
        told = f"Sezione F: il reclamo è del {day(sent)}, più di un anno prima della richiesta."
        yield Finding("complaint_older_than_year", "F", "complaint_sent_date", Severity.NOTE, told)


def _wait(request: Request) -> Iterator[Finding]:
    days = request.context.settings.wait_days
    start: date | None = wait_start(request)
    until = hold_until(request)
    if start and until:
        told = f"Dal reclamo del {day(start)} non sono passati {days} giorni: la richiesta va avanti dal {day(until)}."
        yield Finding("wait_not_over", "F", "complaint_sent_date", Severity.NOTE, told)
    elif premature(request):
        told = f"Sezione F: la richiesta è arrivata prima di {days} giorni dal reclamo; il termine ora è passato."
        yield Finding("premature_at_receipt", "F", "complaint_sent_date", Severity.NOTE, told)


def _invalid(rule: str, field: str, told: str) -> Finding:
    return Finding(rule, "F", field, Severity.INVALID, f"Sezione F – {told} Correggere la data.")
