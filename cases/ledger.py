"""The conservation ledger: where everything that came ended, one line each. A chain; see ``cases.chain``."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlmodel import Session

from cases.bins import Kind, Placed
from cases.chain import Chain, Tip, fits, sealed
from cases.database import Database
from cases.plain import plain
from cases.register_tables import LineRow
from cases.tables import EntryRow, TipRow

_LONGEST: Final = 200
_HASHED: Final = ("seq", "kind", "receipt_id", "document", "page", "digest", "bin", "target", "reason", "seal")
_LEDGER: Final = Chain("ledger", EntryRow, TipRow, _HASHED)


def append(session: Session, receipt_id: int | None, placed: Sequence[Placed], now: datetime) -> Tip:
    """Write lines at the end of the ledger. Do it last in a transaction, to hold the tip briefly."""
    return _LEDGER.append(session, [_line(item, receipt_id) for item in placed], now)


def registered(line: LineRow, number: str) -> Placed:
    """Give the ledger's line about a line of the register; its seal is over all that the register says."""
    return Placed(Kind.REGISTERED, None, line.digest, number, line.direction, name=_words(line))


def tip(session: Session) -> Tip:
    """Give the end of the ledger; noted elsewhere, it proves that nothing was cut off since."""
    return _LEDGER.tip(session)


def verify(database: Database, noted: Iterable[Tip] = ()) -> tuple[str, ...]:
    """Follow the whole chain, and give what is wrong with it; ``noted`` are tips that were written down elsewhere."""
    return _LEDGER.verify(database, noted, _faults)


def _line(item: Placed, receipt_id: int | None) -> dict[str, object]:
    name = plain(item.name)
    return {
        "kind": item.kind.value,
        "receipt_id": receipt_id,
        "document": item.document,
        "page": item.page,
        "digest": item.digest,
        "bin": item.bin.value if item.bin else "",
        "target": plain(item.target)[:_LONGEST],
        "reason": plain(item.reason)[:_LONGEST],
        "name": "" if item.kind is Kind.REGISTERED else name,
        **sealed(name),
    }


def _words(line: LineRow) -> str:
    """Give all that a line of the register says, on one line."""
    times = [at.astimezone(UTC).isoformat() for at in (line.registered_at, line.received_at)]
    told = [line.year, line.number, *times, line.direction, line.digest, line.channel, line.sender, line.subject]
    if line.recipient or line.reference:  # columns that came later: the lines before them keep their seals
        told += [line.recipient, line.reference]
    return json.dumps(told, ensure_ascii=True)


def _faults(session: Session, row: EntryRow) -> Iterator[str]:
    if row.kind != Kind.REGISTERED:
        if not fits(row, row.name):
            yield f"line {row.seq} was changed: its seal does not fit the name"
        return
    year, _, digits = row.target.partition("/")
    line = session.get(LineRow, (int(year), int(digits)))
    if line is None:
        yield f"line {row.seq}: the register has no number {row.target}"
    elif not fits(row, _words(line)):
        yield f"line {row.seq}: the register's line {row.target} was changed after it was written"
