"""Privacy: what no letter says. Names of health and income papers have neutral words in their place."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

NEUTRAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "isee_attestation": "Documento richiesto per il tipo di bonus indicato nella sezione I",
        "asl_certificate": "Documento richiesto per il tipo di bonus indicato nella sezione I",
        "isee_protocol": "Numero di protocollo della dichiarazione",
        "bonus_application_date": "Data della domanda",
        "bonus_kind": "Tipo di bonus",
        "bonus_household_size": "Numero indicato accanto al tipo di bonus",
    }
)
"""Fields and papers whose own name tells of health or income, with the words that stand in a letter."""

TELLING: Final = re.compile(
    r"\b(?:disagi\w*|isee|dsu|asl|reddit[oi]|salute|sanitari\w*|malatti\w*|invalidit\w*|disabil\w*|elettromedical\w*"
    r"|famigli\w+ numeros\w+|nucleo)\b",
    re.IGNORECASE,
)
"""Words of health or income."""
_SHOWN_CARD: Final = re.compile(r"tessera sanitaria", re.IGNORECASE)
"""The card on which everybody finds the codice fiscale: no matter of health."""
_CODES: Final = re.compile(
    r"\b(?:[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]"
    r"|IT[ ]?[0-9]{3}[ ]?E[ ]?[0-9A-Z]{8,9}|[0-9]{14}|[0-9]{11}|C[A-Z][0-9]{5}[A-Z]{2}|[A-Z]{2}[0-9]{7}"
    r"|IT[0-9]{2}[A-Z][0-9]{10}[0-9A-Z]{12})\b"
)
"""Codice fiscale, POD, PDR, partita IVA, number of an identity card, IBAN: whole."""


def is_telling(text: str) -> bool:
    """Tell whether a text has words of health or income.

    >>> is_telling("Attestazione ISEE"), is_telling("Si trova sulla tessera sanitaria")
    (True, False)
    """
    return TELLING.search(_SHOWN_CARD.sub("", text)) is not None


def mask_codes(text: str) -> str:
    """Shorten every whole personal code in a text.

    >>> mask_codes("il codice IT001E12345678 è scritto due volte")
    'il codice IT00…78 è scritto due volte'
    """
    return _CODES.sub(lambda found: f"{found[0][:4]}…{found[0][-2:]}", text)


def whole_codes(text: str) -> tuple[str, ...]:
    """Give the whole personal codes that stand in a text: a letter that has one is not sent."""
    return tuple(found[0] for found in _CODES.finditer(text))


def without(text: str, secrets: Iterable[str]) -> str:
    """Take values out of a text, the longest first."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "…")
    return text
