"""Threads: which cases our letters were about, for mails that answer them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from letters.tables import LetterRow


def cases_answered(session: Session, message_ids: Sequence[str]) -> Sequence[int]:
    """Give the cases of the letters with these Message-IDs."""
    asked = select(col(LetterRow.case_id)).where(col(LetterRow.message_id).in_([m for m in message_ids if m]))
    return session.scalars(asked).all()
