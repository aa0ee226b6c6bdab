"""Run workers: for ever, or until nothing is left to do."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from procrastinate import PsycopgConnector
from procrastinate.worker import Worker
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError

from intake.receive import TakeReport
from jobs.announce import announce_for_ever
from jobs.app import LETTERS, RECEIPTS, Wiring, app, pickup_queue, wired
from jobs.beat import beat_for_ever
from jobs.daily import days_round, write_days
from jobs.letters import write_letters
from jobs.pickup import pick_up
from jobs.rescue import rescue_stalled, sweep
from jobs.upkeep import Upkeep

_LEFT: Final = text(
    """
    SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = ANY(:queues)),
           (SELECT count(*) FROM receipt WHERE state = 'received'),
           (SELECT count(*) FROM receipt)
    """
)
_LOOK_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: receipts settled, receipts known, and jobs that wait or are under way."""

    settled: int
    known: int
    jobs: int


def run_worker(name: str, concurrency: int = 1) -> int:
    """Work until told to stop by SIGTERM or SIGINT; give the exit code.

    0 after an order to stop, 1 when the worker ended by itself (the database went away): then start it again.
    """
    return asyncio.run(_run(name, concurrency))


def work_until_idle(
    name: str = "until-idle", concurrency: int = 1, on_progress: Callable[[Progress], None] | None = None
) -> int:
    """Work until no job waits or is under way anywhere; the sweeper runs first, so that nothing is overlooked.

    Gives 0 when all is done, 1 when stopped before.
    """
    wiring = wired()
    rescue_stalled(wiring)
    sweep(wiring)
    end = asyncio.run(_run(name, concurrency, until_idle=on_progress or (lambda _: None)))
    write_letters(wiring)
    while end == 0 and write_days(wiring):
        pass
    return end


def collect_once() -> tuple[tuple[str, TakeReport | None], ...]:
    """Take in what waits in every source, one after the other; None for a source in which another round is on."""
    wiring = wired()
    return tuple((name, pick_up(wiring, name)) for name in wiring.sources)


def progress(wiring: Wiring) -> Progress:
    """Count what is left to do."""
    queues = [RECEIPTS, *map(pickup_queue, wiring.sources)]
    with wiring.database.transaction() as session:
        jobs, waiting, known = session.execute(_LEFT, {"queues": queues}).one()
    return Progress(known - waiting, known, jobs)


async def _run(name: str, concurrency: int, until_idle: Callable[[Progress], None] | None = None) -> int:
    wiring = wired()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    connector = PsycopgConnector(conninfo=wiring.database.url, min_size=1, max_size=4)
    with app.replace_connector(connector):
        async with app.open_async():
            watch = _watch_idle(wiring, until_idle) if until_idle else stop.wait()
            return await _until(watch, stop, _starts(wiring, name, concurrency))


async def _until(watch: Awaitable[object], stop: asyncio.Event, work: Sequence["asyncio.Task[None]"]) -> int:
    """Let the work go on until the watch ends, a stop is ordered, or a part of the work ends by itself."""
    watching, stopping = asyncio.ensure_future(watch), asyncio.ensure_future(stop.wait())
    try:
        done, _ = await asyncio.wait([watching, stopping, *work], return_when=asyncio.FIRST_COMPLETED)
        return 0 if watching in done else 1
    finally:
        for task in (watching, stopping, *work):
            task.cancel()
        await asyncio.gather(watching, stopping, *work, return_exceptions=True)


def _starts(wiring: Wiring, name: str, concurrency: int) -> "list[asyncio.Task[None]]":
    """Start the worker of receipts, one of pickups beside it that long documents cannot fill, and the upkeep."""
    parts = [serve(wiring, name, [RECEIPTS], concurrency)]
    if wiring.sources:
        queues = [pickup_queue(source) for source in wiring.sources]
        parts.append(serve(wiring, f"{name}-pickup", queues, len(queues)))
    if wiring.letters is not None:
        parts.append(serve(wiring, f"{name}-letters", [LETTERS], 1))
    return [
        asyncio.ensure_future(part)
        for part in (*parts, _keep_up(wiring), _keep_days(wiring), announce_for_ever(wiring), _beat())
    ]


async def serve(wiring: Wiring, name: str, queues: list[str], concurrency: int) -> None:
    """Work on queues until cancelled; jobs under way are then let finish, as long as the patience says.

    The queue's worker is told to stop and never cancelled itself. While it starts it waits for a connection, by
    ``asyncio.wait_for``, which before Python 3.12 loses a cancellation that comes in the instant of success: such a
    worker stayed for ever, and its process had to be killed.
    """
    patience = wiring.patience
    app.perform_import_paths()  # type: ignore[no-untyped-call]  # the queue leaves it untyped
    worker = Worker(
        app,
        name=name,
        queues=queues,
        concurrency=concurrency,
        install_signal_handlers=False,
        update_heartbeat_interval=patience.heartbeat_s,
        stalled_worker_timeout=patience.stalled_s,
        fetch_job_polling_interval=patience.poll_s,
        shutdown_graceful_timeout=patience.stop_s,
    )
    running = asyncio.ensure_future(worker.run())  # type: ignore[no-untyped-call]
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.sleep(0)  # it may not have begun, and forgets as it begins what it was told before
        worker.stop()  # type: ignore[no-untyped-call]
        await running
        raise


async def _beat() -> None:
    await beat_for_ever()
    await asyncio.Event().wait()  # nobody watches: a part of the work must not end by itself


async def _keep_up(wiring: Wiring) -> None:
    upkeep = Upkeep(wiring)
    while True:
        await asyncio.to_thread(upkeep.round)
        await asyncio.sleep(wiring.patience.upkeep_s)


async def _keep_days(wiring: Wiring) -> None:
    """Write the daily register beside the upkeep: a long day takes minutes, and the upkeep does not wait for it."""
    while True:
        await asyncio.to_thread(days_round, wiring)
        await asyncio.sleep(wiring.patience.sweep_s)


async def _watch_idle(wiring: Wiring, tell: Callable[[Progress], None]) -> None:
    while True:
        with suppress(OperationalError, InterfaceError):  # the database starts again: look again
            now = await asyncio.to_thread(progress, wiring)
            tell(now)
            if now.jobs == 0 and now.settled == now.known:
                return
        await asyncio.sleep(_LOOK_S)
