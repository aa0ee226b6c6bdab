"""Corrections: a person's decisions come in, one transaction each, and the case becomes what they make of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import select
from sqlmodel import Session, col

from cases.case import CaseState, Event
from cases.contract import FieldOut, field_out
from cases.corrected import corrected, judge
from cases.correction import Act, Correction, Refused, Target
from cases.correction_case import ROME, Delivery, OpenCase, basis_of, delivery_of, held, last_step, log_of
from cases.correction_tables import CorrectionRow
from cases.database import Database
from cases.erase import was_erased
from cases.moves import CORRECTED, move, note_step
from cases.plain import plain, plain_json
from cases.publish import context_of, publish
from cases.queue import case_of
from cases.recorded import Recorded
from cases.register import RegisterNumber
from cases.tables import CaseRow, ReadingRow, ReceiptRow, StepRow
from cases.whole import with_joined
from checks.context import CheckSettings, Context
from checks.validation import Outcome, Validation
from parsers.reading import Value
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
    records: dict[tuple[int, datetime], Recorded] = field(default_factory=dict, repr=False)

    def open(self, number: RegisterNumber, now: datetime) -> OpenCase:
        """Give a case as it stands. Raises ``KeyError`` for an unknown number."""
        with self.database.transaction() as session:
            return self._open(session, _row(session, number), now)

    def correct(self, number: RegisterNumber, said: Correction, seen: int, now: datetime) -> OpenCase:
        """Take one decision. ``seen`` is the stamp of its part when the person looked.

        Raises ``Stale``, ``NotOpen``, ``Refused``, ``KeyError``.
        """
        with self.database.transaction() as session:
            row, open_case = self._lock(session, number, now)
            _fresh(open_case, said.target, said.name, seen)
            if said.target is Target.FIELD and (
                open_case.now.form is None or said.name not in open_case.now.form.fields
            ):
                raise Refused("Il modulo non ha questo campo: ricaricare la pagina.")
            stored = _stored(row, said, now)
            session.add(stored)
            after = self._settle(session, row, now, said.actor)
            stored.was, stored.now = _told(open_case, said), _told(after, said)
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
            return self._settle(session, row, now, said.actor)

    def again(self, session: Session, row: CaseRow, now: datetime, actor: str) -> OpenCase:
        """Judge a locked case anew, after its papers or its reading changed: every decision still holds."""
        return self._settle(session, row, now, actor)

    def finish(self, number: RegisterNumber, step: int, actor: str, now: datetime) -> OpenCase:
        """Let a case go where its checks send it. ``step`` is what the person had seen of it.

        Raises ``Refused`` while something waits for a decision, ``Stale``, ``NotOpen``, ``KeyError``.
        """
        with self.database.transaction() as session:
            row, open_case = self._lock(session, number, now)
            _unchanged(session, open_case, step, actor)
            event = AFTER.get(open_case.found.outcome)
            if event is None:
                raise Refused(_left(open_case.found))
            publish(row, open_case.now.reading, open_case.found)
            if row.state == CaseState.REFUSAL_PROPOSED and event is not Event.FOUND_INADMISSIBLE:
                move(session, row, Event.REFUSAL_REJECTED, now, actor)
            if row.state != CaseState.REFUSAL_PROPOSED:
                move(session, row, event, now, actor)
            session.flush()
            return self._open(session, row, now)

    def confirm_refusal(self, number: RegisterNumber, step: int, actor: str, now: datetime) -> OpenCase:
        """Refuse a case for good. Raises ``NoArrow`` when no refusal is proposed; else as ``finish``."""
        return self._answer(number, step, actor, now, Event.REFUSAL_CONFIRMED)

    def reject_refusal(self, number: RegisterNumber, step: int, actor: str, now: datetime) -> OpenCase:
        """Take a proposed refusal back; the case waits for a clerk. Raises as ``confirm_refusal``."""
        return self._answer(number, step, actor, now, Event.REFUSAL_REJECTED)

    def _answer(self, number: RegisterNumber, step: int, actor: str, now: datetime, event: Event) -> OpenCase:
        with self.database.transaction() as session:
            row, open_case = self._lock(session, number, now)
            _unchanged(session, open_case, step, actor)
            move(session, row, event, now, actor)
            session.flush()
            return self._open(session, row, now)

    def _lock(self, session: Session, number: RegisterNumber, now: datetime) -> tuple[CaseRow, OpenCase]:
        row = _row(session, number, lock=True)
        if was_erased(row.payload):
            raise NotOpen("Il contenuto della pratica è stato cancellato: non si può più correggere.")
        if row.state not in OPEN:
            raise NotOpen(_CLOSED[CaseState(row.state)])
        return row, self._open(session, row, now)

    def _open(self, session: Session, row: CaseRow, now: datetime) -> OpenCase:
        receipt = session.get_one(ReceiptRow, row.receipt_id)
        basis = basis_of(row, receipt, session.get(ReadingRow, row.receipt_id), self.records)
        basis = replace(basis, reading=with_joined(session, row, basis.reading))
        log = log_of(session, row.id)
        after = corrected(basis.reading, held(log), self.forms, basis.looked_on)
        found = judge(after, self._context(session, row, now))
        step = last_step(session, row.id)
        return OpenCase(case_of(row), row.version, step, delivery_of(receipt), basis, after, found, log)

    def _settle(self, session: Session, row: CaseRow, now: datetime, actor: str) -> OpenCase:
        """Write what the decisions make of a case; one that was on its way comes back to the clerks' pile."""
        session.flush()
        after = self._open(session, row, now)
        publish(row, after.now.reading, after.found)
        if row.state == CaseState.WAITING_CLERK:
            row.version += 1
            note_step(session, row, CORRECTED, now, actor)
        else:
            proposed = row.state == CaseState.REFUSAL_PROPOSED
            move(session, row, Event.REFUSAL_REJECTED if proposed else Event.DOUBTED, now, actor)
        session.flush()
        return self._open(session, row, now)

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


def _told(at: OpenCase, said: Correction) -> dict[str, Any]:
    """Say what stands in the part that a decision is about, for the record of what was changed from what to what."""
    if said.target is not Target.FIELD:
        held_now = at.now.of(said.target, said.name)
        return {"act": held_now.act.value, "text": held_now.text} if held_now else {}
    value: Value | None = at.found.values.get(said.name)
    if value is None:
        return {}
    return cast("dict[str, Any]", plain_json(_brief(field_out(value))))


def _brief(told: FieldOut) -> dict[str, Any]:
    return told.model_dump(mode="json", include={"value", "raw", "state", "source", "confidence", "proposals"})


def _left(found: Validation) -> str:
    return (
        "La pratica non si può ancora chiudere: restano punti da decidere "
        f"({len(found.reasons)}). Deciderli, oppure passarla al responsabile."
    )


_CLOSED: Final = {
    CaseState.LINKED: "La pratica è unita a un'altra: correggere quella.",
    CaseState.REFUSED: "La pratica è stata respinta: non si può più correggere.",
    CaseState.HANDED_OVER: "La pratica è già in lavorazione presso lo Sportello: non si può più correggere qui.",
    CaseState.CLOSED: "La pratica è chiusa: non si può più correggere.",
}
__all__ = ["AFTER", "OPEN", "Act", "Corrections", "Delivery", "NotOpen", "OpenCase", "Stale"]
