"""Claims: a case that somebody has in hand is shown as theirs, until the claim expires or is given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.lease_tables import LeaseRow
from cases.tables import CaseRow
from cases.trail_tables import ClaimRow


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has a case in hand. ``holder`` is an actor, like ``clerk:anna``."""

    case_id: int
    holder: str
    taken_at: datetime
    until: datetime

    def held_by(self, actor: str) -> bool:
        """Tell whether it is this person's."""
        return self.holder == actor


def claim(session: Session, case_id: int, actor: str, now: datetime, lasts: timedelta, *, over: bool = False) -> Claim:
    """Take a case in hand, or renew one's own claim, and give the claim that stands: perhaps still another's.

    What a machine holds stays the machine's until its lease ends. ``over``: take it from whichever clerk has it.
    Whoever lost it keeps what they typed: their version check will tell them.
    """
    if leased := _leased(session, case_id, now):
        return leased
    row = {"case_id": case_id, "holder": actor, "taken_at": now, "until": now + lasts}
    wish = insert(ClaimRow).values(**row)
    free = (col(ClaimRow.until) <= now) | (col(ClaimRow.holder) == actor)
    mine = session.execute(
        wish.on_conflict_do_update(
            index_elements=["case_id"],
            set_={"holder": actor, "until": row["until"], "taken_at": now},
            where=None if over else free,
        ).returning(col(ClaimRow.case_id))
    ).first()
    if mine is not None:
        return Claim(case_id, actor, now, now + lasts)
    return claims(session, [case_id], now)[case_id]


def release(session: Session, case_id: int, actor: str) -> None:
    """Give a case back, when it is this person's."""
    session.execute(delete(ClaimRow).where(col(ClaimRow.case_id) == case_id, col(ClaimRow.holder) == actor))


def claims(session: Session, case_ids: Sequence[int], now: datetime) -> dict[int, Claim]:
    """Give the claims that stand among these cases."""
    query = select(ClaimRow).where(col(ClaimRow.case_id).in_(case_ids), col(ClaimRow.until) > now)
    clerks = {r.case_id: Claim(r.case_id, r.holder, r.taken_at, r.until) for r in session.scalars(query)}
    return clerks | {lease.case_id: lease for lease in _leases(session, case_ids, now)}


def held_by_clerk(now: datetime) -> ColumnElement[bool]:
    """Give the condition that a case is in the hands of a clerk: no machine takes it then."""
    return exists().where(col(ClaimRow.case_id) == col(CaseRow.id), col(ClaimRow.until) > now)


def _leased(session: Session, case_id: int, now: datetime) -> Claim | None:
    """Give the lease of a machine as the claim it is; the case's row stays locked, so that none begins meanwhile."""
    session.execute(select(col(CaseRow.id)).where(col(CaseRow.id) == case_id).with_for_update())
    return next(iter(_leases(session, [case_id], now)), None)


def _leases(session: Session, case_ids: Sequence[int], now: datetime) -> list[Claim]:
    mine = col(LeaseRow.case_id).in_(case_ids)
    query = select(LeaseRow).where(mine, col(LeaseRow.ended_at).is_(None), col(LeaseRow.expires_at) > now)
    return [Claim(r.case_id, f"client:{r.holder}", r.taken_at, r.expires_at) for r in session.scalars(query)]
