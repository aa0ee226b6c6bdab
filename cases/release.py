"""Release cases whose wait is over: they were complete, only early."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from cases.case import CaseState, Event
from cases.database import Database
from cases.erase import was_erased
from cases.moves import move
from cases.tables import CaseRow
from checks.validation import Outcome, Severity

_ROME = ZoneInfo("Europe/Rome")


def release_held(database: Database, now: datetime) -> int:
    """Put every case into the queue whose ``hold_until`` has come by Rome's date; give how many.

    One whose contents were erased stays where it is: there is nothing left to work on.
    """
    today = now.astimezone(_ROME).date()
    due = (
        select(CaseRow)
        .where(col(CaseRow.state) == CaseState.HELD, col(CaseRow.hold_until) <= today)
        .with_for_update(skip_locked=True)
    )
    with database.transaction() as session:
        rows = [row for row in session.scalars(due) if not was_erased(row.payload)]
        for row in rows:
            _release(session, row, now)
        return len(rows)


def _release(session: Session, row: CaseRow, now: datetime) -> None:
    row.outcome, row.reasons = Outcome.READY.value, []
    note = {
        "rule": "premature_at_receipt",
        "section": "F",
        "field": "",
        "severity": Severity.NOTE.value,
        "message": "La richiesta era arrivata prima della fine del termine del reclamo; ora il termine è passato.",
    }
    findings = [*row.payload["findings"], note]
    row.payload = {**row.payload, "outcome": Outcome.READY.value, "reasons": [], "findings": findings}
    move(session, row, Event.WAIT_OVER, now)
