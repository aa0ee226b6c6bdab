"""Erase contents: what a delivery said goes, that it came stays. Number, dates and digest remain on every line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, text, tuple_, update
from sqlmodel import Session, col

from cases.audit import forget_said
from cases.bins import Kind, Placed
from cases.correction_tables import CorrectionRow, SecondRow
from cases.ledger import append
from cases.plain import storable_origin
from cases.register import Direction, RegisterNumber
from cases.register_tables import LineRow
from cases.tables import CaseRow, EntryRow, ReadingRow, ReceiptRow, RefusalRow
from checks.validation import Severity

_WORDS: Final = "Il contenuto è stato cancellato il {day}. Restano numero di registro, date e canale."
_GONE: Final = "[cancellato]"
_ERASED_ORIGIN: Final = "erased:"
_NOBODY: Final = {"sender": "", "recipient": "", "subject": "", "salt": ""}
"""What a line of the register says of a person; its number, dates, digest and seal stay."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is erased of one receipt, and why. ``reason`` names no person: it stays for good."""

    receipt_id: int
    reason: str
    original: bool = True
    values: bool = True


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased. ``original`` tells that the file of that digest is to go, too."""

    receipt_id: int
    numbers: tuple[str, ...]
    digest: str
    original: bool
    origin: str
    """Where the delivery came from, for the copy that its source may still hold."""


def erase(session: Session, erasure: Erasure, now: datetime) -> Erased:
    """Erase the contents of a receipt and of its cases. Raises ``KeyError``, and ``ValueError`` when not settled."""
    receipt = session.get(ReceiptRow, erasure.receipt_id, with_for_update=True)
    if receipt is None:
        raise KeyError(erasure.receipt_id)
    if receipt.state != "settled":
        raise ValueError(f"receipt {receipt.id} is not settled yet: wait until it is, or run 'gateway work'")
    cases = session.scalars(
        select(CaseRow).where(col(CaseRow.receipt_id) == receipt.id).order_by(col(CaseRow.id))
    ).all()
    numbers = tuple(str(RegisterNumber(c.year, c.number)) for c in cases)
    erased = Erased(receipt.id, numbers, receipt.digest, erasure.original, receipt.origin)
    if erasure.original:
        receipt.erased_at = now
    if erasure.values:
        _forget_words(session, receipt, cases, now)
        forget_said(session, numbers)
    session.flush()
    what = "+".join(name for name, wanted in (("original", erasure.original), ("values", erasure.values)) if wanted)
    line = Placed(Kind.ERASED, None, receipt.digest, ", ".join(numbers), f"{what}: {erasure.reason}")
    append(session, receipt.id, [line], now)
    return erased


def erased_origin(origin: str) -> str:
    """Give the name under which an erased delivery is still recognized: it tells nothing, and comes back as known."""
    return f"{_ERASED_ORIGIN}{sha256(storable_origin(origin).encode()).hexdigest()}"


def was_erased(payload: Mapping[str, Any]) -> bool:
    """Tell whether the contents of a case were erased."""
    return any(finding["rule"] == "erased" for finding in payload["findings"])


def needed(session: Session, digest: str) -> bool:
    """Tell whether a receipt that is not erased has these bytes: two deliveries may have the same."""
    still = exists().where(col(ReceiptRow.digest) == digest, col(ReceiptRow.erased_at).is_(None))
    return bool(session.execute(select(still)).scalar())


def _forget_words(session: Session, receipt: ReceiptRow, cases: Sequence[CaseRow], now: datetime) -> None:
    names = {name for name in (receipt.name, receipt.sender, receipt.subject) if len(name) > 3}
    for name in names:
        session.execute(text("DELETE FROM problem WHERE position(:name IN message) > 0"), {"name": name})
    forget_reading(session, receipt.id)
    _forget_receipt(receipt)
    mine_ids = [case.id for case in cases]
    session.execute(delete(CorrectionRow).where(col(CorrectionRow.case_id).in_(mine_ids)))
    session.execute(delete(SecondRow).where(col(SecondRow.case_id).in_(mine_ids)))
    for case in cases:
        case.sender = ""
        case.payload = _tombstone(case.payload, now)
        case.version += 1
    letters = _letters(session, cases)
    about_it = and_(col(EntryRow.kind) == Kind.REGISTERED, col(EntryRow.target).in_([str(n) for n in letters]))
    lines = or_(
        col(LineRow.receipt_id) == receipt.id,
        tuple_(col(LineRow.year), col(LineRow.number)).in_([(n.year, n.number) for n in letters]),
    )
    mine: Mapping[type[Any], tuple[ColumnElement[bool], Mapping[str, str]]] = {
        RefusalRow: (col(RefusalRow.receipt_id) == receipt.id, {"name": _GONE, "message": _GONE}),
        LineRow: (lines, _NOBODY),
        EntryRow: (or_(col(EntryRow.receipt_id) == receipt.id, about_it), {"name": "", "salt": ""}),
    }
    for table, (where, values) in mine.items():
        session.execute(update(table).where(where).values(**values))


def _letters(session: Session, cases: Sequence[CaseRow]) -> list[RegisterNumber]:
    """Give the numbers of what went out about cases."""
    about = [str(RegisterNumber(c.year, c.number)) for c in cases]
    found = select(col(LineRow.year), col(LineRow.number)).where(
        col(LineRow.direction) == Direction.OUT, col(LineRow.reference).in_(about)
    )
    return [RegisterNumber(year, number) for year, number in session.execute(found)]


def forget_reading(session: Session, receipt_id: int) -> None:
    """Remove what was kept of the reading of a receipt."""
    session.execute(delete(ReadingRow).where(col(ReadingRow.receipt_id) == receipt_id))


def _forget_receipt(receipt: ReceiptRow) -> None:
    # A mailbox's origin is numbers; a tray's holds the name of the file.
    if not receipt.origin.startswith(("imap:", _ERASED_ORIGIN)):
        receipt.origin = erased_origin(receipt.origin)
    receipt.name, receipt.facts = _GONE, {}
    receipt.sender = receipt.subject = receipt.message_id = receipt.failure = ""


def _tombstone(payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Give a payload of the same published shape that says only which form it was, and that it was erased."""
    kept = {name: payload[name] for name in ("form", "edition", "outcome", "reasons", "hold_until")}
    emptied = {name: type(value)() for name, value in payload.items() if isinstance(value, list | dict)}
    note = {
        "rule": "erased",
        "section": "",
        "field": "",
        "severity": Severity.NOTE.value,
        "message": _WORDS.format(day=now.date().isoformat()),
    }
    return {**payload, **emptied, **kept, "findings": [note]}


def receipts_of(session: Session, number: RegisterNumber) -> Iterator[int]:
    """Yield the receipts of the case with a register number: its own, and those of the cases that it is joined with."""
    query = select(CaseRow).where(col(CaseRow.year) == number.year, col(CaseRow.number) == number.number)
    for case in session.scalars(query):
        yield from _with_joined(session, [case.receipt_id])


def _with_joined(session: Session, receipts: Sequence[int]) -> list[int]:
    """Add the receipts of whatever carries, or is carried by, a case of these: what one says stands in the other."""
    return list(session.scalars(text(_FAMILY), {"receipts": list(receipts)}))


_FAMILY: Final = """
    WITH RECURSIVE family (receipt_id) AS (
        SELECT unnest(CAST(:receipts AS bigint[]))
        UNION
        SELECT there.receipt_id FROM family
          JOIN case_ here ON here.receipt_id = family.receipt_id
          JOIN case_link l ON l.ended_at IS NULL AND l.kind <> 'maybe' AND here.id IN (l.case_id, l.carrier_id)
          JOIN case_ there ON there.id IN (l.case_id, l.carrier_id)
    ) SELECT receipt_id FROM family ORDER BY 1
"""


def receipts_about(session: Session, tax_code: str) -> Sequence[int]:
    """Give the receipts in whose cases a codice fiscale stands in any field, and those joined with them."""
    query = text(
        """
        SELECT DISTINCT c.receipt_id FROM case_ c, jsonb_each(c.payload -> 'fields') AS f (name, told)
         WHERE position(:code IN upper(regexp_replace(f.told::text, '\\s', '', 'g'))) > 0 ORDER BY 1
        """
    )
    return _with_joined(session, list(session.scalars(query, {"code": tax_code})))
