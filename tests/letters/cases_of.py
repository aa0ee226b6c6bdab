"""Cases for letters to be about: the scenarios of the samples, as if they had been read without a fault."""

from dataclasses import replace
from datetime import datetime
from random import Random

from bench.stubs import delivery
from cases.database import Database
from cases.register import RegisterNumber
from cases.store import Store, admit
from cases.submission import Looked, Submission
from checks.context import Context
from checks.validate import validate
from intake.receipt import Channel, MailKind
from ocr.ink import Source
from parsers.reading import Content, Paper, Reading, State, Value
from samples.draft import Draft
from samples.scenarios import SCENARIOS
from templates.form import Form
from templates.load import load_forms

MAIL_ID = "<richiesta.1@example.com>"


def draft_of(scenario: str, procedure: str = "CMOR", seed: int = 1) -> Draft:
    return SCENARIOS[scenario].draft(Random(seed), procedure)


def form_of(draft: Draft) -> Form:
    return load_forms().get(draft.case.procedure, "2026-01")


def submission_of(draft: Draft, channel: Channel = Channel.EMAIL, sender: str = "") -> Submission:
    form = form_of(draft)
    values = {name: _value(name, draft.stated.get(name)) for name in form.fields}
    papers = tuple(Paper(code, "a.pdf", n, 0.9, text=_card(draft, code)) for n, code in enumerate(draft.papers, 1))
    reading = Reading(form.code, form.edition, values, papers=papers, missing_pages=draft.lost)
    at = draft.case.received_at
    return Submission(reading, validate(reading, form, Context(channel, at, at.date(), sender=sender)))


def settled(
    database: Database,
    submission: Submission,
    at: datetime,
    channel: Channel = Channel.EMAIL,
    sender: str = "",
    registered: datetime | None = None,
) -> RegisterNumber:
    origin = f"{channel}:{sender}/{at.isoformat()}/{id(submission)}"
    came = replace(delivery(origin, channel=channel, received_at=at), sender=sender)
    with database.transaction() as session:
        receipt = admit(session, came, came.digest, at)
    assert receipt is not None
    looked = Looked((submission,), kind=MailKind.REQUEST, sender=sender, message_id=MAIL_ID)
    (number,) = Store(database).settle(receipt, looked, registered or at)
    return number


def _value(name: str, content: Content) -> Value:
    state = State.FILLED if content not in (None, "", ()) else State.EMPTY
    return Value(name, content if state is State.FILLED else None, str(content or ""), state, 0.99, Source.ACROFORM)


def _card(draft: Draft, code: str) -> str:
    names = f"{draft.values.get('holder_surname', '')} {draft.values.get('holder_given_name', '')}".upper()
    if code == "id_copy_holder":
        return f"CARTA DI IDENTITA CA00000AA {names} SCADENZA EXPIRY 01.01.2036 C<ITACA00000AA MINISTERO DELL'INTERNO"
    if code == "delegation_signed":
        delegate = f"{draft.values.get('delegate_surname', '')} {draft.values.get('delegate_given_name', '')}".upper()
        return f"DELEGA Il sottoscritto {names} delega {delegate} a presentare la richiesta SMART Help per suo conto"
    return ""
