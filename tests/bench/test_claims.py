"""Consumers that die at any step leave every case completed exactly once."""

import pytest

from bench.claims import fill, run


@pytest.mark.slow
def test_every_case_is_completed_exactly_once_whoever_dies(own_database_url: str) -> None:
    fill(own_database_url, 200)
    outcome = run(own_database_url, consumers=3, crash=0.01, seed=1, lease_s=5)
    assert outcome.right, outcome.counts
    assert outcome.crashes
