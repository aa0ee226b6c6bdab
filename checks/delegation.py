"""Delegation: the delega names holder and delegate of this request, and the holder has signed it."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from checks.request import Request
from checks.validation import Finding, Severity
from parsers.fields.folding import key
from parsers.reading import State, Value
from templates.condition import is_filled

_LEGIBLE = 60
"""Letters from which on a paper's text can be expected to show a name."""
_ALIKE = 80.0
_PAIRS = (
    ("holder_tax_code", "holder_surname", "del cliente"),
    ("delegate_tax_code", "delegate_surname", "del delegato"),
)


def delegation(request: Request) -> Iterator[Finding]:
    """Check the delega that came, be it our form or a letter of the customer's own."""
    if not request.delegate_acts or "delegation_signed" not in request.papers:
        return
    if request.reading.delega:
        yield from _form(request)
    else:
        yield from _letter(request)


def _form(request: Request) -> Iterator[Finding]:
    for code, surname, whose in _PAIRS:
        yield from _compare(request, code, surname, whose)
    signature = _state(request, "signature_present")
    if signature is State.EMPTY:
        yield _found("delegation_unsigned", Severity.MISSING, "manca la firma del cliente. Firmarla e rimandarla.")
    elif signature is not State.FILLED:
        yield _found(
            "delegation_signature_unclear", Severity.DOUBTFUL, "la firma del cliente non si vede bene. Verificare."
        )


def _compare(request: Request, code: str, surname: str, whose: str) -> Iterator[Finding]:
    if _state(request, surname) is State.EMPTY and _state(request, code) is State.EMPTY:
        told = f"mancano i dati {whose}. Compilarla per intero e rimandarla."
        yield _found("delegation_names_missing", Severity.MISSING, told)
    elif not (_same(request, code) or _same(request, surname)):
        told = f"i dati {whose} non corrispondono a quelli del modulo. Confrontarli."
        yield _found("delegation_names_differ", Severity.DOUBTFUL, told)


def _same(request: Request, name: str) -> bool:
    there, here = request.reading.delega.get(name), request.text(name)
    return bool(there and here and isinstance(there.value, str) and key(there.value) == key(here))


def _state(request: Request, name: str) -> State:
    value: Value | None = request.reading.delega.get(name)
    if value is None or (value.state is State.FILLED and not is_filled(value.value)):
        return State.EMPTY
    return value.state


def _letter(request: Request) -> Iterator[Finding]:
    told = key(" ".join(p.text for p in request.reading.papers if p.code == "delegation_signed"))
    if len(told) < _LEGIBLE:
        yield _found("delegation_illegible", Severity.DOUBTFUL, "il testo non si legge. Verificare nomi e firma.")
        return
    for name, whose in (("holder_surname", "del cliente"), ("delegate_surname", "del delegato")):
        surname = key(request.text(name))
        if surname and fuzz.partial_ratio(surname, told) < _ALIKE:
            yield _found("delegation_names_differ", Severity.DOUBTFUL, f"non si trova il nome {whose}. Verificare.")


def _found(rule: str, severity: Severity, told: str) -> Finding:
    return Finding(rule, "L", "delegation_signed", severity, f"Sezione L – Delega firmata: {told}")
