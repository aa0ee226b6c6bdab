"""Really kill, at instants between and inside the steps and while a case is read again, then look at everything.

Collectors, workers and the database die.

``python -m bench.torture --points 500`` is the long run of the same.
"""

import pytest

from bench.torture import tortured
from bench.troupe import instants

SEED = 20261124


def test_every_instant_of_intake_and_processing_is_known() -> None:
    found = instants()
    assert {"before settle commit", "after settle commit", "settle numbered"} <= set(found["worker"])
    assert {"before again commit", "after again commit", "before wish answered"} <= set(found["worker"])
    assert {"receipt row written", "receipt job written", "round over"} <= set(found["collector"])
    assert sum(map(len, found.values())) >= 15


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifty_kills_lose_nothing_and_double_nothing() -> None:
    with tortured(SEED) as torture:
        tally = torture.run(50)
    assert tally.wrong == [], tally.as_json()
    assert tally.killed >= 50
    assert len(tally.points) >= 15, tally.as_json()
    assert tally.fed > 0
    assert tally.asked > 0


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("guard", ["origin", "rescue"])
def test_without_a_guard_the_same_torture_finds_something_wrong(guard: str) -> None:
    with tortured(SEED, without=guard) as torture:
        tally = torture.run(60)
    assert tally.wrong, f"the check proves nothing: {tally.as_json()}"
