"""Outbox: steps of cases that nobody was told of yet -> letters, each in one transaction and once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from cases.case import CaseState
from cases.moves import READ_AGAIN
from cases.tables import CaseRow, ReceiptRow, StepRow
from checks.validation import Outcome
from letters.known import matter_of
from letters.letter import REFUSALS, LetterCode, due, still_true
from letters.matter import Matter
from letters.notes import note
from letters.office import Office
from letters.privacy import whole_codes
from letters.recipient import NoWay, Recipient, Role, Way, recipient
from letters.restored import may_have_gone
from letters.returns import return_sheet
from letters.sending import LetterState
from letters.tables import LetterRow
from letters.words import Sheet, asked, write
from templates.form import Form

_AT_ONCE: Final = 50
_NOBODY: Final = Recipient(Role.SENDER, Way.PRINT, "", lines=("",))


@dataclass(frozen=True, slots=True)
class Written:
    """What a round of writing did: how many steps were seen to, and which letters are ready to be sent."""

    steps: int
    ready: tuple[int, ...]


def write_due(session: Session, office: Office, now: datetime) -> Written:
    """Write the letters of the oldest steps that none was written for; the caller adds their jobs and commits.

    Steps that another process is at are passed over.
    """
    waiting = (
        select(StepRow)
        .where(~col(StepRow.written))
        .order_by(col(StepRow.id))
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    steps = session.scalars(waiting).all()
    letters = [letter for step in steps if (letter := _write(session, office, step, now)) is not None]
    session.flush()
    return Written(len(steps), tuple(letter.id for letter in letters if letter.state == LetterState.READY))


def pass_over(session: Session) -> int:
    """Mark all steps as seen to without a letter: where letters are switched off, nobody is told later either."""
    waiting = select(StepRow).where(~col(StepRow.written)).limit(1000).with_for_update(skip_locked=True)
    steps = session.scalars(waiting).all()
    for step in steps:
        step.written = True
    return len(steps)


def _write(session: Session, office: Office, step: StepRow, now: datetime) -> LetterRow | None:
    step.written = True
    case = session.get_one(CaseRow, step.case_id)
    code = due(step.event, CaseState(step.state), Outcome(case.outcome))
    if code is None or (step.event == READ_AGAIN and code is LetterCode.ACK and _told(session, case.id)):
        return None
    matter, form = matter_of(session, case), office.form(case.form, case.edition)
    row = _draft(code, matter, office, form, step, now)
    row.answers = _answered(session, case, row)
    if row.state == LetterState.READY and not still_true(code, CaseState(case.state)):
        row.state, row.reason = LetterState.DROPPED, "superseded"
    if row.state == LetterState.READY and may_have_gone(session, case, step):
        row.state, row.reason = LetterState.HELD, "restored"
    session.add(row)
    session.flush()
    note(session, row, "written", now, detail={"state": row.state, "reason": row.reason})
    return row


def _draft(
    code: LetterCode, matter: Matter, office: Office, form: Form | None, step: StepRow, now: datetime
) -> LetterRow:
    """Write a letter as it would go out now; what may not go by itself is written all the same, for a clerk."""
    found = recipient(matter, office.own, pec=office.pec)
    to = found if isinstance(found, Recipient) else _NOBODY
    wanted = asked(matter, form, to.way)
    sheet = return_sheet(matter, form, wanted, office.key) if code in _ASKS else None
    told = write(code, matter, to, office.house, form, Sheet(sheet is not None, bool(sheet and sheet.signed)))
    state, reason = _fate(code, matter, found, office, asks=bool(wanted))
    if whole_codes(told.text):
        state, reason = LetterState.WITHHELD, "whole_code"
    return LetterRow(
        step_id=step.id,
        case_id=step.case_id,
        created_at=now,
        code=code.value,
        state=state,
        reason=reason,
        way=to.way,
        role=to.role,
        to_name=to.name,
        to_address=to.to,
        to_lines=[line for line in to.lines if line],
        title=told.title,
        subject=told.subject,
        body=told.text,
        sheet=sheet.code if sheet else "",
        answers="",
        message_id="",
        year=None,
        number=None,
        document="",
        sent="",
        attempts=0,
        resends=0,
        version=1,
    )


_ASKS: Final = frozenset({LetterCode.INTEGRATION, LetterCode.JOINED})


def _fate(
    code: LetterCode, matter: Matter, found: Recipient | NoWay, office: Office, *, asks: bool
) -> tuple[LetterState, str]:
    if isinstance(found, NoWay):
        return LetterState.WITHHELD, found.reason
    if code is LetterCode.INTEGRATION and not asks:
        return LetterState.WITHHELD, "nothing_asked"
    if code in REFUSALS and not still_true(code, matter.state):
        return LetterState.WITHHELD, "refusal_unconfirmed"
    return (LetterState.HELD, "look_first") if code in office.holds else (LetterState.READY, "")


def _told(session: Session, case_id: int) -> bool:
    """Tell whether a letter about a case went out, or may still."""
    gone = (LetterState.WITHHELD, LetterState.DROPPED)
    mine = select(col(LetterRow.id)).where(col(LetterRow.case_id) == case_id, col(LetterRow.state).not_in(gone))
    return session.execute(mine.limit(1)).scalar() is not None


def _answered(session: Session, case: CaseRow, row: LetterRow) -> str:
    """Give the Message-ID that a letter answers: only to whoever wrote it."""
    if row.way not in {Way.EMAIL, Way.PEC} or row.to_address.lower() != case.sender.lower():
        return ""
    return session.get_one(ReceiptRow, case.receipt_id).message_id
