"""Decode and check a stored reading anew, without looking at a page. Runs in a child (jobs/replay.py asks)."""

from dataclasses import replace
from datetime import date, datetime

from cases.recorded import Told
from cases.submission import Looked, Submission
from cases.transcript import inks_of
from checks.context import Context
from checks.validate import validate
from jobs.ask import LOOKED
from jobs.replay import RETHINK, Rethink
from parsers.extract import extract
from parsers.reading import Value
from templates.form import Form
from templates.load import edition_hash, load_forms
from templates.sort import DELEGATION


def answer(question: bytes) -> bytes:
    """Answer a question of ``jobs.replay``, in the child."""
    return LOOKED.dump_json(rethink(RETHINK.validate_json(question)))


def rethink(asked: Rethink) -> Looked:
    """Give the look that the present grammars, rules and form editions make of stored inks."""
    record = asked.record
    day = record.looked_on or datetime.fromisoformat(asked.received_at).date()
    context = Context(
        channel=asked.channel,
        received_at=datetime.fromisoformat(asked.received_at),
        processed_on=day,
        settings=asked.checks,
        sender=record.sender,
    )
    try:
        told = tuple(_submission(one, context, day) for one in record.submissions)
    except (KeyError, ValueError) as error:
        return Looked((), failure=f"the stored reading cannot be decoded: {error.args[0]}")
    forms = {f"form {form.key}": edition_hash(form)[:16] for form in load_forms()}
    return Looked(told, sender=record.sender, certified_at=record.certified_at, looked_on=day, versions=forms)


def _submission(told: Told, context: Context, day: date) -> Submission:
    reading = told.reading
    form = load_forms().get(reading.form, reading.edition) if reading.form else None
    new = replace(reading, values=_values(told, form, day), delega=_delega(told, day))
    return Submission(new, validate(new, form, context), told.transcript)


def _values(told: Told, form: Form | None, day: date) -> dict[str, Value]:
    return dict(extract(form, inks_of(told.transcript.inks), day)) if form and told.transcript.inks else {}


def _delega(told: Told, day: date) -> dict[str, Value]:
    """Decode the delegation form by the edition that its sheets were laid on."""
    key = next((s.form for s in told.transcript.sheets if s.form.startswith(f"{DELEGATION}/")), "")
    if not key or not told.transcript.delega:
        return {}
    return dict(extract(load_forms().get(*key.split("/", 1)), inks_of(told.transcript.delega), day))
