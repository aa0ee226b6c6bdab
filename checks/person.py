"""Person: what a codice fiscale says and what the other fields of the same person say."""

from collections.abc import Iterator

from checks.request import Request
from checks.validation import Finding, Severity
from checks.wording import names, where
from parsers.fields import places
from parsers.fields.identity import Disagreement, disagreements

ABROAD = "EE"
_PARTS = {
    Disagreement.SURNAME: "cognome",
    Disagreement.GIVEN_NAME: "nome",
    Disagreement.BIRTH_DATE: "data di nascita",
    Disagreement.SEX: "sesso",
    Disagreement.BIRTH_PLACE: "luogo di nascita",
}


def person(request: Request) -> Iterator[Finding]:
    """Check holder and delegate; a mismatch is for a clerk, who sees both."""
    yield from _tax_code(request, "holder")
    yield from _tax_code(request, "delegate")
    yield from _birth_province(request)


def _tax_code(request: Request, who: str) -> Iterator[Finding]:
    field = request.fields.get(f"{who}_tax_code")
    wrong = disagreements(
        request.text(f"{who}_tax_code"),
        surname=request.text(f"{who}_surname"),
        given_name=request.text(f"{who}_given_name"),
        birth_date=request.day(f"{who}_birth_date"),
        sex_ticked=request.text(f"{who}_sex"),
        birth_place=request.text(f"{who}_birth_place"),
        birth_province=request.text(f"{who}_birth_province"),
    )
    if field and wrong:
        parts = names([_PARTS[part] for part in wrong])
        told = f"{where(field)}: non corrisponde a: {parts}. Confrontare i campi con il documento."
        yield Finding("tax_code_mismatch", field.section, field.name, Severity.DOUBTFUL, told)


def _birth_province(request: Request) -> Iterator[Finding]:
    """Expect EE for a foreign state, and only there. Other provinces change with the years and are not compared."""
    field = request.fields.get("holder_birth_province")
    province, place = request.text("holder_birth_province"), request.text("holder_birth_place")
    found = frozenset(p.province == ABROAD for p in places.find(place)) if place else frozenset()
    if field and province and found and (province == ABROAD) not in found:
        told = f"{where(field)}: non corrisponde al luogo di nascita. EE si scrive solo per chi è nato all'estero."
        yield Finding("birth_province_mismatch", field.section, field.name, Severity.DOUBTFUL, told)
