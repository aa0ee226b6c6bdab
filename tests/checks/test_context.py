from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from checks.context import CheckSettings, Context
from checks.validate import validate
from checks.validation import Severity
from intake.receipt import Channel
from tests.checks.desk import COMPLETE, DELEGATE, context, found, reading, small_form


def test_the_day_of_receipt_is_romes() -> None:
    assert context(datetime(2026, 11, 10, 22, 59, tzinfo=UTC)).received_on == date(2026, 11, 10)
    assert context(datetime(2026, 11, 10, 23, 30, tzinfo=UTC)).received_on == date(2026, 11, 11)
    assert context(datetime(2026, 7, 10, 22, 30, tzinfo=UTC)).received_on == date(2026, 7, 11)


def test_an_instant_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Context(Channel.FAX, datetime(2026, 11, 10, 12, 0), date(2026, 11, 10))  # noqa: DTZ001  # that is the point


def test_settings_go_to_json_and_back_and_a_mistyped_one_is_refused() -> None:
    adapter = TypeAdapter(CheckSettings)
    changed = CheckSettings(wait_days=50, wait_start="received", wait_rollover=True)
    assert adapter.validate_json(adapter.dump_json(changed)) == changed
    with pytest.raises(ValidationError, match="wait_dayz"):
        adapter.validate_python({"wait_dayz": 50})
    with pytest.raises(ValidationError, match="wait_mode"):
        adapter.validate_python({"wait_mode": "lax"})
    with pytest.raises(ValueError, match="negative"):
        CheckSettings(wait_days=-1)


def test_the_declaration_is_asked_for_where_the_form_does_not_say_so() -> None:
    form = small_form()
    sections = tuple(
        replace(s, fields=tuple(replace(f, required_when="never") if f.section == "C" else f for f in s.fields))
        for s in form.sections
    )
    given = reading(COMPLETE | DELEGATE | {"delegate_not_professional": None})
    result = validate(given, replace(form, sections=sections), context())
    assert ("field_missing", "delegate_not_professional") in found(result, Severity.MISSING)


def test_a_form_without_fields_is_blank_and_no_crash() -> None:
    result = validate(reading(), replace(small_form(), sections=()), context())
    assert result.reasons == ("form_blank",)
