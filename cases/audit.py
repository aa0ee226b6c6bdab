"""The audit trail: who saw what, and who changed what from what to what. Append-only, a chain like the ledger.

A line is written in the transaction of the deed that it tells of.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlmodel import Session, col

from cases.chain import Chain, Tip, fits, sealed
from cases.database import Database
from cases.plain import plain, plain_json
from cases.trail_tables import TrailRow, TrailTipRow

_TRAIL: Final = Chain("trail", TrailRow, TrailTipRow, ("seq", "actor", "action", "subject", "seal"))


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the trail. ``said`` is JSON, or empty when it was erased or there was nothing to say."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    said: str


def audit(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    before: object = None,
    after: object = None,
) -> None:
    """Write one line at the end of the trail. Do it last in a transaction, to hold the tip briefly.

    ``actor`` is like ``clerk:anna``; ``subject`` names no person, but a register number, a page or a sign-in name.
    ``before`` and ``after`` are anything that JSON can tell.
    """
    said = _said(before, after)
    line = {"actor": plain(actor), "action": plain(action), "subject": plain(subject), "said": said, **sealed(said)}
    _TRAIL.append(session, [line], now)


def forget_said(session: Session, subjects: Sequence[str]) -> None:
    """Erase what the lines about these subjects say; that somebody did something stays, and the chain holds."""
    mine = update(TrailRow).where(col(TrailRow.subject).in_(subjects), col(TrailRow.salt) != "")
    session.execute(mine.values(said="", salt=""))


def trail(session: Session, subject: str = "", actor: str = "", before: int = 0, limit: int = 100) -> tuple[Told, ...]:
    """Give lines, newest first; ``before`` is the number of the line from which to go further back."""
    query = select(TrailRow).order_by(col(TrailRow.seq).desc()).limit(limit)
    for column, wanted in ((TrailRow.subject, subject), (TrailRow.actor, actor)):
        query = query.where(col(column) == wanted) if wanted else query
    query = query.where(col(TrailRow.seq) < before) if before else query
    return tuple(Told(r.seq, r.at, r.actor, r.action, r.subject, r.said) for r in session.scalars(query))


def trail_tip(session: Session) -> Tip:
    """Give the end of the trail; noted elsewhere, it proves that nothing was cut off since."""
    return _TRAIL.tip(session)


def verify_trail(database: Database, noted: Sequence[Tip] = ()) -> tuple[str, ...]:
    """Follow the whole chain, and give what is wrong with it; ``noted`` are tips that were written down elsewhere."""
    return _TRAIL.verify(database, noted, _faults)


def _faults(_session: Session, row: TrailRow) -> Iterator[str]:
    if not fits(row, row.said):
        yield f"line {row.seq} was changed: its seal does not fit what it says"


def _said(before: object, after: object) -> str:
    told = {name: value for name, value in (("before", before), ("after", after)) if value is not None}
    return json.dumps(plain_json(told), ensure_ascii=False, sort_keys=True) if told else ""
