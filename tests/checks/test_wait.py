"""The vectors W1-W20 of the 40-day rule."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest

from checks.validation import Outcome, Severity
from parsers.reading import Content, State
from tests.checks.desk import BONUS, COMPLETE, PAPERS, check, found, reading

PASS = None


class W(NamedTuple):
    """One row: complaint sent, received at the desk, the two expected openings, and what is special."""

    name: str
    sent: date
    came: date | datetime
    strict: date | None
    loose: date | None
    settings: dict[str, Any] = {}  # noqa: RUF012  # never changed
    values: dict[str, Content] = {}  # noqa: RUF012  # never changed
    papers: tuple[str, ...] = PAPERS


OCT1 = date(2026, 10, 1)
HELD = [
    W("W1", OCT1, date(2026, 11, 9), date(2026, 11, 11), date(2026, 11, 10)),
    W("W2", OCT1, date(2026, 11, 10), date(2026, 11, 11), PASS),
    W("W3", OCT1, date(2026, 11, 11), PASS, PASS),
    W(
        "W4", OCT1, date(2026, 11, 14), date(2026, 11, 15), PASS,
        {"wait_start": "received"}, {"complaint_received_date": "2026-10-05"},
    ),
    W("W5", OCT1, datetime(2026, 11, 10, 22, 59, tzinfo=UTC), date(2026, 11, 11), PASS),
    W("W6", OCT1, datetime(2026, 11, 10, 23, 30, tzinfo=UTC), PASS, PASS),
    W("W7", date(2027, 1, 31), date(2027, 3, 11), date(2027, 3, 13), date(2027, 3, 12)),
    W("W8", date(2028, 1, 31), date(2028, 3, 10), date(2028, 3, 12), date(2028, 3, 11)),
    W("W9", date(2025, 12, 1), date(2026, 1, 9), date(2026, 1, 11), date(2026, 1, 10)),
    W("W10", date(2026, 11, 15), date(2026, 12, 24), date(2026, 12, 26), date(2026, 12, 25)),
    W("W11", date(2026, 11, 15), date(2026, 12, 24), date(2026, 12, 29), date(2026, 12, 28), {"wait_rollover": True}),
    W(
        "W12", OCT1, date(2026, 10, 25), PASS, PASS, {},
        {"complaint_answered": "yes", "complaint_answer_date": "2026-10-20"}, (*PAPERS, "complaint_answer_copy"),
    ),
    W(
        "W12 without early_answer", OCT1, date(2026, 10, 25), date(2026, 11, 11), date(2026, 11, 10),
        {"wait_early_answer": False},
        {"complaint_answered": "yes", "complaint_answer_date": "2026-10-20"}, (*PAPERS, "complaint_answer_copy"),
    ),
    W("W16", OCT1, OCT1, date(2026, 11, 11), date(2026, 11, 10)),
    W("other wait_days", OCT1, date(2026, 11, 15), date(2026, 11, 21), date(2026, 11, 20), {"wait_days": 50}),
]  # fmt: skip


@pytest.mark.parametrize("mode", ["strict", "loose"])
@pytest.mark.parametrize("row", HELD, ids=lambda row: row.name)
def test_held_until(row: W, mode: str) -> None:
    signed = row.came.date() if isinstance(row.came, datetime) else row.came
    values = COMPLETE | {"complaint_sent_date": row.sent.isoformat(), "sign_date": signed.isoformat()} | row.values
    result = check(reading(values, row.papers), row.came, settings={**row.settings, "wait_mode": mode})
    expected = row.strict if mode == "strict" else row.loose
    assert result.hold_until == expected
    assert result.outcome is (Outcome.HELD_UNTIL if expected else Outcome.READY), found(result)


@pytest.mark.parametrize(("mode", "opens"), [("strict", date(2026, 11, 11)), ("loose", date(2026, 11, 10))])
def test_w13_an_answer_without_its_copy_does_not_open(mode: str, opens: date) -> None:
    values = COMPLETE | {
        "complaint_answered": "yes", "complaint_answer_date": "2026-10-20", "sign_date": "2026-10-24",
    }  # fmt: skip
    result = check(reading(values), date(2026, 10, 25), settings={"wait_mode": mode})
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("complaint_answer_copy",))
    assert result.hold_until == opens


@pytest.mark.parametrize("mode", ["strict", "loose"])
def test_w14_the_copy_is_missing_though_the_days_are_over(mode: str) -> None:
    values = COMPLETE | {"complaint_answered": "yes", "complaint_answer_date": "2026-10-20"}
    result = check(reading(values), date(2026, 11, 20), settings={"wait_mode": mode})
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("complaint_answer_copy",))
    assert result.hold_until is None


@pytest.mark.parametrize("mode", ["strict", "loose"])
def test_w15_looked_at_late_it_goes_on_with_a_flag(mode: str) -> None:
    values = COMPLETE | {"sign_date": "2026-11-08"}
    result = check(reading(values), date(2026, 11, 8), processed_on=date(2026, 11, 15), settings={"wait_mode": mode})
    assert result.outcome is Outcome.READY
    assert result.hold_until is None
    assert ("premature_at_receipt", "complaint_sent_date") in found(result, Severity.NOTE)


@pytest.mark.parametrize("mode", ["strict", "loose"])
def test_w17_a_complaint_after_receipt_is_invalid(mode: str) -> None:
    values = COMPLETE | {"complaint_sent_date": "2026-12-01"}
    result = check(reading(values), date(2026, 11, 20), settings={"wait_mode": mode})
    assert result.values["complaint_sent_date"].state is State.INVALID
    assert result.values["complaint_sent_date"].value is None
    assert result.values["complaint_sent_date"].raw == "2026-12-01"
    assert ("complaint_after_receipt", "complaint_sent_date") in found(result, Severity.INVALID)
    assert result.outcome is Outcome.MANUAL_REVIEW


@pytest.mark.parametrize("mode", ["strict", "loose"])
def test_w18_an_answer_before_the_complaint_is_invalid(mode: str) -> None:
    values = COMPLETE | {
        "complaint_answered": "yes", "complaint_answer_date": "2026-09-20", "sign_date": "2026-10-24",
    }  # fmt: skip
    result = check(
        reading(values, (*PAPERS, "complaint_answer_copy")), date(2026, 10, 25), settings={"wait_mode": mode}
    )
    assert result.values["complaint_answer_date"].state is State.INVALID
    assert result.outcome is Outcome.MANUAL_REVIEW
    assert result.hold_until is not None


def test_an_answer_after_receipt_is_invalid() -> None:
    values = COMPLETE | {"complaint_answered": "yes", "complaint_answer_date": "2026-11-30"}
    result = check(reading(values, (*PAPERS, "complaint_answer_copy")))
    assert ("date_after_receipt", "complaint_answer_date") in found(result, Severity.INVALID)


def test_w19_without_a_date_the_copy_is_looked_at() -> None:
    values = COMPLETE | {"complaint_sent_date": None}
    with_copy = check(reading(values))
    assert (with_copy.outcome, with_copy.reasons) == (Outcome.MANUAL_REVIEW, ("complaint_date_on_copy",))
    without = check(reading(values, ("id_copy_holder", "bill_cmor")))
    assert without.outcome is Outcome.INCOMPLETE
    assert set(without.reasons) == {"complaint_sent_date", "complaint_copy"}


def test_w20_a_bonus_needs_no_complaint() -> None:
    result = check(reading(BONUS, ("id_copy_holder",), "BONUS"))
    assert result.outcome is Outcome.READY
    assert result.hold_until is None


def test_counting_from_receipt_asks_for_that_date() -> None:
    result = check(reading(), settings={"wait_start": "received"})
    assert (result.outcome, result.reasons) == (Outcome.INCOMPLETE, ("complaint_received_date",))


def test_an_old_complaint_is_flagged_and_nothing_else() -> None:
    result = check(reading(COMPLETE | {"complaint_sent_date": "2025-11-19"}))
    assert ("complaint_older_than_year", "complaint_sent_date") in found(result, Severity.NOTE)
    assert result.outcome is Outcome.READY
    young = check(reading(COMPLETE | {"complaint_sent_date": "2025-11-20"}))
    assert not found(young, Severity.NOTE)


def test_an_answer_without_a_date_is_looked_up_on_its_copy() -> None:
    values = COMPLETE | {"complaint_answered": "yes", "complaint_answer_date": None}
    assert check(reading(values, (*PAPERS, "complaint_answer_copy"))).reasons == ("answer_date_on_copy",)
    assert set(check(reading(values)).reasons) == {"complaint_answer_date", "complaint_answer_copy"}


def test_no_answer_but_its_date_goes_to_a_clerk() -> None:
    values = COMPLETE | {"complaint_answered": "no", "complaint_answer_date": "2026-10-20"}
    assert check(reading(values)).reasons == ("answer_contradicts",)
