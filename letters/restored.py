"""After a restore: what the lost system may have told somebody already waits for a clerk, and nothing is told twice."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from cases.tables import CaseRow, StepRow
from letters.tables import RestoreRow

_SKIPPED: Final = 1_000_000
"""Numbers of steps that are left out: the lost system gave the next ones to webhooks, whose receivers know repeats
by them and would take a new step for one."""
_SKIP: Final = text("SELECT setval(pg_get_serial_sequence('case_step', 'id'), :next)")


def note_restore(session: Session, made_at: datetime, now: datetime) -> None:
    """Note that this database came out of a backup, before anything is written or told from it."""
    last = session.scalar(select(func.max(col(StepRow.id)))) or 0
    session.add(RestoreRow(made_at=made_at, restored_at=now, last_step=last))
    session.execute(_SKIP, {"next": last + _SKIPPED})


def may_have_gone(session: Session, case: CaseRow, step: StepRow) -> bool:
    """Tell whether the lost system may have written of a step, or of the same delivery that is taken in again."""
    last = session.scalars(select(RestoreRow).order_by(col(RestoreRow.id).desc()).limit(1)).first()
    if last is None:
        return False
    again = case.received_at <= last.restored_at < case.registered_at
    return step.id <= last.last_step or again
