from datetime import UTC, datetime, timedelta

import pytest

from bench.crowd import Crowd, gather
from cases.claims import claim, claims, release
from cases.database import Database

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
LASTS = timedelta(minutes=15)


@pytest.fixture
def case_id(database: Database) -> int:
    with database.transaction() as session:
        return gather(session, Crowd(1))[0]


def test_the_first_has_it_and_the_second_sees_whose_it_is(database: Database, case_id: int) -> None:
    with database.transaction() as session:
        assert claim(session, case_id, "clerk:anna", NOW, LASTS).held_by("clerk:anna")
        assert claim(session, case_id, "clerk:piero", NOW, LASTS).holder == "clerk:anna"
        assert claims(session, [case_id], NOW)[case_id].until == NOW + LASTS


def test_a_claim_is_renewed_and_expires(database: Database, case_id: int) -> None:
    with database.transaction() as session:
        claim(session, case_id, "clerk:anna", NOW, LASTS)
        later = NOW + timedelta(minutes=10)
        assert claim(session, case_id, "clerk:anna", later, LASTS).until == later + LASTS
        assert not claim(session, case_id, "clerk:piero", later, LASTS).held_by("clerk:piero")
        over = later + LASTS
        assert claims(session, [case_id], over) == {}
        assert claim(session, case_id, "clerk:piero", over, LASTS).held_by("clerk:piero")


def test_only_ones_own_is_given_back_and_a_supervisor_takes_over(database: Database, case_id: int) -> None:
    with database.transaction() as session:
        claim(session, case_id, "clerk:anna", NOW, LASTS)
        release(session, case_id, "clerk:piero")
        assert claims(session, [case_id], NOW)[case_id].holder == "clerk:anna"
        assert claim(session, case_id, "clerk:marta", NOW, LASTS, over=True).held_by("clerk:marta")
        release(session, case_id, "clerk:marta")
        assert claims(session, [case_id], NOW) == {}
