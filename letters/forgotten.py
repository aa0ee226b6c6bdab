"""Forgotten: the contents of the letters about a receipt's cases are erased; number, dates and digests stay."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlmodel import Session, col

from cases.register import Direction, RegisterNumber
from cases.register_tables import LineRow
from cases.tables import CaseRow
from letters.tables import LetterNoteRow, LetterRow

_GONE = {"to_name": "", "to_address": "", "to_lines": [], "body": "", "subject": "", "sheet": "", "answers": ""}


def forget_letters(session: Session, receipt_id: int) -> None:
    """Empty every letter about the cases of a receipt, and its line in the register."""
    cases = session.scalars(select(CaseRow).where(col(CaseRow.receipt_id) == receipt_id)).all()
    mine = [case.id for case in cases]
    letters = select(col(LetterRow.id)).where(col(LetterRow.case_id).in_(mine))
    session.execute(update(LetterNoteRow).where(col(LetterNoteRow.letter_id).in_(letters)).values(detail={}))
    session.execute(update(LetterRow).where(col(LetterRow.case_id).in_(mine)).values(**_GONE))
    numbers = [str(RegisterNumber(case.year, case.number)) for case in cases]
    lines = update(LineRow).where(
        col(LineRow.direction) == Direction.OUT, col(LineRow.reference).in_(numbers), col(LineRow.salt) != ""
    )
    session.execute(lines.values(sender="", recipient="", subject="", salt=""))


def forgotten_files(session: Session) -> Sequence[str]:
    """Give the digests of what was kept of letters that were emptied: these files are to go."""
    empty = select(col(LetterRow.document), col(LetterRow.sent)).where(col(LetterRow.body) == "")
    return [digest for pair in session.execute(empty) for digest in pair if digest]
