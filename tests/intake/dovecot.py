"""One Dovecot for the whole run; each test gets a mailbox of its own."""

import itertools
from collections.abc import Iterator

import pytest

from bench.dovecot import PASSWORD, Box, Dovecot, dovecot_server

__all__ = ["PASSWORD", "Box", "Dovecot", "box", "dovecot"]


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with dovecot_server() as running:
        yield running


_numbers = itertools.count(1)


@pytest.fixture
def box(dovecot: Dovecot) -> Box:
    return Box(dovecot, f"user{next(_numbers)}")
