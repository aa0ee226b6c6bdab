"""The whole of a case: what was read of its own delivery and of all that was joined to it, as one reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from cases.link_tables import LinkRow
from cases.match import Kind, Why, perhaps
from cases.merge import joined_reading, merge, parted_name
from cases.recorded import NoRecord, Recorded, Told, unpressed
from cases.register import RegisterNumber
from cases.tables import CaseRow, ReadingRow
from checks.validation import Finding
from parsers.reading import Reading

CARRIED: Final = (Kind.DUPLICATE.value, Kind.JOINED.value)


@dataclass(frozen=True, slots=True)
class Whole:
    """The merged reading of a case. ``looked_on`` is the day of its first reading."""

    reading: Reading
    looked_on: date | None


def whole(session: Session, case: CaseRow) -> Whole | None:
    """Merge what was read of a case and of what it carries, in the order of joining; None where no reading is kept."""
    own = told_of(session, case)
    if own is None:
        return None
    return Whole(with_joined(session, case, own[0].reading), own[1])


def with_joined(session: Session, case: CaseRow, own: Reading) -> Reading:
    """Lay what was joined to a case over what was read of its own delivery."""
    reading = own
    for link, arrival in carried(session, case.id):
        told = told_of(session, arrival) if link.kind == Kind.JOINED else None
        if told is not None:
            reading = merge(reading, joined_reading(told[0].reading, arrival.receipt_id, link.why))
    return reading


def told_of(session: Session, case: CaseRow) -> tuple[Told, date | None] | None:
    """Give what was read of a case's own delivery, and the day; None where it is not kept, or was never read."""
    kept = session.get(ReadingRow, case.receipt_id)
    try:
        record = unpressed(kept.body, kept.record_version) if kept else Recorded(None)
    except NoRecord:
        return None
    told = submission_of(case.payload, case.item, record)
    return (told, record.looked_on) if told else None


def submission_of(payload: Mapping[str, Any], item: int, record: Recorded) -> Told | None:
    """Find the submission that became a case: the one with its own sheets, else the one at its place."""
    sheets = {(p["file"], p["page"]) for p in payload["pages"] if not parted_name(p["file"])[0]}
    same = [t for t in record.submissions if sheets and {(p.file, p.page) for p in t.reading.pages} == sheets]
    if len(same) == 1:
        return same[0]
    return record.submissions[item] if item < len(record.submissions) else None


def carried(session: Session, case_id: int) -> list[tuple[LinkRow, CaseRow]]:
    """List what a case carries, in the order of joining."""
    query = select(LinkRow, CaseRow).join(CaseRow, col(CaseRow.id) == col(LinkRow.case_id))
    mine = query.where(col(LinkRow.carrier_id) == case_id, col(LinkRow.ended_at).is_(None))
    found = session.execute(mine.where(col(LinkRow.kind).in_(CARRIED)).order_by(col(LinkRow.id)))
    return [(link, row) for link, row in found]


def carrier_of(session: Session, case_id: int) -> LinkRow | None:
    """Give the link to the case that carries this one, None for one that stands by itself."""
    mine = select(LinkRow).where(col(LinkRow.case_id) == case_id, col(LinkRow.ended_at).is_(None))
    return session.scalars(mine.where(col(LinkRow.kind).in_(CARRIED))).one_or_none()


def receipts_within(session: Session, case: CaseRow) -> tuple[int, ...]:
    """Give the receipts whose files a case shows: its own first. No other may be opened by the name of a file in it."""
    return (case.receipt_id, *(arrival.receipt_id for _, arrival in carried(session, case.id)))


def source_of(session: Session, case: CaseRow, file: str) -> tuple[int, str]:
    """Give the receipt that a file of a case came in, and its name there."""
    receipt, name = parted_name(file)
    return (receipt, name) if receipt and receipt in receipts_within(session, case) else (case.receipt_id, file)


def noticed(session: Session, case_id: int) -> tuple[Finding, ...]:
    """Give the findings that a case has from others: those that it perhaps belongs to, while nobody has decided."""
    open_ = select(LinkRow).where(col(LinkRow.case_id) == case_id, col(LinkRow.ended_at).is_(None))
    links = session.scalars(open_.where(col(LinkRow.kind) == Kind.MAYBE).order_by(col(LinkRow.id))).all()
    numbers = [number_of_case(session.get_one(CaseRow, link.carrier_id)) for link in links]
    return (perhaps(Why(links[0].why), numbers),) if links else ()


def number_of_case(case: CaseRow) -> str:
    """Give the register number of a case."""
    return str(RegisterNumber(case.year, case.number))
