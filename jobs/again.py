"""Read a case again after a person said where its sheets belong. Safe to run twice; their decisions still hold."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from cases.correction_case import held, log_of
from cases.correction_store import Corrections
from cases.paper import Slot, slots_of
from cases.quarantine import found_late
from cases.recorded import Told
from cases.sources import note_trouble
from cases.submission import Looked, Submission
from cases.tables import CaseRow, ReceiptRow
from cases.transcript import Transcript
from cases.wishes import answered, last_wish
from intake.instants import instant
from intake.scanner import FOUND
from jobs.app import Wiring
from jobs.retries import Again, Next, decide, wait_s
from jobs.scanning import infected
from templates.load import load_forms

NOTHING_NEW = "La rilettura non ha riconosciuto il foglio: indicare i quattro angoli, o scrivere i valori a mano."


def read_again(wiring: Wiring, case_id: int, attempts: int) -> str:
    """Read a case again; give what came of it, for the log. Raises ``Again`` when it should be tried later."""
    with wiring.database.transaction() as session:
        wish = last_wish(session, case_id)
    try:
        said = _read(wiring, case_id)
    except Exception as error:
        verdict = decide(error, attempts)
        if verdict.next is Next.AGAIN:
            raise Again(wait_s(wiring.patience.retry_s, attempts)) from error
        give_up(wiring, case_id, wish)
        raise
    instant("before wish answered")
    with wiring.database.transaction() as session:
        answered(session, case_id, wish)
    instant("after wish answered")
    return said


def give_up(wiring: Wiring, case_id: int, wish: int) -> None:
    """Tell that reading a case again brings nothing, and end the wishes up to this one."""
    with wiring.database.transaction() as session:
        note_trouble(session, "read_again", f"case {_number(session, case_id)}", NOTHING_NEW, wiring.now())
        answered(session, case_id, wish)


def _read(wiring: Wiring, case_id: int) -> str:
    with wiring.database.transaction() as session:
        row = session.get_one(CaseRow, case_id)
        slots = tuple(slots_of(held(log_of(session, case_id))))
        receipt_id = row.receipt_id
        virus = session.get_one(ReceiptRow, receipt_id).facts.get(FOUND)
    receipt, _ = wiring.store.receipt(receipt_id)
    if wiring.again is None:
        raise RuntimeError("this process was not wired to read anything again: see gateway/wiring.py")
    instant("before look again")
    looked = infected(virus) if virus else wiring.again(receipt, wiring.originals.read(receipt.digest), slots)
    instant("after look again")
    if FOUND in looked.facts:
        _quarantine(wiring, case_id, receipt_id, looked)
        return "infected"
    found = _of_case(looked.submissions, slots)
    if found is None:
        _tell(wiring, case_id, NOTHING_NEW)
        return "nothing new"
    told = Told(found.reading, found.transcript or Transcript())
    return Corrections(wiring.database, load_forms(), wiring.matcher.judge.checks).read_again(
        case_id, told, wiring.now()
    )


def _quarantine(wiring: Wiring, case_id: int, receipt_id: int, looked: Looked) -> None:
    """Let nobody open what the scanner has learnt to find something in; operator and clerk are told, once each."""
    virus, now = looked.facts[FOUND], wiring.now()
    with wiring.database.transaction() as session:
        if found_late(session, receipt_id, virus, looked.failure, now):
            note_trouble(session, "virus", f"receipt {receipt_id}", f"{virus}: it is in quarantine from now on", now)
        note_trouble(session, "read_again", f"case {_number(session, case_id)}", looked.failure, now)
        instant("virus noted")


def _of_case(found: Sequence[Submission], slots: Sequence[Slot]) -> Submission | None:
    """Choose the submission in which most of the named sheets lie."""
    named = {(slot.file, slot.number) for slot in slots}

    def holds(one: Submission) -> int:
        return len(named & {(p.file, p.page) for p in one.reading.pages if p.form_page is not None})

    best = max(found, key=holds, default=None)
    return best if best is not None and holds(best) else None


def _tell(wiring: Wiring, case_id: int, message: str) -> None:
    with wiring.database.transaction() as session:
        note_trouble(session, "read_again", f"case {_number(session, case_id)}", message, wiring.now())


def _number(session: Session, case_id: int) -> str:
    row = session.scalars(select(CaseRow).where(col(CaseRow.id) == case_id)).one()
    return f"{row.year}/{row.number:07d}"
