"""Subject: what is asked, and whether it is what the form is for."""

from collections.abc import Iterator
from datetime import date

from checks.request import Request
from checks.validation import Finding, Severity


def subject(request: Request) -> Iterator[Finding]:
    """Find two requests in one, and a tick that does not fit the form."""
    if len(request.procedures) > 1:
        told = "Sezione G – Oggetto della richiesta: sono barrate due richieste. Separarle in due pratiche."
        yield Finding("two_procedures", "G", "procedure", Severity.DOUBTFUL, told)
    elif request.procedures != (request.form.code,):
        told = "Sezione G – Oggetto della richiesta: non è quello di questo modulo. Verificare che cosa si chiede."
        yield Finding("procedure_not_of_form", "G", "procedure", Severity.DOUBTFUL, told)


def bonus(request: Request) -> Iterator[Finding]:
    """Tag the economic bonus from the year in which it became automatic, for the operator."""
    refused = request.content("subcases")
    if (
        request.text("bonus_kind") != "economic"
        or not isinstance(refused, tuple)
        or "application_refused" not in refused
    ):
        return
    applied = request.day("bonus_application_date") or _new_year(request.text("bonus_year"))
    if applied and applied >= request.context.settings.bonus_automatic_from:
        told = "Sezione I: bonus per disagio economico con domanda dal 2021, quando è diventato automatico."
        yield Finding("bonus_economic_after_2020", "I", "bonus_application_date", Severity.NOTE, told)


def edition(request: Request) -> Iterator[Finding]:
    """Send a form that was not valid on the day of receipt to a clerk."""
    form = request.form
    if not form.valid_from <= request.received_on <= (form.valid_to or date.max):
        told = (
            f"Il modulo è dell'edizione {form.edition}, che non vale per la data di arrivo. Verificare se accettarla."
        )
        yield Finding("edition_not_valid", "", "", Severity.DOUBTFUL, told)


def doubts(request: Request) -> Iterator[Finding]:
    """Pass on what the rooms before could not decide."""
    for told in request.reading.doubts:
        yield Finding("reading_doubt", "", "", Severity.DOUBTFUL, told)


def _new_year(year: str) -> date | None:
    return (
        date(int(year), 1, 1) if len(year) == len("2021") and year.isascii() and year.isdigit() and year > "0" else None
    )
