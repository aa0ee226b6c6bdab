"""The shipped forms with invented customers: each scenario gets the outcome that it states."""

from datetime import date
from random import Random

import pytest

from checks.context import Context
from checks.validate import validate
from checks.validation import Validation
from intake.receipt import Channel
from ocr.ink import Source
from parsers.reading import Content, Paper, Reading, State, Value
from samples.draft import Draft
from samples.scenarios import SCENARIOS
from templates.condition import is_filled, parse_condition
from templates.form import Form
from templates.load import load_forms

CASES = [(name, code) for name, scenario in SCENARIOS.items() for code in scenario.procedures]


def card(draft: Draft, **facts: str) -> str:
    expires = date.fromisoformat(facts.get("expires", "2031-01-01"))
    number = "AA 0000000" if facts.get("kind") == "paper" else "CA00000AA"
    surname = draft.case.holder.surname.upper()
    return f"REPUBBLICA ITALIANA CARTA DI IDENTITA {number} COGNOME {surname} SCADENZA {expires:%d.%m.%Y} C<ITA retro"


def values_of(draft: Draft, form: Form, stated: dict[str, Content]) -> dict[str, Value]:
    made = {}
    for name, field in form.fields.items():
        content = None if draft.blank or field.page in draft.lost else stated.get(name)
        state = State.FILLED if is_filled(content) else State.EMPTY
        made[name] = Value(
            name, content if state is State.FILLED else None, str(content or ""), state, 1.0, Source.TEXT
        )
    return made


def spoil(draft: Draft, values: dict[str, Value]) -> None:
    for name, raw in draft.raw.items():
        if raw.isdigit():  # a date as it stands in its boxes: filled, and only odd beside the others
            day = f"{raw[4:]}-{raw[2:4]}-{raw[:2]}"
            values[name] = Value(name, day, raw, State.FILLED, 1.0, Source.TEXT)
            continue
        state = State.NOT_APPLICABLE if raw == "---" else State.INVALID
        values[name] = Value(name, None, raw, state, 1.0, Source.TEXT)
    for name in draft.ticks:
        values[name] = Value(name, None, "", State.INVALID, 1.0, Source.MARK)


def look(draft: Draft) -> Validation:
    library = load_forms()
    form = library.current(draft.case.procedure, draft.case.day)
    values = values_of(draft, form, draft.values)
    spoil(draft, values)
    papers = [
        Paper(code, "a.pdf", n, 0.9, text=card(draft, **facts) if code == "id_copy_holder" else "")
        for n, (code, facts) in enumerate(draft.papers.items(), 1)
    ]
    delega = {}
    if draft.delegation:
        delega = values_of(Draft(draft.case, {}, {}), library.current("DELEGA", draft.case.day), draft.delegation)
    reading = Reading(
        form="" if draft.stranger else form.code,
        edition=form.edition,
        values=values,
        papers=tuple(papers),
        missing_pages=draft.lost,
        stranger=draft.stranger,
        delega=delega,
    )
    context = Context(Channel.EMAIL, draft.case.received_at, draft.case.day)
    return validate(reading, None if draft.stranger else form, context)


@pytest.mark.parametrize(("name", "code"), CASES)
def test_each_scenario_gets_its_outcome(name: str, code: str) -> None:
    draft = SCENARIOS[name].draft(Random(f"{name} {code}"), code)
    result = look(draft)
    assert result.outcome.value == draft.outcome, [f.message for f in result.findings]
    assert result.hold_until == draft.hold_until
    assert set(draft.reasons) & set(result.reasons) or not draft.reasons


def test_every_condition_asks_about_fields_of_its_form() -> None:
    for form in load_forms():
        texts = [*(f.required_when for f in form.fields.values()), *(a.required_when for a in form.attachments)]
        texts += [need.when for section in form.sections for need in section.needs]
        known = {*form.fields, "delegate_acts"}
        assert not {name for text in texts for name in parse_condition(text).names if name not in known}, form.key
