"""Corrections: a person's decisions come in, one transaction each, and the case becomes what they make of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from cases.audit import audit
from cases.case import Case, CaseState, Event
from cases.corrected import corrected, judge
from cases.correction import Act, Correction, Refused, Target
from cases.correction_case import (
    ROME,
    Delivery,
    OpenCase,
    basis_of,
    delivery_of,
    held,
    joined_to,
    last_step,
    log_of,
    maybe_of,
    with_told,
)
from cases.correction_tables import CorrectionRow
from cases.correction_told import CLOSED, left
from cases.correction_trail import note_in_trail, told_of_part
from cases.database import Database
from cases.erase import was_erased
from cases.moves import CORRECTED, GATEWAY, READ_AGAIN, move, note_step
from cases.plain import plain
from cases.proposed import BY_ANOTHER, proposer_of
from cases.publish import context_of, publish
from cases.queue import case_of
from cases.recorded import RECORD_VERSION, Recorded, Told, pressed, unpressed
from cases.register import RegisterNumber
from cases.tables import CaseRow, ReadingRow, ReceiptRow, StepRow
from cases.whole import with_joined
from checks.context import CheckSettings, Context
from checks.validation import Outcome
from intake.instants import instant
from templates.load import Library

OPEN: Final = (
    CaseState.WAITING_CLERK, CaseState.WAITING_CUSTOMER, CaseState.HELD, CaseState.QUEUED, CaseState.REFUSAL_PROPOSED,
)  # fmt: skip
"""The states in which a person may put a case right."""
AFTER: Final[Mapping[Outcome, Event]] = {
    Outcome.READY: Event.CLEARED,
    Outcome.INCOMPLETE: Event.FOUND_INCOMPLETE,
    Outcome.HELD_UNTIL: Event.FOUND_EARLY,
    Outcome.NOT_ADMISSIBLE: Event.FOUND_INADMISSIBLE,
    Outcome.WRONG_FORM: Event.FOUND_INADMISSIBLE,
    Outcome.NOT_A_REQUEST: Event.FOUND_INADMISSIBLE,
}


class Stale(Exception):
    """Somebody changed the same thing meanwhile. ``open`` is the case as it stands; the message is Italian."""

    def __init__(self, message: str, open_case: OpenCase) -> None:
        super().__init__(message)
        self.open = open_case


class NotOpen(Exception):
    """The case is not to be corrected any more; the message is Italian and says why."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of one database, with the forms and the settings by which a case is judged."""

    database: Database
    forms: Library
    checks: CheckSettings = field(default_factory=CheckSettings)
    refusals_by_two: bool = False
    """Whoever proposed a refusal cannot confirm it."""
    records: dict[tuple[int, datetime], Recorded] = field(default_factory=dict, repr=False)

    def open(self, number: RegisterNumber, now: datetime) -> OpenCase:
        """Give a case as it stands. Raises ``KeyError`` for an unknown number."""
        with self.database.transaction() as session:
            return self._open(session, _row(session, number), now)

    def case(self, number: RegisterNumber) -> Case:
        """Give a case without what was read of it. Raises ``KeyError`` for an unknown number."""
        with self.database.transaction() as session:
            return case_of(_row(session, number))

    def correct(self, number: RegisterNumber, said: Correction, seen: int, now: datetime) -> OpenCase:
        """Take one decision. ``seen`` is the stamp of its part when the person looked.

        Raises ``Stale``, ``NotOpen``, ``Refused``, ``KeyError``.
        """
        return self.correct_all(number, [(said, seen)], now)

    def correct_all(
        self,
        number: RegisterNumber,
        said: Sequence[tuple[Correction, int]],
        now: datetime,
        also: Callable[[Session, int], None] | None = None,
    ) -> OpenCase:
        """Take several decisions of one person, all or none, each with the stamp of its part. Raises as ``correct``.

        ``also`` is done with the case's id in the same transaction: a job that the decisions call for.
        """
        with self.database.transaction() as session:
            row, open_case = self._lock(session, number, now)
            for one, seen in said:
                _fits(open_case, one)
                _fresh(open_case, one.target, one.name, seen)
            stored = [_stored(row, one, now) for one, _ in said]
            session.add_all(stored)
            if also is not None:
                also(session, row.id)
            after = self._settle(session, row, now, said[0][0].actor)
            for kept, (one, _) in zip(stored, said, strict=True):
                kept.was, kept.now = told_of_part(open_case, one), told_of_part(after, one)
                note_in_trail(session, after, one, now, kept.was, kept.now)
            return after

    def undo(self, number: RegisterNumber, said: Correction, seen: int, now: datetime) -> OpenCase:
        """Take back the decision that holds on the part that ``said`` names; what stood before stands again."""
        with self.database.transaction() as session:
            row, open_case = self._lock(session, number, now)
            _fresh(open_case, said.target, said.name, seen)
            last = next((r for r in open_case.log if r.id == seen and r.undone_at is None), None)
            if last is None:
                raise Refused("Qui non c'è niente da annullare.")
            last.undone_at, last.undone_by = now, said.actor
            after = self._settle(session, row, now, said.actor)
            note_in_trail(session, after, said, now, told_of_part(open_case, said), told_of_part(after, said), "undone")
            return after

    def read_again(self, case_id: int, told: Told, now: datetime) -> str:
        """Put another reading under a case, and judge it anew: every decision of a person still holds over it.

        Gives the case's number, or "" when it is not to be corrected any more. Raises ``KeyError``.
        """
        with self.database.transaction() as session:
            row = session.scalars(select(CaseRow).where(col(CaseRow.id) == case_id).with_for_update()).one_or_none()
            kept = session.get(ReadingRow, row.receipt_id, with_for_update=True) if row is not None else None
            if row is None:
                raise KeyError(case_id)
            if kept is None or row.state not in OPEN or was_erased(row.payload):
                return ""
            record = with_told(row, unpressed(kept.body, kept.record_version), told)
            kept.body, kept.record_version, kept.made_at = pressed(record), RECORD_VERSION, now
            number = self._settle(session, row, now, GATEWAY, READ_AGAIN).case.number
            instant("before again commit")
        instant("after again commit")
        return number

    def finish(self, number: RegisterNumber, step: int, actor: str, now: datetime) -> OpenCase:
        """Let a case go where its checks send it. ``step`` is what the person had seen of it.

        Raises ``Refused`` while something waits for a decision, ``Stale``, ``NotOpen``, ``KeyError``.
        """
        with self.database.transaction() as session:
            row, open_case = self._lock(session, number, now)
            _unchanged(session, open_case, step, actor)
            event = AFTER.get(open_case.found.outcome)
            if event is None:
                raise Refused(left(open_case.found))
            publish(row, open_case.now.reading, open_case.found)
            if row.state == CaseState.REFUSAL_PROPOSED and event is not Event.FOUND_INADMISSIBLE:
                move(session, row, Event.REFUSAL_REJECTED, now, actor)
            if row.state != CaseState.REFUSAL_PROPOSED:
                move(session, row, event, now, actor)
            audit(session, actor, "case_finished", str(number), now, open_case.case.state, row.state)
            return self._moved(session, row, open_case, now)

    def confirm_refusal(self, number: RegisterNumber, step: int, actor: str, now: datetime) -> OpenCase:
        """Refuse a case for good. Raises ``NoArrow`` when no refusal is proposed, ``Refused`` for whoever may not."""
        return self._answer(number, step, actor, now, Event.REFUSAL_CONFIRMED)

    def reject_refusal(self, number: RegisterNumber, step: int, actor: str, now: datetime) -> OpenCase:
        """Take a proposed refusal back; the case waits for a clerk. Raises as ``confirm_refusal``."""
        return self._answer(number, step, actor, now, Event.REFUSAL_REJECTED)

    def _answer(self, number: RegisterNumber, step: int, actor: str, now: datetime, event: Event) -> OpenCase:
        with self.database.transaction() as session:
            row, open_case = self._lock(session, number, now)
            _unchanged(session, open_case, step, actor)
            confirmed = self.refusals_by_two and event is Event.REFUSAL_CONFIRMED
            if confirmed and row.state == CaseState.REFUSAL_PROPOSED and proposer_of(session, row.id) == actor:
                raise Refused(BY_ANOTHER)
            move(session, row, event, now, actor)
            audit(session, actor, event.value, str(number), now, open_case.case.state, row.state)
            return self._moved(session, row, open_case, now)

    def _lock(self, session: Session, number: RegisterNumber, now: datetime) -> tuple[CaseRow, OpenCase]:
        row = _row(session, number, lock=True)
        if was_erased(row.payload):
            raise NotOpen("Il contenuto della pratica è stato cancellato: non si può più correggere.")
        if row.state not in OPEN:
            raise NotOpen(CLOSED[CaseState(row.state)])
        return row, self._open(session, row, now)

    def _open(self, session: Session, row: CaseRow, now: datetime) -> OpenCase:
        receipt = session.get_one(ReceiptRow, row.receipt_id)
        basis = basis_of(row, receipt, session.get(ReadingRow, row.receipt_id), self.records)
        basis = replace(basis, reading=with_joined(session, row, basis.reading))
        log = log_of(session, row.id)
        after = corrected(basis.reading, held(log), self.forms, basis.looked_on)
        found = judge(after, self._context(session, row, now))
        step = last_step(session, row.id)
        return OpenCase(
            case=case_of(row),
            version=row.version,
            step=step,
            delivery=delivery_of(receipt),
            basis=basis,
            now=after,
            found=found,
            joined=joined_to(session, row),
            maybe=maybe_of(session, row.id),
            log=log,
        )

    def _settle(self, session: Session, row: CaseRow, now: datetime, actor: str, event: str = CORRECTED) -> OpenCase:
        """Write what the decisions make of a case; one that was on its way comes back to the clerks' pile."""
        session.flush()
        after = self._open(session, row, now)
        publish(row, after.now.reading, after.found)
        if row.state == CaseState.WAITING_CLERK:
            row.version += 1
            note_step(session, row, event, now, actor)
        else:
            proposed = row.state == CaseState.REFUSAL_PROPOSED
            move(session, row, Event.REFUSAL_REJECTED if proposed else Event.DOUBTED, now, actor)
        return self._moved(session, row, after, now)

    def _moved(self, session: Session, row: CaseRow, before: OpenCase, now: datetime) -> OpenCase:
        """Give a case after a step: what was read, decided and found is as before, and is not worked out again."""
        session.flush()
        if not before.basis.kept:  # it stands on what was published, and that was written anew
            return self._open(session, row, now)
        return replace(before, case=case_of(row), version=row.version, step=last_step(session, row.id))

    def _context(self, session: Session, row: CaseRow, now: datetime) -> Context:
        return context_of(session, row, self.checks, now)


def _row(session: Session, number: RegisterNumber, *, lock: bool = False) -> CaseRow:
    asked = select(CaseRow).where(col(CaseRow.year) == number.year, col(CaseRow.number) == number.number)
    row = session.scalars(asked.with_for_update() if lock else asked).one_or_none()
    if row is None:
        raise KeyError(str(number))
    return row


def _stored(row: CaseRow, said: Correction, now: datetime) -> CorrectionRow:
    return CorrectionRow(
        case_id=row.id,
        at=now,
        actor=said.actor,
        target=said.target.value,
        name=plain(said.name),
        act=said.act.value,
        text=plain(said.text),
        reason=plain(said.reason),
        was={},
        now={},
    )


def _fits(open_case: OpenCase, said: Correction) -> None:
    form = open_case.now.form
    if said.target is Target.FIELD and (form is None or said.name not in form.fields):
        raise Refused("Il modulo non ha questo campo: ricaricare la pagina.")


def _fresh(open_case: OpenCase, target: Target, name: str, seen: int) -> None:
    if open_case.seen(target, name) == seen:
        return
    last = max((r for r in open_case.log if (r.target, r.name) == (target, name)), key=lambda r: r.undone_at or r.at)
    who = (last.undone_by or last.actor).partition(":")[2]
    at = (last.undone_at or last.at).astimezone(ROME)
    raise Stale(f"Alle {at:%H:%M} {who} ha cambiato questo punto: confrontare e decidere quale valore vale.", open_case)


def _unchanged(session: Session, open_case: OpenCase, step: int, actor: str) -> None:
    """Refuse a decision on a case that somebody else changed after it was seen."""
    later = select(StepRow).where(col(StepRow.case_id) == open_case.case.id, col(StepRow.id) > step)
    other = next((s for s in session.scalars(later.order_by(col(StepRow.id).desc())) if s.actor != actor), None)
    if other is not None:
        who = other.actor.partition(":")[2] or "il sistema"
        at = other.at.astimezone(ROME)
        raise Stale(f"Alle {at:%H:%M} {who} ha cambiato la pratica: guardarla di nuovo e poi decidere.", open_case)


__all__ = ["AFTER", "OPEN", "Act", "Corrections", "Delivery", "NotOpen", "OpenCase", "Stale"]
