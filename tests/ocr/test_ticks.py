"""Tick boxes marked in many styles, sent by several ways and laid half a millimetre wrong: a small bench/marks."""

import pytest

from bench.marks import Seen, measure
from samples.marks import MEANT, STYLES

WAYS = ("scan-200", "fax-standard", "copy-3")


@pytest.fixture(scope="module")
def seen() -> list[Seen]:
    return list(measure(WAYS, 1, 3))


def of(seen: list[Seen], style: str) -> list[Seen]:
    group = [one for one in seen if one.style == style and not one.lost]
    assert len(group) >= 3, f"too few boxes to judge: {style}"
    return group


@pytest.mark.parametrize("way", WAYS)
def test_no_box_is_read_wrong(seen: list[Seen], way: str) -> None:
    assert [one for one in seen if one.channel == way and one.verdict == "wrong"] == []


@pytest.mark.parametrize("style", ["cross", "cross-out", "small-cross", "check", "check-out", "slash", "thin"])
def test_common_marks_are_read(seen: list[Seen], style: str) -> None:
    group = of(seen, style)
    assert sum(one.read is True for one in group) >= 0.8 * len(group)


@pytest.mark.parametrize("style", ["empty", "specks"])
def test_empty_boxes_and_specks_are_no_marks(seen: list[Seen], style: str) -> None:
    group = [one for one in seen if one.style == style]
    assert sum(one.read is False for one in group) >= {"empty": 0.95, "specks": 0.6}[style] * len(group)


@pytest.mark.parametrize("style", ["filled", "circled", "scribbled", "from-below"])
def test_what_two_people_would_read_two_ways_is_doubtful(seen: list[Seen], style: str) -> None:
    assert sum(one.read is None for one in of(seen, style)) >= 0.7 * len(of(seen, style))


def test_every_style_has_a_meaning() -> None:
    assert set(MEANT) == set(STYLES)
