"""The words of the case screen: how states, sources, outcomes and papers read in Italian."""

from typing import Final

from backoffice.case_order import Status
from checks.validation import Outcome
from ocr.ink import Source
from parsers.reading import Role

STATUS: Final = {
    Status.ERROR: "da correggere",
    Status.DOUBT: "da verificare",
    Status.RULE: "non torna",
    Status.MISSING: "si chiede al cliente",
    Status.OK: "a posto",
    Status.EMPTY: "vuoto",
    Status.NOT_APPLICABLE: "non si applica",
    Status.UNREAD: "non letto, non serve",
}
SIGNS: Final = {
    Status.ERROR: "error",
    Status.DOUBT: "help-circle",
    Status.RULE: "warning-circle",
    Status.MISSING: "mail",
    Status.OK: "check-circle",
    Status.EMPTY: "minus-circle",
    Status.NOT_APPLICABLE: "minus-circle",
    Status.UNREAD: "minus-circle",
}
"""A sign for each: none is told by its colour alone."""
SOURCES: Final = {
    Source.ACROFORM: "dal modulo digitale",
    Source.TEXT: "dal testo del file",
    Source.OCR: "letto dalla scansione",
    Source.HANDPRINT: "letto a mano scritta",
    Source.MARK: "dalla casella",
    Source.CLERK: "scritto da un operatore",
}
OUTCOMES: Final = {
    Outcome.READY: "Va in coda, pronta per la lavorazione",
    Outcome.INCOMPLETE: "Si chiede al cliente ciò che manca",
    Outcome.HELD_UNTIL: "Resta sospesa fino alla fine del termine",
    Outcome.NOT_ADMISSIBLE: "Si propone di non ammetterla",
    Outcome.WRONG_FORM: "Si propone di non ammetterla: modulo sbagliato",
    Outcome.DUPLICATE_OF: "È un doppione",
    Outcome.JOINED_TO: "È unita a un'altra pratica",
    Outcome.MANUAL_REVIEW: "Restano punti da decidere",
    Outcome.NOT_A_REQUEST: "Si propone di archiviarla: non è una richiesta",
}
ROLES: Final = {
    Role.FORM: "modulo",
    Role.ATTACHMENT: "allegato",
    Role.BLANK: "foglio bianco",
    Role.COVER: "copertina",
    Role.SEPARATOR: "separatore",
    Role.DUPLICATE: "doppione",
    Role.UNSURE: "da riconoscere",
}
FORM_NAMES: Final = {"": "Modulo non riconosciuto"}
REFUSALS: Final = {
    "channel_not_for_customer_type": "Il cliente non è domestico: deve usare il Portale",
    "professional_delegate": "Il delegato è un professionista: deve usare il Portale",
    "procedure_not_for_domestic": "La procedura non è per clienti domestici",
    "wrong_form": "Il modulo non è quello della richiesta",
    "other_sector": "Riguarda un altro settore (acqua, rifiuti, telefono ...)",
    "not_a_request": "Non è una richiesta (pubblicità, ricevuta, messaggio senza domanda)",
    "refused_by_clerk": "Altro motivo, scritto qui sotto",
}
KEYS: Final = (
    ("Invio", "accetta il campo e va al prossimo da decidere"),
    ("Ctrl + Invio", "conferma la pratica e apre la prossima"),
    ("↓ / ↑", "nel campo: prova la proposta seguente o precedente"),
    ("F2", "ingrandisce il foglio sul campo, o lo mostra intero"),
    ("F4", "il campo non si applica"),
    ("F8", "illeggibile"),
    ("F9", "vuoto: sul foglio non c'è scritto niente"),
    ("Maiusc + F8", "tieni il valore comunque, con un motivo"),
    ("Maiusc + F9", "annulla la correzione del campo"),
    ("Maiusc + F2", "passa la pratica al responsabile"),
    ("Tab / Maiusc + Tab", "campo seguente o precedente, anche se a posto"),
    ("Alt + PagGiù / PagSu", "foglio seguente o precedente"),
    ("← → ↑ ↓", "sui pulsanti del foglio: lo spostano, quando è ingrandito"),
    ("F1 oppure ?", "questo elenco (il tasto ? solo fuori dai campi)"),
)
