"""An e-mail or PEC address. Certified or not is told by the envelope, never by the address."""

import re

from email_validator import EmailNotValidError, validate_email

from parsers.fields.folding import squeeze
from parsers.fields.parsed import Context, Parsed, Parts, refuse

ANGLES = re.compile(r"<([^<>]+)>")
LABEL = re.compile(r"^(?:e-?mail|mail|pec)\s*:\s*", re.IGNORECASE)
AT = re.compile(r"\s*(?:\(at\)|\[at\]|\bchiocciola\b|\(a\))\s*", re.IGNORECASE)
REASON = "L'indirizzo non è valido: scrivere un solo indirizzo completo, per esempio nome.cognome@example.com."
LONGEST = 254


def compact(raw: str) -> str:
    """Trim.

    >>> compact(" utente.prova@example.com ")
    'utente.prova@example.com'
    """
    return LABEL.sub("", squeeze(raw).strip(" |"))


def parse(raw: str, context: Context) -> Parsed:  # noqa: ARG001 - each kind has the same verbs
    """Take one address; its domain becomes lower case, its local part stays as written.

    >>> from datetime import date
    >>> parse("UTENTE.PROVA@EXAMPLE.COM", Context(date(2026, 1, 1))).value
    'UTENTE.PROVA@example.com'
    """
    text = compact(raw)
    address = _address(text)
    if address:
        return Parsed(address)
    return refuse(REASON, *(a for a in map(_address, _repairs(text)) if a))


def format(value: Parts) -> str:  # noqa: A001 - each kind has the same verbs
    """Show as it is."""
    return str(value)


def same(one: str, other: str) -> bool:
    """Compare addresses without regard to case, as mail servers do in practice."""
    return compact(one).casefold() == compact(other).casefold()


def _address(text: str) -> str | None:
    if len(text) > LONGEST:
        return None
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _repairs(text: str) -> tuple[str, ...]:
    """Offer what eyes would make of it: a name around it, a lost underscore, spaces, a comma for a point."""
    named = ANGLES.search(text)
    inner = named[1] if named else AT.sub("@", text)
    inner = inner.strip(" .,;:").replace(",", ".")
    tight = re.sub(r"\s*([@.])\s*", r"\1", inner)
    return tight, tight.replace(" ", "_"), tight.replace(" ", ""), tight.replace(" ", ".")
