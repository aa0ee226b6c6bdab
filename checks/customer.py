"""Customer: domestic or not, as ticked, and what on the form speaks against the tick."""

from collections.abc import Iterator

from checks.request import Request
from checks.validation import Finding, Severity
from parsers.fields import tax_code
from parsers.fields.folding import fold


def customer(request: Request) -> Iterator[Finding]:
    """Send an unclear customer type, and every conflict with the tick, to a clerk."""
    if request.lost("customer_type"):
        return
    if not request.text("customer_type"):
        told = "Sezione B – Tipologia cliente: non è chiara. Verificare se il cliente è domestico o non domestico."
        yield Finding("customer_type_unclear", "B", "customer_type", Severity.DOUBTFUL, told)
    yield from conflicts(request)


def conflicts(request: Request) -> Iterator[Finding]:
    """Find what contradicts the ticked type; the tick decides, a conflict goes to a clerk."""
    ticked = request.text("customer_type")
    if ticked == "domestic":
        for section, name, told in _business_signs(request):
            yield Finding("non_domestic_signal", section, name, Severity.DOUBTFUL, f"Sezione {section}: {told} {_ASK}")
    elif ticked == "non_domestic" and request.text("supply_use") == "domestic_use" and not _has_business(request):
        told = "il cliente si dichiara non domestico, ma l'uso è domestico e non c'è alcuna impresa."
        yield Finding("domestic_signal", "B", "customer_type", Severity.DOUBTFUL, f"Sezione B: {told} {_ASK}")


_ASK = "Verificare se il cliente è domestico."


def _has_business(request: Request) -> bool:
    return request.written("business_name") or request.written("vat_number")


def _business_signs(request: Request) -> Iterator[tuple[str, str, str]]:
    if request.written("vat_number"):
        yield "B", "vat_number", "il cliente si dichiara domestico, ma è indicata una partita IVA."
    if request.written("business_name"):
        yield "B", "business_name", "il cliente si dichiara domestico, ma è indicata una ragione sociale."
    if request.text("supply_use") == "other_use":
        yield "D", "supply_use", "il cliente si dichiara domestico, ma la fornitura è per altri usi."
    for name in ("holder_surname", "holder_given_name"):
        if "condominio" in fold(request.text(name)):
            yield "A", name, "l'intestatario sembra un condominio."
    if tax_code.needs_review(request.text("holder_tax_code")):
        yield "A", "holder_tax_code", "il codice fiscale di 11 cifre sembra di un ente o è provvisorio."
