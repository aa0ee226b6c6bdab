"""One clamd for the whole run, which tests may stop and start."""

from collections.abc import Iterator

import pytest

from bench.clamd import FINDING, MALWARE, Clamd
from bench.clamd import clamd_server as running

__all__ = ["FINDING", "MALWARE", "Clamd", "clamd", "clamd_server"]


@pytest.fixture(scope="session")
def clamd_server() -> Iterator[Clamd]:
    with running() as daemon:
        yield daemon


@pytest.fixture
def clamd(clamd_server: Clamd) -> Clamd:
    """Give the daemon, running."""
    if not clamd_server.running:
        clamd_server.start()
    return clamd_server
