# ruff: noqa: ANN401  # tests change any part of a record
"""A small form of each procedure, a complete request on it, and the desk that checks it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from checks.context import CheckSettings, Context
from checks.validate import validate
from checks.validation import Severity, Validation
from intake.receipt import Channel
from ocr.ink import Source
from pages.page import Box
from parsers.reading import Content, Paper, Reading, State, Value
from templates.form import Attachment, Field, Form, Kind, Need, Section

HERE = Box(10, 10, 50, 8)
ADDRESS = (
    ("street", "Via/Piazza", Kind.TEXT),
    ("street_number", "N.", Kind.STREET_NUMBER),
    ("postal_code", "CAP", Kind.POSTAL_CODE),
    ("municipality", "Comune", Kind.MUNICIPALITY),
    ("province", "Prov.", Kind.PROVINCE),
)
Row = tuple[str, str, Kind, str]
FIELDS: dict[str, tuple[Row, ...]] = {
    "A": (
        ("holder_surname", "Cognome", Kind.NAME, "always"),
        ("holder_given_name", "Nome", Kind.NAME, "always"),
        ("holder_birth_date", "Data di nascita", Kind.DATE, "always"),
        ("holder_birth_place", "Comune o Stato estero di nascita", Kind.MUNICIPALITY, "always"),
        ("holder_birth_province", "Prov. di nascita", Kind.PROVINCE, "always"),
        ("holder_sex", "Sesso", Kind.ENUM, "never"),
        ("holder_tax_code", "Codice fiscale", Kind.TAX_CODE, "always"),
        *((f"holder_{n}", label, kind, "always") for n, label, kind in ADDRESS),
        *((f"mailing_{n}", label, kind, "never") for n, label, kind in ADDRESS),
        ("holder_mobile", "Cellulare", Kind.PHONE, "never"),
        ("holder_email", "E-mail", Kind.EMAIL, "never"),
        ("heir_request", "Domanda presentata da erede", Kind.TICK, "never"),
        ("deceased_holder_name", "Intestatario deceduto", Kind.NAME, "heir_request"),
    ),
    "B": (
        ("customer_type", "Tipologia cliente", Kind.ENUM, "always"),
        ("business_name", "Ragione sociale", Kind.TEXT, "customer_type = non_domestic"),
        ("vat_number", "Partita IVA", Kind.VAT, "customer_type = non_domestic"),
    ),
    "C": (
        ("delegate_surname", "Cognome del delegato", Kind.NAME, "delegate_acts"),
        ("delegate_given_name", "Nome del delegato", Kind.NAME, "delegate_acts"),
        ("delegate_tax_code", "Codice fiscale del delegato", Kind.TAX_CODE, "delegate_acts"),
        ("delegate_relationship", "Qualifica", Kind.ENUM, "delegate_acts"),
        ("delegate_not_professional", "Non è un professionista", Kind.TICK, "delegate_acts"),
        ("delegation_attached", "Delega allegata", Kind.TICK, "delegate_acts"),
        ("delegate_email", "E-mail del delegato", Kind.EMAIL, "never"),
    ),
    "D": (
        ("supply_service", "Servizio", Kind.ENUM, "always"),
        *((f"supply_{n}", label, kind, "always") for n, label, kind in ADDRESS),
        ("supply_pod", "Codice POD", Kind.POD, "supply_service in (electricity, both)"),
        ("supply_pdr", "Codice PDR", Kind.PDR, "supply_service in (gas, both)"),
        ("supply_use", "Uso", Kind.ENUM, "never"),
        ("customer_code", "Codice cliente", Kind.TEXT, "never"),
    ),
    "E": (
        ("supplier_current", "Venditore attuale", Kind.TEXT, "always"),
        ("supplier_previous", "Venditore precedente", Kind.TEXT, "always"),
        ("supplier_contested", "Venditore contestato", Kind.TEXT, "never"),
        ("distributor", "Distributore", Kind.TEXT, "never"),
    ),
    "F": (
        ("complaint_sent_date", "Data di invio", Kind.DATE, "always"),
        ("complaint_recipient", "Inviato a", Kind.TEXT, "always"),
        ("complaint_means", "Mezzo", Kind.ENUM, "always"),
        ("complaint_answered", "Risposta ricevuta", Kind.ENUM, "always"),
        ("complaint_answer_date", "Data della risposta", Kind.DATE, "complaint_answered = yes"),
        ("complaint_received_date", "Data di ricevimento del venditore", Kind.DATE, "never"),
    ),
    "G": (("procedure", "Oggetto", Kind.TICKS, "always"), ("subcases", "Casi", Kind.TICKS, "always")),
    "H": (("description", "Descrizione del problema", Kind.LONG_TEXT, "always"),),
    "I": (
        ("cmor_reason", "Motivo", Kind.ENUM, "always"),
        ("cmor_paid_date", "Data di pagamento", Kind.DATE, "cmor_reason = already_paid"),
    ),
    "L": (("attachment_ticks", "Documenti allegati", Kind.TICKS, "always"),),
    "M": (("privacy_acknowledged", "Presa visione", Kind.TICK, "always"),),
    "N": (
        ("sign_place", "Luogo", Kind.TEXT, "always"),
        ("sign_date", "Data", Kind.DATE, "always"),
        ("signature_present", "Firma", Kind.INK, "always"),
    ),
}
BONUS_FIELDS: tuple[Row, ...] = (
    ("bonus_kind", "Tipo di bonus", Kind.ENUM, "always"),
    ("bonus_application_date", "Data domanda", Kind.DATE, "always"),
)
NEEDS = {
    "A": (
        Need(("holder_mobile", "holder_email"), "one", "Recapiti: cellulare o e-mail"),
        Need(tuple(f"mailing_{n}" for n, _, _ in ADDRESS), "all_or_none", "Recapito, se diverso"),
    ),
    "C": (Need(("delegate_email",), "one", "Recapiti del delegato", "delegate_acts"),),
}
PAGE_OF = {"F": 2, "G": 2, "H": 2, "I": 2, "L": 2, "M": 2, "N": 2}

ATTACHMENTS = (
    Attachment("id_copy_holder", "Copia documento d'identità del cliente", "always"),
    Attachment("delegation_signed", "Delega firmata", "delegate_acts"),
    Attachment("complaint_copy", "Copia reclamo", "always"),
    Attachment("complaint_answer_copy", "Copia della risposta", "complaint_answered = yes"),
    Attachment("bill_cmor", "Bolletta con il CMOR", "always", ("bill_latest",)),
)
IDENTITY = (
    "REPUBBLICA ITALIANA MINISTERO DELL'INTERNO CARTA DI IDENTITA IDENTITY CARD CA00000AA COGNOME SURNAME ROSSI "
    "NOME NAME MARIO LUOGO E DATA DI NASCITA ROMA 01.01.1980 EMISSIONE 01.01.2022 SCADENZA EXPIRY 01.01.2032 "
    "C<ITACA00000AA"
)
COMPLETE: dict[str, Content] = {
    "holder_surname": "Rossi", "holder_given_name": "Mario", "holder_birth_date": "1980-01-01",
    "holder_birth_place": "Roma", "holder_birth_province": "RM", "holder_tax_code": "RSSMRA80A01H501U",
    "holder_street": "Via di Prova", "holder_street_number": "1", "holder_postal_code": "00197",
    "holder_municipality": "Roma", "holder_province": "RM", "holder_mobile": "+393331234567",
    "customer_type": "domestic", "supply_service": "electricity",
    "supply_street": "Via di Prova", "supply_street_number": "1", "supply_postal_code": "00197",
    "supply_municipality": "Roma", "supply_province": "RM", "supply_pod": "IT002E1234567A",
    "supplier_current": "Prova Luce S.p.A.", "supplier_previous": "Esempio Energia S.r.l.",
    "complaint_sent_date": "2026-10-01", "complaint_recipient": "Esempio Energia", "complaint_means": "pec",
    "complaint_answered": "no", "procedure": "CMOR", "subcases": ("charge_error",),
    "description": "In bolletta compare un corrispettivo CMOR non dovuto.", "cmor_reason": "not_due",
    "attachment_ticks": ("id_copy_holder", "complaint_copy", "bill_cmor"),
    "privacy_acknowledged": True, "sign_place": "Roma", "sign_date": "2026-11-10", "signature_present": True,
}  # fmt: skip
DELEGATE: dict[str, Content] = {
    "delegate_surname": "De Prova", "delegate_given_name": "Maria Grazia", "delegate_tax_code": "DPRMGR50M49H223V",
    "delegate_relationship": "family", "delegate_not_professional": True, "delegation_attached": True,
    "delegate_email": "delegata@example.com",
}  # fmt: skip
BONUS: dict[str, Content] = {
    **{k: v for k, v in COMPLETE.items() if not k.startswith(("complaint", "cmor"))},
    "procedure": "BONUS", "subcases": ("not_paid",), "bonus_kind": "physical", "bonus_application_date": "2026-03-02",
}  # fmt: skip
PAPERS = ("id_copy_holder", "complaint_copy", "bill_cmor")


@cache
def small_form(code: str = "CMOR") -> Form:
    """Lay out a form: two pages, every section; BONUS has neither section F nor papers of a complaint."""
    letters = [letter for letter in FIELDS if not (code == "BONUS" and letter == "F")]
    rows = {letter: BONUS_FIELDS if code == "BONUS" and letter == "I" else FIELDS[letter] for letter in letters}
    return Form(
        code=code, edition="2026-01", title=f"Modulo {code}", valid_from=date(2026, 1, 1), valid_to=None,
        synthetic=True, page_count=2, page_width_mm=210, page_height_mm=297,
        sections=tuple(_section(letter, rows[letter]) for letter in letters),
        attachments=ATTACHMENTS[:2] if code == "BONUS" else ATTACHMENTS,
    )  # fmt: skip


def _section(letter: str, rows: tuple[Row, ...]) -> Section:
    page = PAGE_OF.get(letter, 1)
    fields = tuple(Field(name, label, kind, letter, page, HERE, required_when=when) for name, label, kind, when in rows)
    return Section(letter, f"Sezione {letter}", fields, NEEDS.get(letter, ()))


def value(name: str, content: Content, **changes: Any) -> Value:
    """Make a filled value, or an empty one of None."""
    state = State.FILLED if content is not None else State.EMPTY
    return replace(Value(name, content, str(content or ""), state, 0.99, Source.ACROFORM), **changes)


def reading(
    values: Mapping[str, Content] | None = None, papers: tuple[str, ...] = PAPERS, form: str = "CMOR", **changes: Any
) -> Reading:
    """Read a request; without values the complete one. A None among the values empties that field."""
    given = COMPLETE if values is None else values
    made = {name: value(name, given.get(name)) for name in small_form(form).fields}
    card = IDENTITY.replace("ROSSI", str(given.get("holder_surname") or "ROSSI").upper())
    kept = [
        Paper(code, "a.pdf", n, 0.9, text=card if code == "id_copy_holder" else "") for n, code in enumerate(papers, 1)
    ]
    return replace(Reading(form, "2026-01", made, papers=tuple(kept)), **changes)


def alter(given: Reading, *values: Value) -> Reading:
    """Put other values into a reading."""
    return replace(given, values={**given.values, **{v.field: v for v in values}})


def context(received: datetime | date = date(2026, 11, 20), **changes: Any) -> Context:
    """Say how it came: by e-mail at noon UTC of that day, and looked at on the same day."""
    at = received if isinstance(received, datetime) else datetime.combine(received, time(12), UTC)
    settings = CheckSettings(**changes.pop("settings", {}))
    return replace(Context(Channel.EMAIL, at, at.date(), settings), **changes)


def check(given: Reading, received: datetime | date = date(2026, 11, 20), **changes: Any) -> Validation:
    """Check a reading on the small form of its code."""
    return validate(given, small_form(given.form) if given.form else None, context(received, **changes))


def found(validation: Validation, severity: Severity | None = None) -> set[tuple[str, str]]:
    """List (rule, field) of the findings, of one severity or all but the notes."""
    kept = (
        f for f in validation.findings if f.severity is severity or (severity is None and f.severity != Severity.NOTE)
    )
    return {(f.rule, f.field) for f in kept}
