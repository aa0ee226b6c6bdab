"""What a clerk reads of a sheet that could not be laid over its form as it must be to be read by machine."""

from collections.abc import Sequence

from pages.page import Page
from templates.form import Unlaid

MOST_LABELS = 5


def unlaid_sentence(page: Page, unlaid: Unlaid) -> str:
    """Say in Italian why a sheet was not read, and what to do."""
    where = f"{page.file}, pagina {page.number}"
    forms = " o ".join(_named(key) for key in unlaid.forms)
    if unlaid.reason == "which":
        return (
            f"{where}: sembra il modulo {forms}, ma non si distingue quale. Scegliere il modulo e trascrivere i dati."
        )
    if unlaid.reason == "edition":
        return f"{where}: il codice stampato indica il modulo {forms}, che qui non è noto. Trattare la pagina a mano."
    number = f", pagina {unlaid.page} del modulo" if unlaid.page else ""
    return (
        f"{where}: sembra il modulo {forms}{number}, ma il foglio è troppo deformato, tagliato o illeggibile per "
        "leggerlo con sicurezza. Trascrivere i dati a mano o chiedere una scansione migliore."
    )


def cut_sentence(page: Page, labels: Sequence[str]) -> str:
    """Say in Italian which fields of a sheet lie partly beyond the edge of its picture."""
    named = ", ".join(f"«{label}»" for label in labels[:MOST_LABELS])
    more = f" e altri {len(labels) - MOST_LABELS}" if len(labels) > MOST_LABELS else ""
    return (
        f"{page.file}, pagina {page.number}: manca un bordo del foglio, e questi campi non si vedono per intero: "
        f"{named}{more}. Controllarli sull'originale o chiedere una nuova copia."
    )


def _named(key: str) -> str:
    code, _, edition = key.partition("/")
    return f"{code} (edizione {edition})" if edition else code
