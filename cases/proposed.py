"""Who proposed a refusal: where an office wants it so, somebody else must confirm it."""

from typing import Final

from sqlalchemy import ScalarSelect, SQLColumnExpression, select
from sqlmodel import Session, col

from cases.case import Event
from cases.tables import StepRow

BY_ANOTHER: Final = (
    "Il rifiuto va confermato da un'altra persona: chi lo ha proposto non può confermarlo. "
    "Lasciare la pratica a un collega, oppure non respingerla."
)


def proposer(case_id: SQLColumnExpression[int] | int) -> ScalarSelect[str]:
    """Give the actor of the last proposal to refuse a case, as a value of a query: NULL where it came in so."""
    steps = select(col(StepRow.actor)).where(col(StepRow.case_id) == case_id)
    proposals = steps.where(col(StepRow.event) == Event.FOUND_INADMISSIBLE.value)
    return proposals.order_by(col(StepRow.id).desc()).limit(1).scalar_subquery()


def proposer_of(session: Session, case_id: int) -> str:
    """Give the actor of the last proposal to refuse a case: empty where the checks found it so as it came in."""
    return session.execute(select(proposer(case_id))).scalar() or ""
