"""Eligibility: whether this customer may send this request by this way (the matrix), asked only when it is certain."""

from collections.abc import Iterator

from checks.customer import conflicts
from checks.matrix import Question, Row, find, shipped_matrix
from checks.request import Request
from checks.validation import Finding, Severity
from intake.receipt import Channel

_PORTAL = "In questo caso la richiesta si presenta solo on-line, registrandosi al Portale dello Sportello."
_NEIGHBOUR = (
    "Per un contratto non richiesto il cliente domestico presenta reclamo al venditore; "
    "informazioni al Numero Verde 800.166.654"
)
REASONS = {
    "channel_not_for_customer_type": ("B", "customer_type", f"La richiesta è di un cliente non domestico. {_PORTAL}"),
    "procedure_not_for_domestic": (
        "G",
        "procedure",
        f"Il ritorno al precedente fornitore è riservato ai clienti non domestici. {_NEIGHBOUR}.",
    ),
    "professional_delegate": (
        "C",
        "delegate_not_professional",
        f"La richiesta è presentata da un delegato professionista. {_PORTAL}",
    ),
}
"""Refusals: section, field and what the customer is told."""


def eligibility(request: Request) -> Iterator[Finding]:
    """Refuse what the matrix refuses; where it depends on something unknown, ask a clerk instead."""
    customer_type = request.text("customer_type")
    if not customer_type or any(conflicts(request)):
        return
    rows = [_ask(request, procedure, customer_type) for procedure in request.procedures]
    reasons = {row.reason if row else "eligibility_unknown" for row in rows}
    if len(reasons) > 1:
        told = "L'ammissibilità dipende dalla procedura: separare le richieste e valutarle una per una."
        yield Finding("eligibility_depends_on_procedure", "G", "procedure", Severity.DOUBTFUL, told)
    else:
        yield from _verdict(reasons.pop())


def delegate_kind(request: Request) -> str:
    """Give the kind of delegate; a professional only by a clerk's word, never by a signal."""
    if request.content("heir_request"):
        return "heir"
    if not request.delegate_acts:
        return "none"
    return "professional" if request.context.delegate_professional else "non_professional"


def _ask(request: Request, procedure: str, customer_type: str) -> Row | None:
    channel = "online" if request.context.channel is Channel.ONLINE else "alternative"
    asked = Question(procedure, customer_type, channel, delegate_kind(request))
    return find(shipped_matrix(), asked, request.received_on)


def _verdict(reason: str) -> Iterator[Finding]:
    if reason in REASONS:
        section, field, told = REASONS[reason]
        yield Finding(reason, section, field, Severity.REFUSAL, told)
    elif reason:
        told = (
            "Nessuna regola dice se la richiesta è ammissibile per questa procedura e questo cliente. Decidere a mano."
        )
        yield Finding("eligibility_unknown", "", "", Severity.DOUBTFUL, told)
