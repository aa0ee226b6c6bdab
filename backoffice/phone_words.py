"""What to tell a caller: one plain answer for each place at which a case can stand, and what the customer must send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from backoffice.words import day

_REGISTERED: Final = "La richiesta è arrivata ed è registrata con il numero {number}."
_ANSWERS: Final[Mapping[str, str]] = {
    "waiting_clerk": "Un operatore sta controllando i dati. Per ora non deve inviare nulla: se servirà qualcosa, "
    "riceverà una comunicazione.",
    "refusal_proposed": "È in verifica. L'esito arriverà con una comunicazione scritta; ora non deve inviare nulla.",
    "waiting_customer": "Per andare avanti manca qualcosa. Può inviarlo per e-mail, fax o posta, scrivendo sempre il "
    "numero {number}. Appena arriva, la pratica riparte da sola.",
    "held": "È completa, ma non sono ancora passati i 40 giorni dal reclamo al fornitore. Va avanti da sola dal {day}: "
    "non deve fare nulla.",
    "queued": "È completa ed è in coda per la lavorazione, in ordine di arrivo. Non deve inviare altro.",
    "linked": "Riguarda una richiesta che era già arrivata ed è stata unita a quella: si va avanti con la prima.",
    "refused": "Non può essere accolta su questo canale. Il motivo è nella comunicazione scritta.",
    "handed_over": "È in lavorazione presso lo Sportello. L'esito arriverà con una comunicazione scritta.",
    "closed": "La lavorazione è conclusa. L'esito è nella comunicazione scritta.",
}
_ASKED: Final = frozenset({"missing", "invalid"})
_EVENTS: Final[Mapping[str, str]] = {
    "born": "Registrata",
    "read_again": "Letta di nuovo",
    "corrected": "Dati controllati da un operatore",
    "cleared": "Trovata completa",
    "found_incomplete": "Trovata incompleta",
    "found_early": "Sospesa fino alla fine dei 40 giorni",
    "found_inadmissible": "Proposta come non ammissibile",
    "doubted": "Passata a un operatore",
    "papers_came": "Arrivati altri documenti",
    "wait_over": "Finiti i 40 giorni: rimessa in coda",
    "refusal_confirmed": "Rifiuto confermato",
    "refusal_rejected": "Rifiuto non confermato: torna in lavorazione",
    "joined": "Unita a un'altra pratica",
    "split": "Separata da un'altra pratica",
    "taken": "Presa in lavorazione dallo Sportello",
    "returned": "Rimessa in coda",
    "closed": "Chiusa",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, and what the customer must send."""

    say: str
    missing: tuple[str, ...]


def answer(number: str, state: str, hold_until: date | None, payload: Mapping[str, Any]) -> Answer:
    """Give the answer for a case as stored. Doubts and proposed refusals are the desk's own, and not told."""
    said = _ANSWERS[state].format(number=number, day=day(hold_until) or "termine dei 40 giorni")
    asked = (
        [f["message"] for f in payload["findings"] if f["severity"] in _ASKED] if state == "waiting_customer" else []
    )
    return Answer(f"{_REGISTERED.format(number=number)} {said}", tuple(dict.fromkeys(asked)))


def event(name: str) -> str:
    """Name something that happened to a case."""
    return _EVENTS.get(name, name)
