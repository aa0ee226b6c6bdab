"""Stand in: where a required field is empty, but what it should say may be found elsewhere in the submission."""

from collections.abc import Callable

from checks.request import Request
from checks.validation import Finding, Severity
from checks.wording import where
from parsers.fields import pod
from templates.form import Field


def stand_in(request: Request, field: Field) -> Finding | None:
    """Give the finding that takes the place of "missing", or None when nothing stands in."""
    rule = _STANDS.get(field.name)
    return rule(request, field) if rule else None


def _supply_code(request: Request, field: Field) -> Finding | None:
    other, shape, name = _OTHER_BOX[field.name]
    if shape.fullmatch(pod.compact(request.raw(other))):
        told = f"la casella è vuota, ma il codice scritto accanto sembra un {name}. Confermare lo scambio."
        return Finding("pod_pdr_swapped", field.section, field.name, Severity.DOUBTFUL, f"{where(field)}: {told}")
    if request.written("customer_code"):
        told = "manca, ma c'è il codice cliente. Cercare il codice sulla bolletta allegata o chiederlo."
        return Finding("customer_code_only", field.section, field.name, Severity.DOUBTFUL, f"{where(field)}: {told}")
    return None


def _date_on_copy(request: Request, field: Field) -> Finding | None:
    rule, paper, what = _COPIES[field.name]
    if paper not in request.papers:
        return None
    told = f"{where(field)}: manca, ma c'è la copia {what}. Leggere la data sulla copia e riportarla."
    return Finding(rule, field.section, field.name, Severity.DOUBTFUL, told)


_COPIES = {
    "complaint_sent_date": ("complaint_date_on_copy", "complaint_copy", "del reclamo"),
    "complaint_answer_date": ("answer_date_on_copy", "complaint_answer_copy", "della risposta"),
}


def _paper_counts(request: Request, field: Field) -> Finding | None:
    """Let a missing tick pass where the paper itself came."""
    came = (
        "delegation_signed" in request.papers if field.name == "delegation_attached" else bool(request.reading.papers)
    )
    told = f"{where(field)}: non è barrato, ma i documenti ci sono. Nessuna azione necessaria."
    return Finding("paper_without_tick", field.section, field.name, Severity.NOTE, told) if came else None


_OTHER_BOX = {
    "supply_pod": ("supply_pdr", pod.SHAPE, "POD"),
    "supply_pdr": ("supply_pod", pod.PDR_SHAPE, "PDR"),
}

_STANDS: dict[str, Callable[[Request, Field], Finding | None]] = {
    "supply_pod": _supply_code,
    "supply_pdr": _supply_code,
    "delegation_attached": _paper_counts,
    "attachment_ticks": _paper_counts,
    "complaint_sent_date": _date_on_copy,
    "complaint_answer_date": _date_on_copy,
}
