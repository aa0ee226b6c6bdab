"""Enter what was settled before there was a ledger: once, when the ledger is still empty."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from cases.bins import Bin, Kind, Placed
from cases.database import Database
from cases.ledger import append, registered, tip
from cases.register import RegisterNumber
from cases.register_tables import LineRow
from cases.tables import ReceiptRow, RefusalRow

_WHY = "settled_before_the_ledger"


def enter_late(database: Database, now: datetime) -> int:
    """Write a line for each receipt settled so far, and for its lines of the register; give how many receipts."""
    with database.transaction() as session:
        append(session, None, [], now)  # holds the tip: of two that come at once the second finds the work done
        if tip(session).count:
            return 0
        settled = select(ReceiptRow).where(col(ReceiptRow.state) == "settled").order_by(col(ReceiptRow.id))
        rows = session.scalars(settled).all()
        for row in rows:
            append(session, row.id, _lines(session, row), now)
        return len(rows)


def _lines(session: Session, row: ReceiptRow) -> list[Placed]:
    mine = select(LineRow).where(col(LineRow.receipt_id) == row.id).order_by(col(LineRow.number))
    lines = [(line, str(RegisterNumber(line.year, line.number))) for line in session.scalars(mine)]
    if lines:
        message = Placed(Kind.MESSAGE, Bin.USED, row.digest, ", ".join(n for _, n in lines), _WHY, name=row.name)
    else:
        whole = select(col(RefusalRow.reason)).where(col(RefusalRow.receipt_id) == row.id, col(RefusalRow.whole))
        message = Placed(Kind.MESSAGE, Bin.REFUSED, row.digest, "", session.scalar(whole) or _WHY, name=row.name)
    return [message, *(registered(line, number) for line, number in lines)]
