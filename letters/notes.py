"""Notes: what happened to a letter, one line each, and the one way in which its state changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.moves import GATEWAY
from letters.sending import LetterState, What, after
from letters.tables import LetterNoteRow, LetterRow


def note(
    session: Session,
    letter: LetterRow,
    what: str,
    now: datetime,
    actor: str = GATEWAY,
    detail: Mapping[str, Any] | None = None,
    receipt_id: int | None = None,
) -> None:
    """Write down that something happened to a letter."""
    row = LetterNoteRow(
        letter_id=letter.id, at=now, what=what, actor=actor, detail=dict(detail or {}), receipt_id=receipt_id
    )
    session.add(row)


def turn(
    session: Session,
    letter: LetterRow,
    what: What,
    now: datetime,
    actor: str = GATEWAY,
    reason: str = "",
    receipt_id: int | None = None,
) -> None:
    """Bring a letter to the state after something happened, and note it. Raises ``NotNow``.

    ``letter`` is locked by the caller's transaction.
    """
    letter.state = after(LetterState(letter.state), what)
    letter.reason = reason
    letter.version += 1
    note(session, letter, what, now, actor, {"reason": reason} if reason else {}, receipt_id)
