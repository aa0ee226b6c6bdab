"""Quarantine: what could not be read, each with its reason. A clerk has its case; an operator may release it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from cases.audit import audit
from cases.bins import Kind, Placed
from cases.case import CaseState
from cases.erase import forget_reading
from cases.ledger import append
from cases.match import OPEN
from cases.moves import GATEWAY
from cases.plain import plain
from cases.recorded import unpressed
from cases.register import RegisterNumber
from cases.tables import CaseRow, ReadingRow, ReceiptRow
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


@dataclass(frozen=True, slots=True)
class Released:
    """What is to be read now that a receipt is out of quarantine: itself, or these cases once more."""

    receipt: bool = False
    cases: tuple[int, ...] = ()


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


def found_late(session: Session, receipt_id: int, virus: str, sentence: str, now: datetime) -> bool:
    """Put a receipt that was read before into quarantine: a scanner has learnt to find a virus in it.

    What was read stays with its cases and in the ledger, nobody is given the original any more, and the audit trail
    has a line for each case. False when that was known.
    """
    receipt = session.get_one(ReceiptRow, receipt_id, with_for_update=True)
    if FOUND in receipt.facts:
        return False
    receipt.facts = {**receipt.facts, FOUND: plain(virus)}
    receipt.failure = plain(sentence)
    session.flush()
    _told(session, receipt_id, "virus_found", plain(virus), now)
    return True


def release(session: Session, receipt_id: int, reason: str, now: datetime) -> Released:
    """Let a receipt out of quarantine. The caller adds the jobs that the answer tells of. Raises ``NotReleased``.

    What could not be read is read into the case that it has. Where a virus was found only after it had been read,
    the receipt stays as it was read, and what a clerk asked to be read again is.
    """
    receipt = session.get(ReceiptRow, receipt_id, with_for_update=True)
    if receipt is None or not receipt.failure or receipt.erased_at is not None:
        raise NotReleased(f"receipt {receipt_id} is not in quarantine: 'gateway quarantine list' shows what is")
    if _was_read(session, receipt_id):
        _let_out(session, receipt)
        _told(session, receipt_id, "virus_released", reason, now)
        open_ = select(col(CaseRow.id)).where(col(CaseRow.receipt_id) == receipt_id, col(CaseRow.state).in_(OPEN))
        return Released(cases=tuple(session.scalars(open_.order_by(col(CaseRow.id)))))
    worked_on = exists().where(col(CaseRow.receipt_id) == receipt_id, col(CaseRow.state) != CaseState.WAITING_CLERK)
    changed = select(func.count()).where(col(CaseRow.receipt_id) == receipt_id, col(CaseRow.version) > 1)
    if session.scalar(select(worked_on)) or session.scalar(changed):
        raise NotReleased(f"a clerk has worked on the case of receipt {receipt_id}: it stays as it is")
    receipt.state, receipt.deaths, receipt.sweeps = "received", 0, 0
    forget_reading(session, receipt_id)  # it is about to be read anew
    _let_out(session, receipt)
    append(session, receipt_id, [Placed(Kind.NOTED, None, receipt.digest, reason=f"{RELEASED}: {reason}")], now)
    return Released(receipt=True)


def _was_read(session: Session, receipt_id: int) -> bool:
    kept = session.get(ReadingRow, receipt_id)
    return kept is not None and not unpressed(kept.body, kept.record_version).failure


def _let_out(session: Session, receipt: ReceiptRow) -> None:
    receipt.failure = ""
    receipt.facts = {name: told for name, told in receipt.facts.items() if name != FOUND}  # it is scanned anew
    session.flush()


def _told(session: Session, receipt_id: int, action: str, after: str, now: datetime) -> None:
    """Let the trail tell of each case of a receipt."""
    mine = select(CaseRow).where(col(CaseRow.receipt_id) == receipt_id).order_by(col(CaseRow.id))
    for case in session.scalars(mine):
        audit(session, GATEWAY, action, str(RegisterNumber(case.year, case.number)), now, after=after)
