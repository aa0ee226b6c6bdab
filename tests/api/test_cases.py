import json
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest
from httpx import Client as Caller
from hypothesis import given
from hypothesis import strategies as st

from api.cursor import BadCursor, cursor_of, position_of
from cases.contract import CaseOut
from cases.listing import Position
from checks.validation import Outcome

Born = Callable[..., None]


def walked(caller: Caller, **asked: object) -> list[str]:
    """Page through a list to its end."""
    found, cursor = [], ""
    for _ in range(100):
        answer = caller.get("/cases", params={**asked, "cursor": cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [item["number"] for item in page["items"]]
        if page["next"] is None:
            return found
        cursor = page["next"]
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_every_case_is_on_exactly_one_page_in_the_order_of_arrival(caller: Caller, born: Born, limit: int) -> None:
    born(3)
    born(3, outcome=Outcome.INCOMPLETE)  # at the same minutes as the others
    found = walked(caller, limit=limit)
    assert found == ["2026/0000001", "2026/0000004", "2026/0000002", "2026/0000005", "2026/0000003", "2026/0000006"]


def test_a_list_is_narrowed(caller: Caller, born: Born) -> None:
    born(2)
    born(2, form="BONUS", outcome=Outcome.INCOMPLETE, first=10)
    assert walked(caller, state="queued", limit=1) == ["2026/0000001", "2026/0000002"]
    assert walked(caller, state=["queued", "waiting_customer"], form="BONUS") == ["2026/0000003", "2026/0000004"]
    assert walked(caller, channel="online") == []
    assert walked(caller, received_from="2026-11-20T09:40:00Z", limit=1) == ["2026/0000003", "2026/0000004"]
    assert walked(caller, received_before="2026-11-20T09:31:00Z") == ["2026/0000001"]


def test_a_case_comes_in_its_published_shape(caller: Caller, born: Born) -> None:
    born(1)
    answer = caller.get("/cases/2026/0000001")
    assert answer.status_code == 200
    assert CaseOut.model_validate(answer.json()).number == "2026/0000001"
    assert caller.get("/cases/2026/1").json() == answer.json()
    missing = caller.get("/cases/2026/99")
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:sportello-gateway:problem:not-found")


def test_the_schema_of_a_case_is_published(caller: Caller) -> None:
    answer = caller.get("/schema/case-1.json", headers={"Authorization": ""})
    committed = Path(__file__).parents[2] / "docs/schema/case-1.json"
    assert answer.json() == json.loads(committed.read_text("utf-8"))
    assert answer.headers["content-type"] == "application/schema+json"


@given(st.builds(Position, st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**63 - 1)))
def test_a_cursor_comes_back_as_its_position(position: Position) -> None:
    again = position_of(cursor_of(position))
    assert (again.received_at, again.id) == (position.received_at, position.id)


@given(st.text())
def test_any_other_word_is_refused_or_is_a_position(word: str) -> None:
    try:
        found = position_of(word)
    except BadCursor:
        return
    assert found.received_at.tzinfo is not None


def test_a_tampered_cursor_is_a_problem(caller: Caller) -> None:
    answer = caller.get("/cases", params={"cursor": "nonsense"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.cursor"
