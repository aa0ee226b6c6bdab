"""Address: CAP, comune and province of one address fit together."""

from collections.abc import Iterator

from checks.request import Request
from checks.validation import Finding, Severity
from checks.wording import where
from parsers.fields import municipality

PREFIXES = ("holder", "mailing", "delegate", "supply")


def address(request: Request) -> Iterator[Finding]:
    """Send an address whose parts contradict each other to a clerk; lists age, so it is never refused."""
    for prefix in PREFIXES:
        yield from _province(request, prefix)
        yield from _postal_code(request, prefix)
        yield from _comune(request, f"{prefix}_municipality")
    yield from _comune(request, "holder_birth_place")


def _province(request: Request, prefix: str) -> Iterator[Finding]:
    comune, province = request.text(f"{prefix}_municipality"), request.text(f"{prefix}_province")
    if comune and province and municipality.fits_province(comune, province) is False:
        yield from _doubt(request, f"{prefix}_province", "la provincia non è quella del comune. Verificare.")


def _postal_code(request: Request, prefix: str) -> Iterator[Finding]:
    cap, province = request.text(f"{prefix}_postal_code"), request.text(f"{prefix}_province")
    if cap and province and municipality.fits_postal_code(cap, [province]) is False:
        yield from _doubt(request, f"{prefix}_postal_code", "il CAP non è di questa provincia. Verificare.")


def _comune(request: Request, name: str) -> Iterator[Finding]:
    """Doubt a comune that is not in the list, where another one is nearly the same."""
    value, comune = request.value(name), request.text(name)
    if value and value.proposals and comune and municipality.fits_province(comune, "") is None:
        yield from _doubt(request, name, f"il comune non è nell'elenco; forse {value.proposals[0]}. Verificare.")


def _doubt(request: Request, name: str, told: str) -> Iterator[Finding]:
    if field := request.fields.get(name):
        yield Finding("address_mismatch", field.section, name, Severity.DOUBTFUL, f"{where(field)}: {told}")
