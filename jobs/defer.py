"""Put jobs into the queue, within the transaction of the rows that they are about."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

import psycopg
from procrastinate import SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from sqlmodel import Session

from cases.database import raw_connection
from cases.wishes import wish
from jobs.app import LETTERS, RECEIPTS, pickup_queue

PROCESS: Final = "process_receipt"
PICKUP: Final = "pickup"
AGAIN: Final = "read_case_again"
SEND: Final = "send_letter"

# Only ever used with a connection of ours. The app's own connector will not do: in a worker it is asynchronous.
_queue: Final = JobManager(SyncPsycopgConnector())


def receipt_lock(receipt_id: int) -> str:
    """Name the lock under which a receipt is worked on; the sweeper and the rescue match jobs by it."""
    return f"receipt-{receipt_id}"


def defer_receipt(session: Session, receipt_id: int) -> bool:
    """Add the job of a receipt; False when one waits already. Commits and rolls back with the session."""
    return _defer(session, PROCESS, RECEIPTS, receipt_lock(receipt_id), {"receipt_id": receipt_id})


def defer_receipts(session: Session, receipts: Sequence[int]) -> None:
    """Add the jobs of receipts that are new in this transaction: none can be waiting already."""
    connection = _driver(session)
    jobs = [
        configure_task(
            name=PROCESS,
            job_manager=_queue,
            queue=RECEIPTS,
            lock=lock,
            queueing_lock=lock,
            task_kwargs={"receipt_id": n},
        ).job
        for n, lock in ((n, receipt_lock(n)) for n in receipts)
    ]
    _queue.batch_defer_jobs(jobs, connection)


def defer_pickup(session: Session, source: str, slot: int) -> bool:
    """Add a pickup of a source; False when one waits already."""
    return _defer(session, PICKUP, pickup_queue(source), f"pickup-{source}", {"source": source, "slot": slot})


def again_lock(case_id: int) -> str:
    """Name the lock under which a case is read again; the sweeper matches jobs by it."""
    return f"again-{case_id}"


def ask_again(session: Session, case_id: int) -> None:
    """Write down the wish to have a case read again, and add its job."""
    wish(session, case_id)
    defer_again(session, case_id)


def defer_again(session: Session, case_id: int) -> None:
    """Add the job that reads a case again; one that waits already will do."""
    _defer(session, AGAIN, RECEIPTS, again_lock(case_id), {"case_id": case_id})


def defer_letter(session: Session, letter_id: int) -> bool:
    """Add the job that sends a letter; False when one waits already."""
    return _defer(session, SEND, LETTERS, f"letter-{letter_id}", {"letter_id": letter_id})


def _defer(session: Session, task: str, queue: str, lock: str, arguments: dict[str, Any]) -> bool:
    connection = _driver(session)
    job = configure_task(
        name=task, job_manager=_queue, queue=queue, lock=lock, queueing_lock=lock, connection=connection
    )
    savepoint: AbstractContextManager[object] = connection.transaction()
    try:
        with savepoint:  # a refused job must not undo the rows of the transaction around it
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def _driver(session: Session) -> "psycopg.Connection[Any]":
    connection = raw_connection(session)
    if not isinstance(connection, psycopg.Connection):
        raise TypeError(f"not a psycopg connection: {connection!r}")
    return connection
