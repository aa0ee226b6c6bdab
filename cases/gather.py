"""Gather the cases that an arrival might belong to: by keys, numbers, mails and sender; locked, so that two wait."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select, text, tuple_
from sqlmodel import Session, col

from cases.case import CaseState
from cases.erase import was_erased
from cases.link_tables import KeyRow, LinkRow
from cases.match import WAITING, Arrival, Candidate
from cases.plain import plain
from cases.register import Direction, RegisterNumber
from cases.register_tables import LineRow
from cases.sure import plain_sender, sure_payload
from cases.tables import CaseRow, ReceiptRow
from cases.whole import CARRIED, carried, number_of_case
from templates.slip import Slip

Answered = Callable[[Session, Sequence[str]], Sequence[int]]
"""Give the cases whose letters have one of these Message-IDs. The letters know; whoever wires the store hands it in."""
_MOST: Final = 40
_FROM_SENDER: Final = 5
_CONTACTS: Final = ("holder_email", "holder_pec", "holder_phone", "holder_mobile", "delegate_email", "delegate_phone")


def hold_keys(session: Session, arrivals: Iterable[Arrival], message_id: str) -> None:
    """Let nobody else match what has a key in common, until the transaction ends: of two copies one comes second.

    The keys are locked in one order everywhere, so that two deliveries never wait for each other.
    """
    keys = {f"mail {message_id}"} if message_id else set()
    for arrival in arrivals:
        keys |= {f"key {value}" for value in _keys(arrival)}
        keys |= {f"number {number}" for number in arrival.named.numbers}
        keys |= {f"sender {plain_sender(arrival.sender)}"} if arrival.sender else set()
    for lock in sorted(int.from_bytes(sha256(key.encode()).digest()[:8], "big", signed=True) for key in keys):
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def candidates(session: Session, arrival: Arrival, receipt_id: int) -> list[Candidate]:
    """Give the cases that stand by themselves and have something in common with an arrival, their rows locked."""
    found = {*_by_key(session, arrival), *_by_number(session, arrival), *_by_sender(session, arrival)}
    found |= arrival.sheets | arrival.replies | arrival.same_mail | arrival.same_pages
    ids = sorted(_carriers(session, found))[-_MOST:]
    query = select(CaseRow).where(col(CaseRow.id).in_(ids), col(CaseRow.receipt_id) != receipt_id)
    rows = session.scalars(
        query.order_by(col(CaseRow.id)).with_for_update().execution_options(populate_existing=True)
    ).all()
    own = [row for row in rows if row.state != CaseState.LINKED and not was_erased(row.payload)]
    return [_candidate(session, row) for row in own]


def by_slips(session: Session, slips: Iterable[Slip]) -> frozenset[int]:
    """Give the cases whose return sheets lie in a delivery."""
    numbers = sorted({RegisterNumber(slip.year, slip.number) for slip in slips})
    return frozenset(_of_numbers(session, numbers)) if numbers else frozenset()


def by_mail(session: Session, message_id: str, receipt_id: int, files: frozenset[str]) -> frozenset[int]:
    """Give the cases of the very same mail: its Message-ID, and the same files. The id alone anybody can write."""
    if not message_id:
        return frozenset()
    query = select(CaseRow).join(ReceiptRow, col(ReceiptRow.id) == col(CaseRow.receipt_id))
    same = query.where(col(ReceiptRow.message_id) == message_id, col(ReceiptRow.id) < receipt_id).limit(_MOST)
    return frozenset(row.id for row in session.scalars(same) if _files(row.payload) == files)


def _keys(arrival: Arrival) -> frozenset[str]:
    codes = set(arrival.named.tax_codes)
    return frozenset(map(plain, codes | arrival.sure.codes | arrival.named.points | arrival.files))


def _by_key(session: Session, arrival: Arrival) -> Iterable[int]:
    found = select(col(KeyRow.case_id)).where(col(KeyRow.value).in_(sorted(_keys(arrival))))
    return session.scalars(found.order_by(col(KeyRow.case_id).desc()).limit(_MOST))


def _by_number(session: Session, arrival: Arrival) -> Iterable[int]:
    """Give the cases that a number names: its own, or that of a letter about it."""
    named = sorted(arrival.named.numbers)
    return _of_numbers(session, named) if named else ()


def _of_numbers(session: Session, numbers: Sequence[RegisterNumber]) -> Sequence[int]:
    asked = [(n.year, n.number) for n in numbers]
    letters = select(col(LineRow.reference)).where(
        tuple_(col(LineRow.year), col(LineRow.number)).in_(asked), col(LineRow.direction) == Direction.OUT
    )
    about = [RegisterNumber.parse(reference) for reference in session.scalars(letters) if reference]
    asked += [(n.year, n.number) for n in about]
    cases = select(col(CaseRow.id)).where(tuple_(col(CaseRow.year), col(CaseRow.number)).in_(asked))
    return session.scalars(cases).all()


def _by_sender(session: Session, arrival: Arrival) -> Iterable[int]:
    """Give the newest cases that wait and came from the same place, for post that does not say whose it is."""
    if arrival.sure.known or not arrival.sender:
        return ()
    waiting = (*WAITING, CaseState.WAITING_CLERK)
    query = select(col(CaseRow.id)).where(
        col(CaseRow.sender) == arrival.sender, col(CaseRow.state).in_(waiting), col(CaseRow.outcome) != "WRONG_FORM"
    )
    return session.scalars(query.order_by(col(CaseRow.received_at).desc()).limit(_FROM_SENDER))


def _carriers(session: Session, ids: Iterable[int]) -> set[int]:
    """Follow links: what is carried by another case is found as that case."""
    found = set(ids)
    links = select(col(LinkRow.case_id), col(LinkRow.carrier_id)).where(
        col(LinkRow.case_id).in_(sorted(found)), col(LinkRow.ended_at).is_(None), col(LinkRow.kind).in_(CARRIED)
    )
    carrier = {row[0]: row[1] for row in session.execute(links)}
    return {carrier.get(case, case) for case in found}


def _candidate(session: Session, row: CaseRow) -> Candidate:
    arrivals = [arrival for _, arrival in carried(session, row.id)]
    senders = {row.sender, *(a.sender for a in arrivals), *_contacts(row.payload)}
    return Candidate(
        case_id=row.id,
        number=number_of_case(row),
        state=CaseState(row.state),
        sure=sure_payload(row.payload),
        received_at=row.received_at,
        senders=frozenset(filter(None, map(plain_sender, senders))),
        files=_files(row.payload),
        lacks=frozenset(row.payload["missing_pages"]),
        numbers=frozenset(number_of_case(case) for case in (row, *arrivals)),
    )


def _contacts(payload: Mapping[str, Any]) -> Iterable[str]:
    told = (payload["fields"].get(name) or {} for name in _CONTACTS)
    return (field["value"] for field in told if isinstance(field.get("value"), str))


def _files(payload: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(file["sha256"] for file in payload["files"])
