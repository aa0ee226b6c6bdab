"""Identity: the holder's document is one, is the holder's, and is valid on the day of receipt."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from checks.request import Request
from checks.validation import Finding, Severity
from checks.wording import day
from parsers.fields.folding import key
from parsers.identity_document import IdentityDocument, identity_document

CODE = "id_copy_holder"
_LEGIBLE = 40
"""Letters and digits from which on a copy counts as legible; a faxed card is often near-black."""
_ALIKE = 75.0


def identity(request: Request) -> Iterator[Finding]:
    """Check the copy of the holder's document; whether one came at all is a matter of the attachments."""
    if CODE not in request.papers:
        return
    text = "\n".join(p.text for p in request.reading.papers if p.code == CODE)
    document = identity_document(text)
    if len(key(text)) < _LEGIBLE:
        yield _doubt("id_unreadable", "c'è, ma non si legge. Guardare la copia; se serve, chiederne una più chiara.")
    elif document is None:
        yield _doubt("id_not_recognised", "non sembra un documento d'identità. Guardare la copia.")
    else:
        yield from _kind(request, document)
        yield from _expiry(request, document)
        yield from _person(request, text)
        yield from _back(request, text)


def _kind(request: Request, document: IdentityDocument) -> Iterator[Finding]:
    """Doubt paper cards from the day on which they end, and cards of which the kind is not known."""
    ends = request.context.settings.paper_card_ends
    if request.received_on < ends:
        return
    if document.kind == "paper":
        told = f"è una carta d'identità cartacea, che dal {day(ends)} non vale più. Valutare e chiederne un altro."
        yield _doubt("paper_id_card", told)
    elif document.kind == "unknown":
        yield _doubt("id_kind_unread", "il numero non si legge; verificare che non sia una carta d'identità cartacea.")


def _expiry(request: Request, document: IdentityDocument) -> Iterator[Finding]:
    if document.expiry is None:
        yield _doubt("id_expiry_unread", "la scadenza non si legge. Guardarla sulla copia.")
    elif document.expiry < request.received_on:
        told = f"il documento era scaduto il {day(document.expiry)}. Inviare la copia di un documento valido."
        yield Finding("id_expired", "L", CODE, Severity.INVALID, f"Sezione L – Documento d'identità: {told}")


def _person(request: Request, text: str) -> Iterator[Finding]:
    """Look for the holder's surname; an heir's document has another."""
    surname = key(request.text("holder_surname"))
    if surname and not request.content("heir_request") and fuzz.partial_ratio(surname, key(text)) < _ALIKE:
        told = "il cognome del cliente non c'è sulla copia. Verificare chi ha firmato; se è un altro, serve la delega."
        yield _doubt("id_of_another_person", told)


def _back(request: Request, text: str) -> Iterator[Finding]:
    """Note a card whose back shows by nothing: not by a second sheet, its lines for machines, nor the tax code."""
    sheets = sum(p.code == CODE for p in request.reading.papers)
    bare = "".join(text.split()).upper()
    if sheets == 1 and "C<ITA" not in bare and "RETRO" not in bare and request.text("holder_tax_code") not in bare:
        told = "Sezione L – Documento d'identità: sembra esserci un solo lato. Servono fronte e retro."
        yield Finding("id_back_not_seen", "L", CODE, Severity.NOTE, told)


def _doubt(rule: str, told: str) -> Finding:
    return Finding(rule, "L", CODE, Severity.DOUBTFUL, f"Sezione L – Documento d'identità: {told}")
