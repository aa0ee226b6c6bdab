"""A worker that is told to stop does stop, in whatever instant of its start the order comes."""

import asyncio
from contextlib import suppress
from typing import Any, LiteralString

from procrastinate import PsycopgConnector
from sqlalchemy import text

from jobs.app import RECEIPTS, Wiring, app
from jobs.worker import serve

STEPS = 60
ENOUGH_S = 30


class LosesCancellation(PsycopgConnector):
    """Does what ``asyncio.wait_for`` of Python 3.11 does within the pool: it succeeds, and the cancellation is lost."""

    asked: asyncio.Event
    go_on: asyncio.Event

    async def execute_query_one_async(self, query: LiteralString, **arguments: object) -> dict[str, Any]:
        answer = await super().execute_query_one_async(query, **arguments)
        self.asked.set()
        with suppress(asyncio.CancelledError):
            await self.go_on.wait()
        return answer


async def _left(work: list["asyncio.Task[None]"]) -> int:
    """Count the workers that stay though they were cancelled, and put them down."""
    _, left = await asyncio.wait(work, timeout=ENOUGH_S)
    for task in left:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    return len(left)


def _connector(wiring: Wiring, kind: type[PsycopgConnector] = PsycopgConnector) -> PsycopgConnector:
    return kind(conninfo=wiring.database.url, min_size=1, max_size=4)


async def _stopped_after(wiring: Wiring, steps: int) -> int:
    with app.replace_connector(_connector(wiring)):
        async with app.open_async():
            work = [asyncio.ensure_future(serve(wiring, f"worker-{n}", [RECEIPTS], 1)) for n in range(2)]
            for _ in range(steps):
                await asyncio.sleep(0)
            for task in work:
                task.cancel()
            return await _left(work)


async def _stopped_while_it_is_lost(wiring: Wiring) -> int:
    connector = _connector(wiring, LosesCancellation)
    assert isinstance(connector, LosesCancellation)
    connector.asked, connector.go_on = asyncio.Event(), asyncio.Event()
    with app.replace_connector(connector):
        async with app.open_async():
            work = asyncio.ensure_future(serve(wiring, "worker", [RECEIPTS], 1))
            await asyncio.wait_for(connector.asked.wait(), ENOUGH_S)
            work.cancel()
            await asyncio.sleep(0)
            connector.go_on.set()
            return await _left([work])


def test_a_stop_after_any_step_of_the_start_ends_the_worker(wiring: Wiring) -> None:
    left = {steps: asyncio.run(_stopped_after(wiring, steps)) for steps in range(STEPS)}
    assert [steps for steps, count in left.items() if count] == []
    with wiring.database.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar() == 0


def test_a_stop_that_the_pool_of_connections_would_lose_ends_the_worker(wiring: Wiring) -> None:
    assert asyncio.run(_stopped_while_it_is_lost(wiring)) == 0
