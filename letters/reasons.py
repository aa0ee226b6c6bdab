"""Reasons: what a refusal says and where the customer goes instead. No judgement on who is right, no suspicion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_PORTAL: Final = (
    "La richiesta si presenta solo sul Portale dello Sportello. Prima ci si registra, poi si compila il modulo on-line "
    "e si allegano i documenti."
)
_MODULO: Final = (
    "Per SMART Help serve il Modulo della procedura. Si trova sul sito dello Sportello, nella sezione Modulistica."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request does not go on by this way, and the way that is right."""

    why: str
    path: str


REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "channel_not_for_customer_type": Reason(
            "Per e-mail, fax e posta possono scriverci solo i clienti domestici. Nel modulo è indicato un cliente non "
            "domestico.",
            _PORTAL,
        ),
        "procedure_not_for_domestic": Reason(
            "La procedura «Ritorno al precedente fornitore» è solo per i clienti non domestici. Nel modulo è indicato "
            "un cliente domestico.",
            "Se non ha chiesto Lei il contratto, mandi un reclamo scritto al venditore. Il Numero Verde spiega come.",
        ),
        "professional_delegate": Reason(
            "Per e-mail, fax e posta la richiesta si presenta di persona, oppure con un delegato che non lo fa per "
            "professione. In questo caso la via è un'altra.",
            _PORTAL,
        ),
    }
)
"""By the reason of the eligibility matrix."""

OTHER: Final = Reason(
    "Le regole del servizio non prevedono questa richiesta per e-mail, fax o posta.",
    _PORTAL,
)
"""For a reason that a new row of the matrix brings before it has words of its own."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What came in place of the Modulo, and what is right; ``again`` tells whether the Modulo may be sent to us."""

    came: str
    right: str
    again: bool = True


WRONG_FORMS: Final[Mapping[str, Wrong]] = MappingProxyType(
    {
        "smart_info": Wrong(
            "È arrivato il modulo SMART Info. Serve per chiedere informazioni: per esempio chi è il Suo venditore, o "
            "chi ha chiesto il CMOR.",
            _MODULO,
        ),
        "conciliation": Wrong("È arrivata una domanda per il Servizio Conciliazione.", _MODULO),
        "supplier_complaint": Wrong(
            "È arrivato un reclamo scritto al fornitore. Il reclamo si manda al fornitore.",
            f"{_MODULO} La copia del reclamo si allega al Modulo.",
        ),
        "bonus_application": Wrong(
            "È arrivata una domanda di bonus. La domanda si presenta al Comune o al CAF.", _MODULO
        ),
        "other_sector": Wrong(
            "È arrivata una richiesta che riguarda un altro servizio: acqua, telecalore o rifiuti.",
            "SMART Help è solo per luce e gas. Per gli altri servizi chieda al Numero Verde quale modulo serve.",
            again=False,
        ),
    }
)
"""By the kind of form that came."""

UNKNOWN_FORM: Final = Wrong("È arrivato un documento che non è il Modulo SMART Help.", _MODULO)


def reasons(codes: Iterable[str]) -> tuple[Reason, ...]:
    """Give the words for the reasons of a case, each once; always at least one."""
    known = tuple(dict.fromkeys(REASONS[code] for code in codes if code in REASONS))
    return known or (OTHER,)


def wrong_form(codes: Iterable[str]) -> Wrong:
    """Give the words for the form that came."""
    return next((WRONG_FORMS[code] for code in codes if code in WRONG_FORMS), UNKNOWN_FORM)
