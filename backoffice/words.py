"""The words of the desk: how instants, channels, states and reasons read in Italian."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from backoffice.person import Role

ROME: Final = ZoneInfo("Europe/Rome")
ROLES: Final = {
    Role.CLERK: "operatore",
    Role.SUPERVISOR: "supervisore",
    Role.PHONE: "operatore telefonico",
    Role.ADMINISTRATOR: "amministratore",
}
CHANNELS: Final = {"email": "E-mail", "pec": "PEC", "fax": "Fax", "post": "Posta", "online": "Portale"}
CHANNEL_SIGNS: Final = {"email": "mail", "pec": "file-signed", "fax": "print", "post": "inbox", "online": "wifi"}
FORMS: Final = {
    "BONUS": "Bonus luce e gas",
    "RIPRISTINO": "Ritorno al fornitore",
    "CMOR": "CMOR",
    "DOPPIA": "Doppia fatturazione",
    "INDENNIZZO": "Indennizzo",
    "DELEGA": "Delega",
    "": "Modulo da riconoscere",
}
STATES: Final = {
    "waiting_clerk": "Da controllare",
    "refusal_proposed": "Rifiuto da confermare",
    "waiting_customer": "Attende il cliente",
    "held": "Sospesa fino al termine",
    "queued": "Pronta in coda",
    "linked": "Unita a un'altra",
    "refused": "Non ammessa",
    "handed_over": "In lavorazione",
    "closed": "Chiusa",
}
OUTCOMES: Final = {
    "MANUAL_REVIEW": "Dubbi da sciogliere",
    "NOT_ADMISSIBLE": "Non ammissibile",
    "WRONG_FORM": "Modulo di un altro servizio",
    "INCOMPLETE": "Incompleta",
    "HELD_UNTIL": "Prima dei 40 giorni",
    "READY": "Completa",
    "DUPLICATE_OF": "Doppione",
    "JOINED_TO": "Integrazione",
}
REASONS: Final = {
    "field_unreadable": "Campo illeggibile",
    "group_unreadable": "Recapiti o indirizzo illeggibili",
    "field_invalid": "Campo non valido",
    "reading_doubt": "Dubbio di lettura",
    "unknown_version": "Edizione del modulo sconosciuta",
    "customer_type_unclear": "Domestico o non domestico?",
    "non_domestic_signal": "Segni di cliente non domestico",
    "professional_delegate_signal": "Segni di delegato professionista",
    "tax_code_mismatch": "Codice fiscale diverso dai dati",
    "address_mismatch": "Indirizzi che non concordano",
    "attachment_unsorted": "Allegato da riconoscere",
    "bill_unclear": "Bolletta da controllare",
    "id_expired": "Documento scaduto",
    "two_procedures": "Due procedure segnate",
    "look_failed": "Lettura non riuscita",
    "nothing_found": "Nessuna richiesta trovata",
    "channel_not_for_customer_type": "Canale non per questo cliente",
    "procedure_not_for_domestic": "Procedura non per domestici",
    "professional_delegate": "Delegato professionista",
}


DEEDS: Final = {
    "signed_in": "è entrato",
    "signed_out": "è uscito",
    "searched_list": "ha cercato nella lista",
    "searched_phone": "ha cercato al telefono",
    "saw_card": "ha visto la scheda",
    "saw": "ha visto la pratica",
    "saw_letter": "ha visto la lettera",
    "saw_trail": "ha visto questo registro",
    "claimed": "ha preso in mano",
    "released": "ha lasciato",
    "taken_over": "è subentrato",
    "corrected": "ha corretto",
    "exported": "ha scaricato",
    "person_added": "ha aggiunto una persona",
    "person_disabled": "ha tolto l'accesso",
    "password_set": "ha cambiato la password",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the navigation: where it leads, and who sees it."""

    way: str
    title: str
    roles: tuple[Role, ...]


NAVIGATION: Final = (
    Place("/", "Pratiche", (Role.CLERK, Role.SUPERVISOR)),
    Place("/telefono", "Telefono", (Role.PHONE, Role.CLERK, Role.SUPERVISOR)),
    Place("/lettere", "Lettere", (Role.CLERK, Role.SUPERVISOR)),
    Place("/qualita", "Qualità", (Role.SUPERVISOR,)),
    Place("/andamento", "Andamento", (Role.SUPERVISOR, Role.ADMINISTRATOR)),
    Place("/stato", "Stato", tuple(Role)),
)


def instant(at: datetime | None) -> str:
    """Write an instant as people in Rome read it: ``26/11/2026 14:05``."""
    return at.astimezone(ROME).strftime("%d/%m/%Y %H:%M") if at else ""


def clock(at: datetime | None) -> str:
    """Write the time of day in Rome: ``14:05``."""
    return at.astimezone(ROME).strftime("%H:%M") if at else ""


def day(on: date | datetime | None) -> str:
    """Write a day: ``26/11/2026``."""
    if isinstance(on, datetime):
        on = on.astimezone(ROME).date()
    return on.strftime("%d/%m/%Y") if on else ""


def ago(since: timedelta) -> str:
    """Write how long something has been waiting.

    >>> ago(timedelta(days=3, hours=5))
    '3 giorni'
    >>> ago(timedelta(minutes=70))
    '1 ora'
    """
    minutes = max(0, int(since.total_seconds() // 60))
    for size, one, many in ((1440, "giorno", "giorni"), (60, "ora", "ore")):
        if minutes >= size:
            n = minutes // size
            return f"{n} {one if n == 1 else many}"
    return f"{minutes} min"


def who(actor: str) -> str:
    """Name an actor: ``clerk:anna`` is anna."""
    return actor.partition(":")[2] or actor


def case_way(number: str) -> str:
    """Give the address of a case: ``/pratiche/2026/0000123``."""
    return f"/pratiche/{number}"


def italian(cell: object) -> str:
    """Write a number with the comma of Italian."""
    return str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)


def holder(case: Any) -> str:  # noqa: ANN401  a row of a case
    """Name the customer of a case as stored, as far as it was read."""
    fields = case.payload.get("fields", {})
    names = [fields.get(name, {}).get("value") for name in ("holder_surname", "holder_given_name")]
    return " ".join(name for name in names if isinstance(name, str))


def _of(words: dict[str, str]) -> Callable[[str], str]:
    return lambda code: words.get(code, code)


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "instant": instant,
    "clock": clock,
    "day": day,
    "ago": ago,
    "who": who,
    "case_way": case_way,
    "holder": holder,
    "deed": _of(DEEDS),
    "italian": italian,
    "channel": _of(CHANNELS),
    "channel_sign": _of(CHANNEL_SIGNS),
    "form": _of(FORMS),
    "state": _of(STATES),
    "outcome": _of(OUTCOMES),
    "reason": _of(REASONS),
}
