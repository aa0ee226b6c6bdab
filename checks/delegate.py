"""Delegate: the declaration, the delega, and signs of a professional, which a clerk weighs and never a machine."""

import re
from collections.abc import Iterator

from checks.request import Request
from checks.validation import Finding, Severity
from intake.receipt import Channel
from parsers.fields.folding import fold, key
from parsers.reading import State

_WORDS = re.compile(r"[a-z]+")
_WORDY = ("delegate_surname", "delegate_given_name", "delegate_relationship", "delegate_relationship_other")


def delegate(request: Request) -> Iterator[Finding]:
    """Check whoever acts for the holder."""
    if request.delegate_acts:
        yield from _same_person(request)
        if request.context.channel is Channel.ONLINE:
            return  # professionals use the Portale: nothing need be declared, and nothing is suspect
        yield from _declaration(request)
        if request.context.delegate_professional is None:
            yield from _signals(request)
    elif "delegation_signed" in request.papers and not request.lost("delegate_surname"):
        told = "Sezione C – Dati del delegato: c'è una delega, ma la sezione è vuota. Verificare chi agisce."
        yield Finding("delegation_without_delegate", "C", "delegate_surname", Severity.DOUBTFUL, told)


def _declaration(request: Request) -> Iterator[Finding]:
    """Ask for the declaration where the form itself does not require it."""
    field = request.fields.get("delegate_not_professional")
    if field and not request.needs(field) and request.state(field.name) is State.EMPTY and not request.lost(field.name):
        told = f"Sezione C – {field.label}: manca. Il delegato barra la casella se non è un professionista."
        yield Finding("field_missing", "C", field.name, Severity.MISSING, told)


def _same_person(request: Request) -> Iterator[Finding]:
    code = request.text("delegate_tax_code")
    if code and code == request.text("holder_tax_code"):
        told = "Sezione C – Codice fiscale del delegato: è uguale a quello del cliente. Verificare chi è il delegato."
        yield Finding("delegate_is_holder", "C", "delegate_tax_code", Severity.DOUBTFUL, told)


def _signals(request: Request) -> Iterator[Finding]:
    settings = request.context.settings
    words = {word for name in _WORDY for word in _WORDS.findall(fold(request.text(name).replace(".", "")))}
    if words & set(settings.delegate_signals):
        yield _signal("delegate_surname", "le parole usate fanno pensare a un professionista.")
    if re.fullmatch(r"[0-9]{11}", request.text("delegate_tax_code")):
        yield _signal("delegate_tax_code", "c'è una partita IVA o un codice di 11 cifre.")
    addresses = (request.text("delegate_email"), request.context.sender)
    domains = [key(address.rpartition("@")[2]) for address in addresses if "@" in address]
    if any(part in domain for domain in domains for part in settings.delegate_domains):
        yield _signal("delegate_email", "l'indirizzo di posta fa pensare a un professionista.")
    if request.context.delegate_cases >= settings.delegate_repeat_threshold:
        yield _signal(
            "delegate_tax_code", f"lo stesso delegato compare in altre {request.context.delegate_cases} pratiche."
        )


def _signal(field: str, told: str) -> Finding:
    message = f"Sezione C – Dati del delegato: {told} Verificare la dichiarazione di non professionista."
    return Finding("professional_delegate_signal", "C", field, Severity.DOUBTFUL, message)
