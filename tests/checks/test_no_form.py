import pytest

from checks.validate import validate
from checks.validation import Outcome
from parsers.reading import Reading
from tests.checks.desk import context, reading, small_form


def came(stranger: str, *doubts: str) -> Reading:
    return Reading("", "", {}, stranger=stranger, doubts=doubts)


@pytest.mark.parametrize(
    ("stranger", "outcome", "reason"),
    [
        ("smart_info", Outcome.WRONG_FORM, "smart_info"),
        ("conciliation", Outcome.WRONG_FORM, "conciliation"),
        ("supplier_complaint", Outcome.WRONG_FORM, "supplier_complaint"),
        ("bonus_application", Outcome.WRONG_FORM, "bonus_application"),
        ("other_sector", Outcome.WRONG_FORM, "other_sector"),
        ("letter", Outcome.INCOMPLETE, "form_missing"),
        ("not_a_request", Outcome.NOT_A_REQUEST, "not_a_request"),
        ("unreadable", Outcome.MANUAL_REVIEW, "unreadable"),
        ("empty", Outcome.MANUAL_REVIEW, "empty"),
        ("", Outcome.MANUAL_REVIEW, "unknown_document"),
        ("something new", Outcome.MANUAL_REVIEW, "unknown_document"),
    ],
)
def test_post_without_a_form(stranger: str, outcome: Outcome, reason: str) -> None:
    result = validate(came(stranger), None, context())
    assert (result.outcome, result.reasons) == (outcome, (reason,))
    assert len(result.findings) == 1


def test_a_part_that_could_not_be_read_may_hold_the_form() -> None:
    for stranger in ("letter", "not_a_request"):
        result = validate(came(stranger, "Il file è protetto da password."), None, context())
        assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("reading_doubt",))


def test_a_form_of_an_unknown_edition() -> None:
    result = validate(reading(), None, context())
    assert (result.outcome, result.reasons) == (Outcome.MANUAL_REVIEW, ("unknown_version",))


def test_a_delega_alone() -> None:
    result = validate(reading(form="DELEGA"), small_form("DELEGA"), context())
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("form_missing",))
