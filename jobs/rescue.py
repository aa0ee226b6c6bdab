"""Put right what a death left: jobs of dead workers, and receipts that have no job.

Both run in every worker process beside its jobs, not as jobs themselves: a rescue in the queue could stall like what it
should rescue, and the queue's periodic jobs have been seen to stop after a kill. Row locks make many rescuers safe.
The statements lean on the queue's own tables and functions of procrastinate 3.10; tests/jobs notice a change.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from cases.sources import note_trouble
from cases.store import RECEIVED
from cases.tables import ReceiptRow
from cases.wishes import last_wish, tried
from jobs.again import give_up
from jobs.app import Wiring
from jobs.defer import AGAIN, PROCESS, again_lock, defer_again, defer_receipt, receipt_lock
from jobs.retries import TOO_MANY
from jobs.steps import give_to_clerk

_STALLED: Final = text(
    """
    SELECT j.id, j.task_name, (j.args ->> 'receipt_id')::bigint AS receipt_id, (j.args ->> 'case_id')::bigint AS case_id
      FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
     WHERE j.status = 'doing'
       AND (w.id IS NULL
            OR w.last_heartbeat < now() - make_interval(secs => :stalled)
            OR (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
               < now() - make_interval(secs => :doing))
     ORDER BY j.id
       FOR UPDATE OF j SKIP LOCKED
    """
)
_RETRY: Final = text("SELECT procrastinate_retry_job_v2(:job, NULL, NULL, NULL, NULL)")
_FINISH: Final = text("SELECT procrastinate_finish_job_v1(:job, 'failed', false)")
_ORPHANS: Final = text(
    """
    SELECT r.id FROM receipt r
     WHERE r.state = :received
       AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j
                        WHERE j.lock = :prefix || r.id AND j.status IN ('todo', 'doing'))
     ORDER BY r.id
    """
)
_UNANSWERED: Final = text(
    """
    SELECT DISTINCT w.case_id FROM wish w
     WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs j
                        WHERE j.lock = :prefix || w.case_id AND j.status IN ('todo', 'doing'))
     ORDER BY w.case_id
    """
)


@dataclass(frozen=True, slots=True)
class Rescued:
    """What a rescue or a sweep did: how many go on, and which receipts a clerk got."""

    again: int = 0
    to_clerk: tuple[int, ...] = ()


def rescue_stalled(wiring: Wiring) -> Rescued:
    """Give the jobs of dead workers back to the queue; a receipt whose workers die again and again goes to a clerk."""
    again, poison = 0, []
    hopeless: list[tuple[int, int]] = []
    with wiring.database.transaction() as session:
        limits = {"stalled": wiring.patience.stalled_s, "doing": wiring.patience.doing_s}
        for job in session.execute(_STALLED, limits).all():
            if job.task_name == PROCESS and _deaths(session, job.receipt_id) >= wiring.patience.deaths:
                poison.append((job.id, job.receipt_id))
                continue
            if job.task_name == AGAIN and tried(session, job.case_id) > wiring.patience.deaths:
                hopeless.append((job.id, job.case_id))
                continue
            _retry(session, job.id)
            again += 1
    for job_id, receipt_id in poison:
        _bury(wiring, job_id, receipt_id)
    for job_id, case_id in hopeless:
        _answer(wiring, case_id)
        _end(wiring, job_id)
    return Rescued(again, tuple(receipt_id for _, receipt_id in poison))


def sweep(wiring: Wiring) -> Rescued:
    """Give every open receipt and every wish that has no job a new one; at the cap a clerk gets the receipt.

    It heals a lost job table, a restore of the domain tables only, and jobs that ended as failed.
    """
    with wiring.database.transaction() as session:
        names = {"received": RECEIVED, "prefix": receipt_lock(0).removesuffix("0")}
        orphans = list(session.scalars(_ORPHANS, names))
    hopeless = [receipt_id for receipt_id in orphans if not _requeue(wiring, receipt_id)]
    for receipt_id in hopeless:
        give_to_clerk(wiring, receipt_id, TOO_MANY)
    return Rescued(len(orphans) - len(hopeless) + _sweep_wishes(wiring), tuple(hopeless))


def _sweep_wishes(wiring: Wiring) -> int:
    """Give the wishes that have no job a new one, or their answer at the cap; give how many go on."""
    prefix = {"prefix": again_lock(0).removesuffix("0")}
    with wiring.database.transaction() as session:
        lost = {case_id: tried(session, case_id) for case_id in session.scalars(_UNANSWERED, prefix).all()}
        going = [case_id for case_id, tries in lost.items() if tries <= wiring.patience.sweeps]
        for case_id in going:
            defer_again(session, case_id)
    for case_id in lost.keys() - set(going):
        _answer(wiring, case_id)
    return len(going)


def _answer(wiring: Wiring, case_id: int) -> None:
    """Tell the clerk that reading a case again brings nothing."""
    with wiring.database.transaction() as session:
        wish = last_wish(session, case_id)
    give_up(wiring, case_id, wish)


def _retry(session: Session, job_id: int) -> None:
    """Put a job back; if a sibling waits already the sibling does the work, and the job ends."""
    try:
        with session.begin_nested():
            session.execute(_RETRY, {"job": job_id})
    except IntegrityError:
        session.execute(_FINISH, {"job": job_id})


def _deaths(session: Session, receipt_id: int) -> int:
    counted = update(ReceiptRow).where(col(ReceiptRow.id) == receipt_id).values(deaths=col(ReceiptRow.deaths) + 1)
    return session.execute(counted.returning(col(ReceiptRow.deaths))).scalar() or 0


def _bury(wiring: Wiring, job_id: int, receipt_id: int) -> None:
    """Settle first, then end the job: a death between the two only repeats the first."""
    give_to_clerk(wiring, receipt_id, TOO_MANY)
    _end(wiring, job_id)
    with wiring.database.transaction() as session:
        note_trouble(session, "poison", f"receipt {receipt_id}", TOO_MANY, wiring.now())


def _end(wiring: Wiring, job_id: int) -> None:
    """End a job as failed, if it is still under way."""
    with wiring.database.transaction() as session:
        session.execute(
            text(
                "SELECT procrastinate_finish_job_v1(id, 'failed', false) FROM procrastinate_jobs "
                "WHERE id = :job AND status = 'doing'"
            ),
            {"job": job_id},
        )


def _requeue(wiring: Wiring, receipt_id: int) -> bool:
    with wiring.database.transaction() as session:
        counted = (
            update(ReceiptRow)
            .where(col(ReceiptRow.id) == receipt_id, col(ReceiptRow.state) == RECEIVED)
            .values(sweeps=col(ReceiptRow.sweeps) + 1)
            .returning(col(ReceiptRow.sweeps))
        )
        sweeps = session.execute(counted).scalar()
        if sweeps is None:
            return True  # settled meanwhile
        if sweeps > wiring.patience.sweeps:
            return False
        defer_receipt(session, receipt_id)
        return True
