"""Store: receipts come in, looks are settled into cases. Every effect is one transaction, and safe to run twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.alias import known_by_another_name
from cases.bins import place
from cases.born import Born, births, refusals
from cases.case import CaseState
from cases.database import Database
from cases.erase import erased_origin
from cases.ledger import append, registered
from cases.matching import Matcher, link
from cases.moves import BORN, READ_AGAIN, note_step
from cases.plain import plain, storable_origin
from cases.recorded import RECORD_VERSION, pressed, recorded
from cases.register import Direction, Entry, RegisterNumber, enter, number_of
from cases.register_tables import LineRow
from cases.submission import Looked
from cases.tables import AliasRow, CaseRow, ReadingRow, ReceiptRow, RefusalRow
from checks.validation import Outcome
from intake.instants import instant
from intake.receipt import Channel, Delivery, Origin, Receipt
from ocr.ink import Source

RECEIVED: Final = "received"
"""The receipt's bytes and row are safe; its cases are not there yet."""
SETTLED: Final = "settled"
"""The receipt has its cases or its recorded refusal. Final."""


@dataclass(frozen=True, slots=True)
class Store:
    """The receipts and cases of one database."""

    database: Database
    matcher: Matcher = field(default_factory=Matcher)

    def settle(self, receipt_id: int, looked: Looked, now: datetime) -> tuple[RegisterNumber, ...]:
        """Turn a look into cases with register numbers, or into recorded refusals, once.

        ``now`` is the instant of registration. Whoever comes second finds the receipt settled, changes nothing and
        gets the numbers of the first. Raises ``KeyError`` for an unknown receipt.
        """
        with self.database.transaction() as session:
            receipt = self._claim(session, receipt_id, looked, now)
            if receipt is None:
                return _numbers_of(session, receipt_id)
            repeated = _came_before(session, receipt)
            matched = self.matcher.match(session, receipt, looked, now)
            looked = matched.looked
            instant("settle matched")
            children = births(looked, repeated=repeated)
            for row in refusals(looked, with_cases=bool(children)):
                session.add(RefusalRow(receipt_id=receipt_id, at=now, **row))
            held = _released(session, receipt_id)[: len(children)]
            for (case, _), born in zip(held, children, strict=False):
                _read_again(session, case, born, now)
            session.merge(_reading_row(receipt_id, looked, now))  # out of quarantine it is read a second time
            session.flush()
            lines = enter(session, _entries(receipt, looked, children, len(held)), now)
            instant("settle numbered")
            cases = [case for case, _ in held]
            cases += [
                _bear(session, receipt_id, line, born) for line, born in zip(lines, children[len(held) :], strict=True)
            ]
            for case, decision in zip(cases, matched.of_births(), strict=False):
                link(session, case, decision, now)
            numbers = [n for _, n in held] + [number_of(line) for line in lines]
            placed = place(looked, receipt.digest, receipt.name, [str(number) for number in numbers])
            append(session, receipt_id, [*placed, *(registered(line, str(number_of(line))) for line in lines)], now)
            instant("settle in the ledger")
            instant("before settle commit")
        instant("after settle commit")
        return tuple(numbers)

    def receipt(self, receipt_id: int) -> tuple[Receipt, bool]:
        """Give a receipt, and whether it still waits to be looked at. Raises ``KeyError``."""
        with self.database.transaction() as session:
            row = session.get(ReceiptRow, receipt_id)
            if row is None:
                raise KeyError(receipt_id)
            return _receipt(row), row.state == RECEIVED

    def _claim(self, session: Session, receipt_id: int, looked: Looked, now: datetime) -> ReceiptRow | None:
        """Make the receipt settled if it is not; the row stays locked, so that a second settler waits and then sees."""
        mine = (
            update(ReceiptRow)
            .where(col(ReceiptRow.id) == receipt_id, col(ReceiptRow.state) == RECEIVED)
            .values(
                state=SETTLED,
                settled_at=now,
                subject=plain(looked.subject),
                message_id=plain(looked.message_id),
                failure=plain(looked.failure),
                facts=col(ReceiptRow.facts).concat(_plain_facts(looked.evidence())),
            )
            .returning(ReceiptRow)
        )
        return session.execute(mine).scalar_one_or_none()


def admit(session: Session, delivery: Delivery, digest: str, now: datetime) -> int | None:
    """Write the receipt's row; None when its origin is there already. The caller adds the job and commits."""
    origin = storable_origin(delivery.origin)
    if known_by_another_name(session, origin, digest, now) or _was_erased(session, origin):
        return None
    return _write(session, [_row(delivery, digest, now)]).get(origin)


def admit_all(session: Session, kept: Sequence[tuple[Delivery, str]], now: datetime) -> list[int | None]:
    """Write the rows of several receipts; None for each whose origin is there already.

    Where nothing tells of an earlier arrival of any of them, which is nearly always, they take one statement.
    """
    origins = [storable_origin(delivery.origin) for delivery, _ in kept]
    if len(kept) == 1 or len(set(origins)) < len(origins) or _came_earlier(session, origins, [d for _, d in kept]):
        return [admit(session, delivery, digest, now) for delivery, digest in kept]
    written = _write(session, [_row(delivery, digest, now) for delivery, digest in kept])
    return [written.get(origin) for origin in origins]


def _came_earlier(session: Session, origins: Sequence[str], digests: Sequence[str]) -> bool:
    """Tell whether the bytes or the origin of any of these were seen before, also under another name or erased."""
    names = [*origins, *map(erased_origin, origins)]
    before = exists().where(col(ReceiptRow.digest).in_(digests) | col(ReceiptRow.origin).in_(names))
    return bool(session.scalar(select(before | exists().where(col(AliasRow.origin).in_(origins)))))


def _write(session: Session, rows: Sequence[dict[str, object]]) -> dict[str, int]:
    seen_is_fine = insert(ReceiptRow).values(rows).on_conflict_do_nothing()
    written = session.execute(seen_is_fine.returning(col(ReceiptRow.origin), col(ReceiptRow.id)))
    return {row.origin: row.id for row in written}


def _row(delivery: Delivery, digest: str, now: datetime) -> dict[str, object]:
    return {
        "origin": storable_origin(delivery.origin),
        "channel": delivery.channel.value,
        "name": plain(delivery.name),
        "digest": digest,
        "size": len(delivery.raw),
        "received_at": delivery.received_at,
        "registered_at": now,
        "sender": plain(delivery.sender),
        "subject": "",
        "message_id": "",
        "facts": _plain_facts(delivery.facts),
        "state": RECEIVED,
        "sweeps": 0,
        "deaths": 0,
        "failure": "",
    }


def _plain_facts(facts: Mapping[str, str]) -> dict[str, str]:
    return {plain(name): plain(value) for name, value in facts.items()}


def _reading_row(receipt_id: int, looked: Looked, now: datetime) -> ReadingRow:
    return ReadingRow(
        receipt_id=receipt_id,
        made_at=now,
        record_version=RECORD_VERSION,
        versions={plain(name): plain(version) for name, version in looked.versions.items()},
        body=pressed(recorded(looked)),
    )


def _entries(receipt: ReceiptRow, looked: Looked, children: Sequence[Born], numbered: int) -> list[Entry]:
    """Give what is to be registered: each case of the receipt that has no number yet."""
    return [
        Entry(
            direction=Direction.IN,
            channel=receipt.channel,
            digest=receipt.digest,
            received_at=looked.certified_at or receipt.received_at,
            subject=receipt.subject,
            sender=born.sender or receipt.sender,
            receipt_id=receipt.id,
            item=item,
        )
        for item, born in enumerate(children)
        if item >= numbered
    ]


def _bear(session: Session, receipt_id: int, line: LineRow, born: Born) -> CaseRow:
    """Let a case be born under the number of its line."""
    case = CaseRow(
        receipt_id=receipt_id,
        item=line.item,
        year=line.year,
        number=line.number,
        channel=line.channel,
        sender=line.sender,
        received_at=line.received_at,
        registered_at=line.registered_at,
        state=born.state,
        outcome=born.outcome,
        reasons=list(born.reasons),
        form=born.form,
        edition=born.edition,
        hold_until=born.hold_until,
        payload=dict(born.payload),
        version=1,
    )
    session.add(case)
    session.flush()
    note_step(session, case, BORN, line.registered_at)
    return case


def _released(session: Session, receipt_id: int) -> list[tuple[CaseRow, RegisterNumber]]:
    """Give the cases that a receipt has already, with their numbers: it was released from quarantine."""
    mine = select(CaseRow).where(col(CaseRow.receipt_id) == receipt_id).order_by(col(CaseRow.item))
    return [(row, RegisterNumber(row.year, row.number)) for row in session.scalars(mine)]


def _read_again(session: Session, case: CaseRow, born: Born, now: datetime) -> None:
    """Let a case that said only that the reading had failed say what was read; its number stays."""
    case.state, case.outcome, case.reasons = born.state, born.outcome, list(born.reasons)
    case.form, case.edition, case.hold_until = born.form, born.edition, born.hold_until
    case.sender = born.sender or case.sender
    typed = {name: told for name, told in case.payload["fields"].items() if told["source"] == Source.CLERK}
    case.payload = dict(born.payload)
    if typed:
        _keep_typed(case, typed)
    case.version += 1
    note_step(session, case, READ_AGAIN, now)


def _keep_typed(case: CaseRow, typed: Mapping[str, Any]) -> None:
    """Let what a person typed stand over a new reading; a clerk looks at the two together."""
    case.payload = {**case.payload, "fields": {**case.payload["fields"], **typed}}
    case.state, case.outcome, case.reasons = CaseState.WAITING_CLERK, Outcome.MANUAL_REVIEW, [READ_AGAIN]


def _was_erased(session: Session, origin: str) -> bool:
    """Tell whether it came before and its contents were erased: its source may still show it."""
    return bool(session.execute(select(exists().where(col(ReceiptRow.origin) == erased_origin(origin)))).scalar())


def _came_before(session: Session, receipt: ReceiptRow) -> bool:
    """Tell whether the same bytes came earlier under another origin: two letters, or one sent twice."""
    earlier = exists().where(col(ReceiptRow.digest) == receipt.digest, col(ReceiptRow.id) < receipt.id)
    return bool(session.execute(select(earlier)).scalar())


def _numbers_of(session: Session, receipt_id: int) -> tuple[RegisterNumber, ...]:
    if session.get(ReceiptRow, receipt_id) is None:
        raise KeyError(receipt_id)
    found = select(col(CaseRow.year), col(CaseRow.number)).where(col(CaseRow.receipt_id) == receipt_id)
    rows: Sequence[tuple[int, int]] = [tuple(row) for row in session.execute(found.order_by(col(CaseRow.item)))]
    return tuple(RegisterNumber(year, number) for year, number in rows)


def _receipt(row: ReceiptRow) -> Receipt:
    return Receipt(
        id=row.id,
        origin=Origin(row.origin),
        channel=Channel(row.channel),
        name=row.name,
        digest=row.digest,
        size=row.size,
        received_at=row.received_at,
        sender=row.sender,
    )
