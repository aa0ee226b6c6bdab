"""One consumer of the queue that may kill itself at any step. Light to import: a crowd of them is forked from it."""

import os
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from random import Random
from typing import Final

from sqlalchemy import text

from cases import lease
from cases.database import Database
from cases.lease import Hold, Lease, LeaseLost
from cases.register import RegisterNumber

_BATCH: Final = 20
_LOOK_S: Final = 0.05


def consume(url: str, name: str, crash: float, seed: int, lease_s: float) -> None:
    """Be one consumer: claim, complete, and die at any step by chance; end when nothing is left."""
    rng, database = Random(seed), Database(url, pool=1)
    while left(database):
        with database.transaction() as session:
            taken = lease.claim(session, name, datetime.now(UTC), lease_s, rng.randint(1, _BATCH))
            _perhaps_die(rng, crash)
        _perhaps_die(rng, crash)
        for one in taken:
            with suppress(LeaseLost):  # it was slow: the case is somebody else's now
                _complete(database, name, one, rng, crash)
        if not taken:
            time.sleep(_LOOK_S)
    database.close()


def _complete(database: Database, name: str, one: Lease, rng: Random, crash: float) -> None:
    with database.transaction() as session:
        lease.complete(session, Hold(name, RegisterNumber.parse(one.case.number), one.token), datetime.now(UTC))
        _perhaps_die(rng, crash)
    _perhaps_die(rng, crash)


def _perhaps_die(rng: Random, crash: float) -> None:
    if rng.random() < crash:
        os.kill(os.getpid(), signal.SIGKILL)


def left(database: Database) -> bool:
    """Tell whether any case is not closed yet."""
    with database.transaction() as session:
        return bool(session.execute(text("SELECT EXISTS (SELECT 1 FROM case_ WHERE state <> 'closed')")).scalar())
