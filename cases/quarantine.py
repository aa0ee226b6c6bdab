"""Quarantine: what could not be read, each with its reason. A clerk has its case; an operator may release it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from cases.bins import Kind, Placed
from cases.case import CaseState
from cases.erase import forget_reading
from cases.ledger import append
from cases.register import RegisterNumber
from cases.tables import CaseRow, ReceiptRow
from intake.scanner import FOUND

RELEASED: Final = "released from quarantine"
"""How the ledger's line about a release begins. What it said of the receipt before counts no more."""


class NotReleased(Exception):
    """A receipt cannot be released. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Held:
    """A receipt in quarantine. ``reason`` is what the clerk reads; ``deaths`` counts workers that died over it."""

    receipt_id: int
    number: RegisterNumber
    channel: str
    received_at: datetime
    deaths: int
    reason: str


def quarantined(session: Session) -> Sequence[Held]:
    """List what could not be read and is still with a clerk, oldest first."""
    query = (
        select(ReceiptRow, CaseRow)
        .join(CaseRow, col(CaseRow.receipt_id) == col(ReceiptRow.id))
        .where(col(ReceiptRow.failure) != "", col(CaseRow.state) == CaseState.WAITING_CLERK)
        .order_by(col(ReceiptRow.id))
    )
    return [
        Held(r.id, RegisterNumber(c.year, c.number), r.channel, r.received_at, r.deaths, r.failure)
        for r, c in session.execute(query)
    ]


def release(session: Session, receipt_id: int, reason: str, now: datetime) -> None:
    """Let a receipt be read again, into the case that it has. The caller adds the job. Raises ``NotReleased``."""
    receipt = session.get(ReceiptRow, receipt_id, with_for_update=True)
    if receipt is None or not receipt.failure or receipt.erased_at is not None:
        raise NotReleased(f"receipt {receipt_id} is not in quarantine: 'gateway quarantine list' shows what is")
    worked_on = exists().where(col(CaseRow.receipt_id) == receipt_id, col(CaseRow.state) != CaseState.WAITING_CLERK)
    changed = select(func.count()).where(col(CaseRow.receipt_id) == receipt_id, col(CaseRow.version) > 1)
    if session.scalar(select(worked_on)) or session.scalar(changed):
        raise NotReleased(f"a clerk has worked on the case of receipt {receipt_id}: it stays as it is")
    receipt.state, receipt.failure, receipt.deaths, receipt.sweeps = "received", "", 0, 0
    receipt.facts = {name: told for name, told in receipt.facts.items() if name != FOUND}  # it is scanned anew
    forget_reading(session, receipt_id)  # it is about to be read anew
    session.flush()
    append(session, receipt_id, [Placed(Kind.NOTED, None, receipt.digest, reason=f"{RELEASED}: {reason}")], now)
