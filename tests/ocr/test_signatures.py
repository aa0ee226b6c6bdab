"""A pen's signature is one; a typed name, a stamp or a line in its place is a question, and nothing is nothing."""

import pytest

from bench.signatures import Seen, measure


@pytest.fixture(scope="module")
def seen() -> list[Seen]:
    return list(measure(("scan-200", "fax-fine"), 3, 21))


def share(seen: list[Seen], style: str, read: bool | None) -> float:  # noqa: FBT001
    found = [one.read is read for one in seen if one.style == style]
    assert len(found) > 8
    return sum(found) / len(found)


def test_no_signature_of_a_pen_is_missed(seen: list[Seen]) -> None:
    assert share(seen, "pen", read=False) == 0
    assert share(seen, "pen", read=True) > 0.9


def test_an_empty_area_is_never_signed(seen: list[Seen]) -> None:
    assert share(seen, "empty", read=True) == 0


@pytest.mark.parametrize(("style", "least"), [("typed", 0.6), ("stamp", 0.9), ("line", 0.9)])
def test_what_stands_in_for_a_signature_is_a_question(seen: list[Seen], style: str, least: float) -> None:
    assert share(seen, style, read=None) >= least
    assert share(seen, style, read=False) == 0
