"""The list: the order in which things break, in slices that neither repeat nor lose a line."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.crowd import Crowd, gather
from cases.claims import claim
from cases.database import Database
from cases.waiting import START, Sought, View, how_many, next_after, waiting, waiting_before

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture
def crowded(database: Database) -> Database:
    with database.transaction() as session:
        gather(session, Crowd(120, seed=4))
        gather(session, Crowd(20, seed=5, until=NOW - timedelta(days=70)))
    return database


@pytest.mark.parametrize("view", [View.WAITING, View.CUSTOMER, View.HELD, View.QUEUED, View.OPEN])
def test_slices_forward_and_back_give_every_line_once_and_in_order(crowded: Database, view: View) -> None:
    sought = Sought(view)
    with crowded.transaction() as session:
        forward, place = [], START
        while True:
            part = waiting(session, sought, NOW, after=place, limit=7)
            forward += part.lines
            if not part.later:
                break
            place = part.lines[-1].place
        assert len(forward) == how_many(session, sought, NOW)
        order = [(line.place.ripe_at, line.id) for line in forward]
        assert order == sorted(set(order))
        back = waiting_before(session, sought, NOW, before=forward[10].place, limit=7)
        assert [line.id for line in back.lines] == [line.id for line in forward[3:10]]
        assert back.earlier
        assert not waiting_before(session, sought, NOW, before=forward[3].place, limit=7).earlier


def test_a_held_case_waits_from_the_day_on_which_its_term_ends(crowded: Database) -> None:
    with crowded.transaction() as session:
        lines = waiting(session, Sought(View.HELD), NOW, after=START).lines
    assert lines
    for line in lines:
        assert line.hold_until is not None
        assert line.place.ripe_at.date() >= line.hold_until - timedelta(days=1)
        assert line.place.ripe_at >= line.received_at


def test_filters_narrow_the_list(crowded: Database) -> None:
    with crowded.transaction() as session:
        every = waiting(session, Sought(), NOW, after=START, limit=500).lines
        fax = waiting(session, Sought(channel="fax"), NOW, after=START, limit=500).lines
        unknown = waiting(session, Sought(form=""), NOW, after=START, limit=500).lines
        reason = waiting(session, Sought(reason="id_expired"), NOW, after=START, limit=500).lines
        refusal = waiting(session, Sought(outcome="NOT_ADMISSIBLE"), NOW, after=START, limit=500).lines
    assert [line for line in every if line.channel == "fax"] == list(fax) != []
    assert [line for line in every if not line.form] == list(unknown) != []
    assert [line for line in every if "id_expired" in line.reasons] == list(reason) != []
    assert [line for line in every if line.outcome == "NOT_ADMISSIBLE"] == list(refusal) != []


def test_the_next_case_is_one_that_nobody_else_has_in_hand(crowded: Database) -> None:
    lasts = timedelta(minutes=15)
    with crowded.transaction() as session:
        first, second, third, *_ = waiting(session, Sought(), NOW, after=START).lines
        claim(session, first.id, "clerk:piero", NOW, lasts)
        claim(session, second.id, "clerk:anna", NOW, lasts)
        got = next_after(session, Sought(actor="clerk:anna"), NOW, after=START)
        assert got is not None
        assert (got.id, got.holder) == (second.id, "clerk:anna")
        got = next_after(session, Sought(actor="clerk:marta"), NOW, after=START)
        assert got is not None
        assert got.id == third.id
        mine = waiting(session, Sought(View.MINE, actor="clerk:anna"), NOW, after=START)
        assert [line.id for line in mine.lines] == [second.id]
        assert waiting(session, Sought(View.MINE, actor="clerk:anna"), NOW + lasts, after=START).lines == ()
