"""Mails that come a second time under another name, because their mailbox was numbered anew."""

from datetime import datetime
from typing import Final

from sqlalchemy import exists, select
from sqlmodel import Session, col

from cases.bins import Bin, Kind, Placed
from cases.ledger import append
from cases.tables import AliasRow, ReceiptRow

_MAILBOX: Final = "imap:"


def known_by_another_name(session: Session, origin: str, digest: str, now: datetime) -> bool:
    """Tell whether a mail was taken in before its mailbox was numbered anew; then note its new name.

    A new UIDVALIDITY shows every mail again, under another UID. Each earlier receipt with the same bytes stands for
    one of them; what is left over is a mail of its own. Nobody else takes from this mailbox now: its turn is ours.
    """
    if not origin.startswith(_MAILBOX) or _exists(session, origin):
        return False
    if session.get(AliasRow, origin) is not None:
        return True
    receipt_id = _earlier(session, origin, digest)
    if receipt_id is None:
        return False
    session.add(AliasRow(origin=origin, receipt_id=receipt_id, at=now))
    session.flush()
    again = Placed(Kind.MESSAGE, Bin.DUPLICATE, digest, f"receipt {receipt_id}", "mailbox_numbered_anew")
    append(session, receipt_id, [again], now)
    return True


def _exists(session: Session, origin: str) -> bool:
    return bool(session.execute(select(exists().where(col(ReceiptRow.origin) == origin))).scalar())


def _earlier(session: Session, origin: str, digest: str) -> int | None:
    """Give the first receipt of the same bytes, mailbox and another epoch that no mail of this epoch stands for yet."""
    mailbox, validity, _ = origin.rsplit("/", 2)
    same = select(col(ReceiptRow.id), col(ReceiptRow.origin)).where(col(ReceiptRow.digest) == digest)
    for receipt_id, other in session.execute(same.order_by(col(ReceiptRow.id))):
        where, epoch, _ = f"//{other}".rsplit("/", 2)
        if where == f"//{mailbox}" and epoch != validity and not _taken(session, receipt_id, f"{mailbox}/{validity}"):
            return int(receipt_id)
    return None


def _taken(session: Session, receipt_id: int, epoch: str) -> bool:
    names = select(col(AliasRow.origin)).where(col(AliasRow.receipt_id) == receipt_id)
    return any(name.rsplit("/", 1)[0] == epoch for name in session.scalars(names))
