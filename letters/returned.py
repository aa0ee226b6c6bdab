"""Returned: PEC receipts, bounces and automatic answers -> the letter that they are about.

They are in the ledger already, in the bin of receipts, with the Message-ID that they name. Here the ledger is followed
line by line; its tip orders all writers, so that no line appears behind one that was seen.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.bins import Bin, Kind
from cases.sources import note_trouble
from cases.tables import EntryRow, ReceiptRow
from letters.notes import note, turn
from letters.sending import NotNow, What
from letters.tables import LetterMarkRow, LetterRow

_AT_ONCE: Final = 500
_PEC: Final[Mapping[str, What | None]] = MappingProxyType(
    {
        "accettazione": What.DELIVERED,
        "presa-in-carico": None,
        "avvenuta-consegna": What.DELIVERED,
        "preavviso-errore-consegna": None,
        "non-accettazione": What.RETURNED,
        "mancata-consegna": What.RETURNED,
        "errore-consegna": What.RETURNED,
        "rilevazione-virus": What.RETURNED,
    }
)
"""What each PEC receipt means for a letter: None is only noted, and so is whatever nobody has seen yet."""
_REPORT: Final[Mapping[str, What]] = MappingProxyType(
    {"failed": What.RETURNED, "delivered": What.DELIVERED, "relayed": What.DELIVERED}
)
"""What the action of a delivery report (RFC 3464) means; "delayed" and all others are only noted."""


def follow(session: Session, now: datetime) -> int:
    """Put what came back since the last time to its letters; give how many letters it was about."""
    session.execute(insert(LetterMarkRow).values(id=1, seq=0).on_conflict_do_nothing())
    mark = session.get_one(LetterMarkRow, 1, with_for_update=True, populate_existing=True)
    lines = select(EntryRow).where(col(EntryRow.seq) > mark.seq).order_by(col(EntryRow.seq)).limit(_AT_ONCE)
    found = 0
    for line in session.scalars(lines).all():
        mark.seq = line.seq
        if line.kind == Kind.MESSAGE and line.bin == Bin.RECEIPT and line.target and line.receipt_id is not None:
            found += _put(session, line.target, line.receipt_id, line.reason, now)
    return found


def _put(session: Session, message_id: str, receipt_id: int, kind: str, now: datetime) -> int:
    asked = select(LetterRow).where(col(LetterRow.message_id) == message_id).with_for_update()
    letter = session.execute(asked).scalar_one_or_none()
    receipt = session.get(ReceiptRow, receipt_id)
    if letter is None or receipt is None:
        return 0
    told, what = meaning(kind, receipt.facts)
    note(session, letter, told, now, receipt_id=receipt_id)
    if what is not None:
        _turn(session, letter, what, told, receipt_id, now)
    return 1


def meaning(kind: str, facts: Mapping[str, str]) -> tuple[str, What | None]:
    """Say what came back, and what it means for the letter."""
    if pec := facts.get("pec", ""):
        return pec, _PEC.get(pec)
    if kind == "bounce":
        action = facts.get("report_action", "")
        return f"bounce {action}".strip(), _REPORT.get(action)
    return kind, None


def _turn(session: Session, letter: LetterRow, what: What, told: str, receipt_id: int, now: datetime) -> None:
    """Settle the letter; what comes late, after another answer or a second sending, is only noted."""
    try:
        turn(session, letter, what, now, reason=told, receipt_id=receipt_id)
    except NotNow:
        return
    if what is What.RETURNED:
        note_trouble(session, "letter_returned", f"letter {letter.id}", RETURNED, now)
    else:
        letter.sent_at = letter.sent_at or now


RETURNED: Final = "La lettera non è arrivata: guardare perché, e mandarla per un'altra via."
