"""Recipient: the complaint went to the operator from whom this procedure asks an answer."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from checks.request import Request
from checks.validation import Finding, Severity
from parsers.fields.folding import fold, key

WHO = {
    "RIPRISTINO": ("supplier_contested",),
    "CMOR": ("supplier_previous",),
    "DOPPIA": ("supplier_previous", "supplier_current"),
    "INDENNIZZO": ("supplier_current", "distributor"),
}
"""Who must have had the complaint; for CMOR it is the previous seller, who asked for the charge."""

_UNKNOWN = frozenset({"nonnoto", "nonconosciuto", "sconosciuto", "nonso"})
_FORMS = frozenset({"spa", "srl", "sas", "snc", "scarl", "societa", "energia", "gas", "luce", "power", "italia"})
_ALIKE = 80.0


def recipient(request: Request) -> Iterator[Finding]:
    """Flag a complaint sent to somebody else; never a refusal."""
    told = request.text("complaint_recipient")
    operators = [name for field in WHO.get(request.form.code, ()) if (name := request.text(field))]
    if not told or not operators or any(key(name) in _UNKNOWN for name in operators):
        return
    if not any(same_operator(told, name) for name in operators):
        message = (
            "Sezione F – Inviato a: il reclamo risulta inviato a un operatore diverso. Verificare il destinatario."
        )
        yield Finding("complaint_recipient_mismatch", "F", "complaint_recipient", Severity.DOUBTFUL, message)


def same_operator(one: str, other: str) -> bool:
    """Tell whether two writings name the same company, whatever its legal form; a mail address counts by its letters.

    >>> same_operator("Esempio Energia S.p.A.", "ESEMPIO ENERGIA"), same_operator("reclami@prova.example.com", "Prova")
    (True, True)
    """
    first, second = _words(one), _words(other)
    return fuzz.token_set_ratio(first, second) >= _ALIKE or (bool(key(second)) and key(second) in key(one))


def _words(name: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in fold(name).replace(".", "")).split()
    telling = [word for word in words if word not in _FORMS]
    return " ".join(telling or words)
