"""Annul a line of the register: it stays readable, with who, when and why; its number is never given again."""

from datetime import datetime

from sqlmodel import Session

from cases.bins import Kind, Placed
from cases.ledger import append
from cases.plain import plain
from cases.register import RegisterNumber, told_closed
from cases.register_tables import AnnulmentRow, LineRow


class NotAnnulled(Exception):
    """A line cannot be annulled; the message says why and what to do."""


def annul(session: Session, number: RegisterNumber, operator: str, reason: str, now: datetime) -> None:
    """Annul a line, once. Case and letter stay as they are: what was registered did come, or did go out.

    Raises ``NotAnnulled`` for an unknown or annulled number, and without an operator or a reason. Raises
    ``DayClosed`` while the clock is behind.
    """
    line = session.get(LineRow, (number.year, number.number), with_for_update={"key_share": True})
    if line is None:
        raise NotAnnulled(f"the register has no number {number}: 'gateway register list' shows what it has")
    if not operator.strip() or not reason.strip():
        raise NotAnnulled("an annulment needs an operator and a reason: both stay in the register for good")
    if session.get(AnnulmentRow, (number.year, number.number)) is not None:
        raise NotAnnulled(f"number {number} is annulled already: 'gateway register show {number}' says by whom and why")
    told = {"operator": plain(operator.strip()), "reason": plain(reason.strip())}
    session.add(AnnulmentRow(year=number.year, number=number.number, at=now, **told))
    with told_closed(now):
        session.flush()
    noted = Placed(Kind.NOTED, None, line.digest, str(number), f"annulled: {told['reason']}")
    append(session, None, [noted], now)
