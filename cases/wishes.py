"""What a person asked to have read again. The job may be lost with its queue; the wish stands until it is answered."""

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from cases.correction_tables import WishRow


def wish(session: Session, case_id: int) -> None:
    """Write down that a case is to be read again. The caller adds the job."""
    session.add(WishRow(case_id=case_id, tries=0))
    session.flush()


def last_wish(session: Session, case_id: int) -> int:
    """Give the newest wish about a case, 0 for none: whoever answers says up to which."""
    return session.scalar(select(func.max(col(WishRow.id))).where(col(WishRow.case_id) == case_id)) or 0


def answered(session: Session, case_id: int, up_to: int) -> None:
    """Forget the wishes about a case up to this one; what was asked for meanwhile stands."""
    session.execute(delete(WishRow).where(col(WishRow.case_id) == case_id, col(WishRow.id) <= up_to))


def tried(session: Session, case_id: int) -> int:
    """Count one more time that the job of a case's wishes was found dead or lost; give how many times so far."""
    more = update(WishRow).where(col(WishRow.case_id) == case_id).values(tries=col(WishRow.tries) + 1)
    return max(session.scalars(more.returning(col(WishRow.tries))), default=0)
