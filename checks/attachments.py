"""Attachments: the papers that the form asks for. The paper counts, not the tick."""

from collections.abc import Iterator

from checks.bills import BILLS, roles, unclaimed
from checks.request import UNSURE, Request
from checks.validation import Finding, Severity
from templates.form import Attachment


def attachments(request: Request) -> Iterator[Finding]:
    """Find the required papers that did not come; while papers are unsorted, a clerk looks there first."""
    needed = request.needed_papers()
    here = request.papers | roles(request)
    spare_bill = unclaimed(request, (a.code for a in needed))
    for attachment in needed:
        codes = {attachment.code, *attachment.any_of}
        if codes & here:
            continue
        if UNSURE in request.papers:
            yield _unsorted(request, attachment)
        else:
            yield _other_bill(attachment) if spare_bill and codes & BILLS else _missing(request, attachment)


def _unsorted(request: Request, attachment: Attachment) -> Finding:
    count = sum(p.code == UNSURE for p in request.reading.papers)
    there = "c'è 1 foglio non riconosciuto" if count == 1 else f"ci sono {count} fogli non riconosciuti"
    told = f"Sezione L – {attachment.label}: non trovato, ma {there}. Guardare se è tra quelli."
    return Finding("attachment_unsorted", "L", attachment.code, Severity.DOUBTFUL, told)


def _other_bill(attachment: Attachment) -> Finding:
    told = f"Sezione L – {attachment.label}: c'è una bolletta, ma non si vede se è questa. Guardarla."
    return Finding("bill_unclear", "L", attachment.code, Severity.DOUBTFUL, told)


def _missing(request: Request, attachment: Attachment) -> Finding:
    ticked = request.content("attachment_ticks")
    lacks = "è barrato, ma non è allegato" if isinstance(ticked, tuple) and attachment.code in ticked else "manca"
    told = f"Sezione L – {attachment.label}: {lacks}. Inviarne una copia."
    return Finding("attachment_missing", "L", attachment.code, Severity.MISSING, told)
