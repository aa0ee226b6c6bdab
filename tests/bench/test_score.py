from typing import Any

import pytest

from bench.score import FieldScore, Verdict, judge, score_outcomes
from bench.table import by_mode_and_kind, wrongs
from cases.submission import Looked, Submission
from cases.wilson import wilson
from checks.validation import Outcome, Validation
from intake.receipt import MailKind
from ocr.ink import Source
from parsers.reading import Content, Reading, State, Value


def value(content: Content, state: State = State.FILLED) -> Value:
    return Value("x", content, "raw", state, 0.9, Source.OCR)


@pytest.mark.parametrize(
    ("truth", "read", "verdict"),
    [
        ({"value": "Roma", "state": "filled"}, value("Roma"), Verdict.RIGHT),
        ({"value": "Roma", "state": "filled"}, value("Rома"), Verdict.WRONG),
        ({"value": "Roma", "state": "filled"}, value("ROMA"), Verdict.WRONG),
        ({"value": "Roma", "state": "filled"}, None, Verdict.WRONG),
        ({"value": "Roma", "state": "filled"}, value(None, State.EMPTY), Verdict.WRONG),
        ({"value": "Roma", "state": "filled"}, value(None, State.UNREADABLE), Verdict.UNSURE),
        ({"value": ["a", "b"], "state": "filled"}, value(("a", "b")), Verdict.RIGHT),
        ({"value": ["a", "b"], "state": "filled"}, value(("a",)), Verdict.WRONG),
        ({"value": True, "state": "filled"}, value(True), Verdict.RIGHT),
        ({"value": None, "state": "empty"}, value(False), Verdict.RIGHT),
        ({"value": None, "state": "empty"}, value(None, State.NOT_APPLICABLE), Verdict.RIGHT),
        ({"value": None, "state": "empty"}, value(None, State.UNREADABLE), Verdict.UNSURE),
        ({"value": None, "state": "empty"}, value("I"), Verdict.WRONG),
        ({"value": None, "state": "invalid", "raw": "X"}, value(None, State.INVALID), Verdict.RIGHT),
        ({"value": None, "state": "invalid", "raw": "X"}, value("X"), Verdict.WRONG),
    ],
)
def test_a_field_is_right_only_when_exactly_right(truth: dict[str, Any], read: Value | None, verdict: Verdict) -> None:
    assert judge(truth, read) is verdict


def looked(*outcomes: Outcome, kind: MailKind = MailKind.REQUEST) -> Looked:
    return Looked(
        tuple(Submission(Reading("CMOR", "1", {}), Validation(o, (), (), {})) for o in outcomes),
        kind=kind,
    )


def truth(kind: str, *outcomes: str) -> dict[str, Any]:
    stated = [{"form": "CMOR", "outcome": o, "reasons": [], "hold_until": None} for o in outcomes]
    return {"file": "a.eml", "mode": "m", "scenario": "s", "kind": kind, "submissions": stated}


@pytest.mark.parametrize(
    ("stated", "found", "right"),
    [
        (truth("request", "READY"), looked(Outcome.READY), [True]),
        (truth("request", "READY"), looked(Outcome.INCOMPLETE), [False]),
        (truth("request", "READY"), looked(), [False]),
        (truth("request", "READY"), looked(Outcome.READY, Outcome.READY), [True, False]),
        (truth("request", "READY", "READY"), looked(Outcome.READY, Outcome.READY), [True, True]),
        (truth("receipt"), looked(kind=MailKind.RECEIPT), [True]),
        (truth("receipt"), looked(Outcome.MANUAL_REVIEW), [False]),
    ],
)
def test_outcomes_are_held_against_the_truth(stated: dict[str, Any], found: Looked, right: list[bool]) -> None:
    assert [s.right for s in score_outcomes(stated, found)] == right


def test_the_interval_holds_the_share_and_narrows_with_more_fields() -> None:
    low, high = wilson(95, 100)
    wide_low, wide_high = wilson(19, 20)
    assert wide_low < low < 0.95 < high < wide_high
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_table_counts_filled_fields_and_lists_what_went_wrong() -> None:
    def score(verdict: Verdict, *, filled: bool = True) -> FieldScore:
        return FieldScore("a.tif", "fax-fine", "CMOR.x", "date", filled, verdict, "1", "2", "l|2", "filled", 0.5)

    scores = [score(Verdict.RIGHT), score(Verdict.WRONG), score(Verdict.RIGHT, filled=False)]
    table = by_mode_and_kind(scores)
    assert "| fax-fine | **all filled** | 2 | 1 | 0 | 1 | 50.0%" in table
    assert "| fax-fine | (left empty) | 1 | 1 | 0 | 0 | 100.0%" in table
    assert "l\\|2" in wrongs(scores)
