"""Pages: sheets of the form that did not come, or a form on which nothing is written."""

from collections.abc import Iterator

from checks.request import Request
from checks.validation import Finding, Severity
from checks.wording import names

PRINTED = frozenset({"procedure"})
"""Fields that may be filled in print: each form is for one procedure."""


def missing_pages(request: Request) -> Iterator[Finding]:
    """Ask for each sheet that did not come; its fields are not asked for one by one."""
    for page in request.reading.missing_pages:
        letters = list(dict.fromkeys(f.section for f in request.fields.values() if f.page == page))
        parts = f" (sezion{'e' if len(letters) == 1 else 'i'} {names(letters)})" if letters else ""
        told = f"Pagina {page} del modulo{parts}: manca. Compilarla e inviarla."
        yield Finding("page_missing", "", "", Severity.MISSING, told)


def is_blank(request: Request) -> bool:
    """Tell whether nothing at all is written on the sheets that came."""
    return not any(request.written(name) for name in request.fields if name not in PRINTED)


def blank(request: Request) -> Iterator[Finding]:
    """Ask once for the whole form."""
    told = (
        f"Il modulo «{request.form.title}» è arrivato in bianco. Compilarlo in tutte le sue parti, firmarlo e inviarlo."
    )
    yield Finding("form_blank", "", "", Severity.MISSING, told)
