"""The worth of evidence: a probability, a curve, a budget; and the shipped table itself."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.medium import Medium
from parsers.calibration import (
    BUDGET,
    FAITHFUL,
    LEAST,
    BrokenCalibration,
    Calibration,
    Step,
    features,
    group,
    load_calibration,
    read_calibration,
)
from parsers.evidence import Backing, Evidence, Manner, Vote
from templates.form import Kind

TYPED = Evidence(Kind.NAME, Manner.WORDS, Medium.SCAN, 0.9999, votes=(Vote.SAME,), length=8, backing=Backing.BORNE_OUT)

any_evidence = st.builds(
    Evidence,
    kind=st.sampled_from(Kind),
    manner=st.sampled_from(Manner),
    medium=st.sampled_from(Medium),
    confidence=st.floats(0, 1),
    penalty=st.floats(0, 50),
    margin=st.floats(0, 50),
    checked=st.booleans(),
    listed=st.booleans(),
    votes=st.lists(st.sampled_from(Vote), max_size=3).map(tuple),
    length=st.integers(0, 500),
    fragile=st.integers(0, 500),
    sheet=st.floats(0, 1),
    legible=st.floats(0, 1),
    faithful=st.floats(0, 1),
    backing=st.sampled_from(Backing),
    keys=st.none() | st.integers(0, 9),
)


@given(any_evidence)
def test_any_evidence_gives_a_probability(evidence: Evidence) -> None:
    assert 0 <= load_calibration().probability(evidence) <= 1


@given(any_evidence)
def test_a_feature_is_named_once(evidence: Evidence) -> None:
    names = [name for name, _ in features(evidence)]
    assert len(names) == len(set(names))


def test_what_is_needed_follows_from_the_budget() -> None:
    curve = (Step(0.999, 0.0005, 0.6), Step(0.99, 0.001, 0.8), Step(0.9, 0.02, 1.0))
    fitted = Calibration({}, {Medium.SCAN: curve})
    assert fitted.needed(Medium.SCAN, 0.0014) == 0.99
    assert fitted.needed(Medium.SCAN, 0.05) == LEAST, "0.9 would keep the budget, and be wrong once in ten"
    assert fitted.needed(Medium.SCAN, 0.0001) > 1, "no reading is sure enough for that"
    assert fitted.needed(Medium.PHOTO, 0.5) > 1, "what was never measured is never trusted"


def test_a_manner_that_was_never_measured_is_worth_nothing() -> None:
    assert Calibration({}, {}).probability(TYPED) == 0.0


def test_the_shipped_table_trusts_what_two_readers_agree_on_and_doubts_what_they_do_not() -> None:
    shipped = load_calibration()
    needed = shipped.needed(Medium.SCAN, BUDGET)
    assert shipped.probability(TYPED) >= needed
    split = Evidence(Kind.NAME, Manner.WORDS, Medium.SCAN, 0.7, votes=(Vote.DIFFERS,), length=8)
    assert shipped.probability(split) < needed


def test_poor_sheets_and_hands_are_held_to_curves_of_their_own() -> None:
    scanned, easy = (Step(0.99, 0.001, 0.8),), (Step(0.5, 0.001, 0.9),)
    fitted = Calibration({}, {"scan": easy, "scan, poor": scanned})
    poor, hand = replace(TYPED, legible=0.5), replace(TYPED, manner=Manner.CELLS)
    copy = replace(TYPED, faithful=FAITHFUL - 0.01)
    assert [fitted.needed(group(evidence)) for evidence in (TYPED, poor, copy)] == [LEAST, 0.99, 0.99]
    assert group(replace(copy, medium=Medium.PHOTO)) == "photo", "only of scans it is known what is faithful"
    assert fitted.needed(group(hand)) > 1, "what hands wrote was not measured here"


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 7}', json.dumps({"format": 1, "weights": {"x": {}}, "curves": {}})]
)
def test_a_broken_table_is_said_to_be_broken(text: str) -> None:
    with pytest.raises(BrokenCalibration):
        read_calibration(text)
