"""One embedded server for the whole run, and in it an empty database for each test that asks for one."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from bench.ground import emptied, fresh, server
from cases.database import Database
from gateway.postgres import EmbeddedPostgres

settings.register_profile("gateway", deadline=None)  # machines are noisy: speed is measured in bench/, in no test
settings.load_profile("gateway")


@pytest.fixture(scope="session")
def running_server() -> Iterator[EmbeddedPostgres]:
    with server() as running:
        yield running


@pytest.fixture
def database_url(running_server: EmbeddedPostgres) -> str:
    """Share one database between tests; for those that leave no process and no changed table behind."""
    return emptied(running_server)


@pytest.fixture
def own_database_url(running_server: EmbeddedPostgres) -> Iterator[str]:
    """Give a database to this test alone."""
    with fresh(running_server) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()
