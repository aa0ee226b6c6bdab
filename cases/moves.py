"""Move a case along an arrow: the one way in which a case changes, so that every change leaves its step."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.case import CaseState, Event, arrow
from cases.tables import CaseRow, StepRow

GATEWAY: Final = "gateway"
"""The actor of what happens by itself."""
BORN: Final = "born"
READ_AGAIN: Final = "read_again"
CORRECTED: Final = "corrected"
"""Something was put right without a change of state."""
PAPERS_ADDED: Final = "papers_added"
"""Papers were joined to a case that stays where it is, such as one that was handed over: its operator must be told."""
CAME_AGAIN: Final = "came_again"
"""The same request came once more; the case carries it."""
PARTED: Final = "parted"
"""What was joined to the case was split from it again."""


def move(session: Session, case: CaseRow, event: Event, now: datetime, actor: str = GATEWAY) -> StepRow:
    """Bring a case to the state after an event, one version on. Raises ``NoArrow`` when it cannot happen there.

    ``case`` must be locked by the caller's transaction (``with_for_update``), or new in it. The step is the outbox
    row: what letters and webhooks make of it commits with the change or not at all.
    """
    case.state = arrow(CaseState(case.state), event)
    case.version += 1
    return note_step(session, case, event, now, actor)


def note_step(session: Session, case: CaseRow, event: str, now: datetime, actor: str = GATEWAY) -> StepRow:
    """Note that something happened to a case that leaves its state as it stands in the row."""
    step = StepRow(case_id=case.id, at=now, event=event, state=case.state, actor=actor)
    session.add(step)
    return step
