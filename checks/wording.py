"""The words of findings: where it stands, what is wrong, and what cures it. For customers, plain and impersonal."""

from collections.abc import Iterable
from typing import Final

from templates.form import Field, Kind

CURES: Final = {
    Kind.NAME: "Scriverlo in stampatello, come sul documento d'identità.",
    Kind.DATE: "Scrivere giorno, mese e anno, per esempio 03/04/2026.",
    Kind.YEAR: "Scrivere l'anno con quattro cifre.",
    Kind.AMOUNT: "Scrivere l'importo in euro, per esempio 123,45.",
    Kind.TAX_CODE: "Si trova sulla tessera sanitaria; ha 16 caratteri.",
    Kind.POD: "Si trova sulla bolletta; inizia con IT e ha 14 o 15 caratteri.",
    Kind.PDR: "Si trova sulla bolletta del gas; ha 14 cifre.",
    Kind.POSTAL_CODE: "Scrivere le cinque cifre del CAP.",
    Kind.PROVINCE: "Scrivere la sigla di due lettere, per esempio RM; EE per chi è nato all'estero.",
    Kind.STREET_NUMBER: "Scrivere il numero civico, oppure SNC se non c'è.",
    Kind.EMAIL: "Scrivere l'indirizzo per intero, per esempio nome@example.com.",
    Kind.ENUM: "Barrare una sola casella.",
    Kind.TICKS: "Barrare almeno una casella.",
    Kind.TICK: "Barrare la casella.",
    Kind.INK: "Firmare nello spazio previsto e rimandare la pagina.",
    Kind.LONG_TEXT: "Descrivere i fatti con parole proprie.",
}
"""What cures a missing field, by its kind."""


def where(field: Field) -> str:
    """Name a field as the form does: section letter and label; a label that only tells what to do names nothing."""
    if field.label.startswith(_TELLS):
        return f"Sezione {field.section}"
    label = field.label
    if "_birth_" in field.name and _BIRTH not in label:
        label = f"{label} ({_BIRTH})"
    if field.name.startswith("mailing_"):
        label = f"{label} (recapito)"
    return f"Sezione {field.section} – {label}"


def cure(field: Field) -> str:
    """Say how a missing field is filled: the form's own words as far as they are a sentence, else by the kind."""
    if field.hint.endswith("."):
        return field.hint
    return f"{field.label}." if field.label.startswith(_TELLS) else CURES.get(field.kind, "Compilare il campo.")


_TELLS = "Barrare"
_BIRTH = "nascita"


def names(parts: list[str]) -> str:
    """Join labels as a sentence does.

    >>> names(["CAP", "Comune", "Prov."])
    'CAP, Comune e Prov.'
    """
    return " e ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def day(value: object) -> str:
    """Show a date as on the form (GG/MM/AAAA).

    >>> from datetime import date
    >>> day(date(2026, 11, 11))
    '11/11/2026'
    """
    return f"{value:%d/%m/%Y}"


def mask(message: str, secrets: Iterable[str]) -> str:
    """Shorten the codes of this submission: a letter never carries a whole codice fiscale, POD or phone number.

    >>> mask("IT001E12345678 non torna: la forma è IT002E1234567A", ["IT001E12345678"])
    'IT00…78 non torna: la forma è IT002E1234567A'
    """
    for secret in secrets:
        message = message.replace(secret, f"{secret[:4]}…{secret[-2:]}")
    return message
