"""No form: what is said of post on which no known form was found. Nothing of it is lost."""

from checks.validation import Finding, Outcome, Severity
from parsers.reading import Reading
from templates.slip import read_slip

_RIGHT = "Per SMART Help serve il Modulo della procedura, dalla sezione Modulistica del sito dello Sportello."
WRONG_FORMS = {
    "smart_info": f"È arrivato il modulo SMART Info (richiesta di informazioni). {_RIGHT}",
    "conciliation": f"È arrivata una domanda per il Servizio Conciliazione. {_RIGHT}",
    "supplier_complaint": f"È arrivato un reclamo diretto al fornitore. {_RIGHT} Il reclamo va allegato in copia.",
    "bonus_application": f"È arrivata una domanda di bonus, che si presenta al Comune o al CAF. {_RIGHT}",
    "other_sector": "La richiesta riguarda un altro settore (acqua, telecalore, rifiuti); SMART Help è per luce e gas.",
}
NO_MODULO = f"Manca il Modulo. {_RIGHT} Va compilato in tutte le sue parti, firmato e inviato con gli allegati."


def no_form(reading: Reading) -> tuple[Outcome, tuple[Finding, ...]]:
    """Decide where post without a form goes. A part that could not be read may hold the form: then a clerk looks."""
    outcome, finding = _kind(reading.stranger)
    doubts = tuple(Finding("reading_doubt", "", "", Severity.DOUBTFUL, told) for told in reading.doubts)
    if doubts and outcome in (Outcome.INCOMPLETE, Outcome.WRONG_FORM, Outcome.NOT_A_REQUEST):
        outcome = Outcome.MANUAL_REVIEW
    return outcome, (finding, *doubts)


def unknown_version(reading: Reading) -> tuple[Outcome, tuple[Finding, ...]]:
    """Send a form of an edition that is not in the library to a clerk."""
    told = f"Il modulo {reading.form} è di un'edizione che non si conosce ({reading.edition}). Trattarlo a mano."
    return Outcome.MANUAL_REVIEW, (Finding("unknown_version", "", "", Severity.DOUBTFUL, told),)


def only_delegation() -> tuple[Outcome, tuple[Finding, ...]]:
    """Ask for the Modulo where only a delega came."""
    told = f"È arrivata solo la delega. {NO_MODULO}"
    return Outcome.INCOMPLETE, (Finding("form_missing", "", "", Severity.MISSING, told),)


def return_sheet(reading: Reading) -> tuple[Outcome, tuple[Finding, ...]]:
    """Say of which case a sheet is that we sent out to be filled: whoever knows the cases joins it, or a clerk does."""
    slip = read_slip(reading.edition)
    case = f" della pratica {slip.case}" if slip else ""
    told = f"È arrivato il foglio di integrazione{case}. Unirlo alla pratica e controllare che ora sia completa."
    return Outcome.MANUAL_REVIEW, (Finding("return_sheet", "", "", Severity.DOUBTFUL, told),)


def _kind(stranger: str) -> tuple[Outcome, Finding]:
    if stranger in WRONG_FORMS:
        return Outcome.WRONG_FORM, Finding(stranger, "", "", Severity.REFUSAL, WRONG_FORMS[stranger])
    if stranger == "letter":
        return Outcome.INCOMPLETE, Finding("form_missing", "", "", Severity.MISSING, NO_MODULO)
    if stranger == "not_a_request":
        told = "Non è una richiesta al servizio. Nessuna azione necessaria."
        return Outcome.NOT_A_REQUEST, Finding("not_a_request", "", "", Severity.NOTE, told)
    rule, told = _UNKNOWN.get(stranger, ("unknown_document", "Il documento non è tra quelli conosciuti. Guardarlo."))
    return Outcome.MANUAL_REVIEW, Finding(rule, "", "", Severity.DOUBTFUL, told)


_UNKNOWN = {
    "unreadable": ("unreadable", "Il file non si apre o non si legge. Guardarlo, o chiedere un nuovo invio."),
    "empty": ("empty", "Il file non contiene nulla. Guardarlo, o chiedere un nuovo invio."),
}
