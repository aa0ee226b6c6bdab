"""Attachments: the papers that the form asks for. The paper counts, not the tick."""

from collections.abc import Iterator

from checks.request import UNSURE, Request
from checks.validation import Finding, Severity
from templates.form import Attachment


def attachments(request: Request) -> Iterator[Finding]:
    """Find the required papers that did not come; while papers are unsorted, a clerk looks there first."""
    for attachment in request.needed_papers():
        if not request.has_paper(attachment):
            yield _unsorted(request, attachment) if UNSURE in request.papers else _missing(request, attachment)


def _unsorted(request: Request, attachment: Attachment) -> Finding:
    count = sum(p.code == UNSURE for p in request.reading.papers)
    there = "c'è 1 foglio non riconosciuto" if count == 1 else f"ci sono {count} fogli non riconosciuti"
    told = f"Sezione L – {attachment.label}: non trovato, ma {there}. Guardare se è tra quelli."
    return Finding("attachment_unsorted", "L", attachment.code, Severity.DOUBTFUL, told)


def _missing(request: Request, attachment: Attachment) -> Finding:
    ticked = request.content("attachment_ticks")
    lacks = "è barrato, ma non è allegato" if isinstance(ticked, tuple) and attachment.code in ticked else "manca"
    told = f"Sezione L – {attachment.label}: {lacks}. Inviarne una copia."
    return Finding("attachment_missing", "L", attachment.code, Severity.MISSING, told)
