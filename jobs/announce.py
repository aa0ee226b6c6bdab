"""Announce: tell webhooks of the steps of cases, again and again until each is taken or dead.

It runs in every worker beside its jobs. The rows are the truth: whoever dies with messages in hand gives them back when
their hold is over, and a receiver knows a repeat by its id.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final

from sqlalchemy.exc import InterfaceError, OperationalError

from cases import hooks
from cases.hooks import Message
from jobs.app import Wiring
from jobs.hook_door import Told, tell

_LOG: Final = logging.getLogger(__name__)
MOST_ATTEMPTS: Final = 12
_FIRST_S: Final = 5.0
_LONGEST_S: Final = 43_200.0
_BREATH_S: Final = 5.0
"""How long the other messages of an endpoint wait that has just failed."""
_BATCH: Final = 16


def wait_s(attempts: int, chance: float) -> float | None:
    """Say how long to wait after so many attempts, or None when it was the last: about three days in all.

    It grows by four each time up to half a day; ``chance`` (0 to 1) spreads it by a fifth to either side, so that what
    failed together does not come again together.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return float(min(_LONGEST_S, _FIRST_S * 4 ** (attempts - 1))) * (0.8 + 0.4 * chance)


async def announce_for_ever(wiring: Wiring) -> None:
    """Announce what is new and tell what is due, until cancelled. A database that is away is waited for."""
    while True:
        try:
            busy = await announce_round(wiring)
        except (OperationalError, InterfaceError) as error:
            _LOG.warning("webhooks wait for the database: %s", error.orig)
            busy = 0
        if not busy:
            await asyncio.sleep(wiring.patience.announce_s)


async def announce_round(wiring: Wiring) -> int:
    """Lay new steps ready, and tell what is due now; give how many steps and messages there were."""
    fresh = await asyncio.to_thread(_announce, wiring)
    due = await asyncio.to_thread(_take, wiring)
    each = [tuple(group) for _, group in groupby(due, lambda message: message.endpoint)]
    await asyncio.gather(*(_tell_one_endpoint(wiring, messages) for messages in each))
    return fresh + len(due)


async def _tell_one_endpoint(wiring: Wiring, messages: Sequence[Message]) -> None:
    """Tell one endpoint, a message after the other; once it fails the rest waits a moment and is not tried."""
    for at, message in enumerate(messages):
        told = await tell(message, wiring.hooks, wiring.now())
        await asyncio.to_thread(_note, wiring, message, told)
        if not told.taken:
            await asyncio.to_thread(_put_off, wiring, messages[at + 1 :])
            return


def _announce(wiring: Wiring) -> int:
    with wiring.database.transaction() as session:
        return hooks.announce(session, wiring.now())


def _take(wiring: Wiring) -> tuple[Message, ...]:
    # One endpoint's batch is told in a row: the hold must outlast it all.
    hold = timedelta(seconds=(_BATCH + 2) * wiring.hooks.timeout_s)
    with wiring.database.transaction() as session:
        return hooks.take_due(session, wiring.now(), hold, wiring.originals.ring, _BATCH)


def _note(wiring: Wiring, message: Message, told: Told) -> None:
    now = wiring.now()
    with wiring.database.transaction() as session:
        if told.taken:
            hooks.note_told(session, message, now)
            return
        wait = None if told.gone else wait_s(message.attempts, random.random())  # noqa: S311 - spreads, hides nothing
        again = None if wait is None else now + timedelta(seconds=max(wait, told.wait_s))
        hooks.note_failed(session, message, told.failure, again, now)
        if told.gone:
            hooks.end_endpoint(session, message.endpoint, now, "the receiver said that it is gone (410)")


def _put_off(wiring: Wiring, messages: Sequence[Message]) -> None:
    if messages:
        with wiring.database.transaction() as session:
            hooks.put_off(session, messages, wiring.now() + timedelta(seconds=_BREATH_S))
