"""The conservation ledger: append-only, each line chained to the one before by its hash.

A line is written in the transaction that settles what it is about. The row of the chain's tip stays locked until that
transaction ends: whoever rolls back leaves no gap, whoever waits continues from what is committed.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import insert as plain_insert
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.bins import Kind, Placed
from cases.database import Database
from cases.plain import plain
from cases.register_tables import LineRow
from cases.tables import EntryRow, TipRow

FIRST: Final = "0" * 64
_TIP: Final = 1
_LONGEST: Final = 200
_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of the chain. Noted elsewhere, it proves that nothing was cut off since."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Tip":
        """Read ``12:ab34...``. Raises ``ValueError``."""
        count, _, digest = text.strip().partition(":")
        if not (count.isascii() and count.isdigit() and len(digest) == 64 and set(digest) <= set("0123456789abcdef")):
            raise ValueError(f"a tip of the ledger reads like 12:<64 hex digits>, not {text!r}")
        return cls(int(count), digest)


def append(session: Session, receipt_id: int | None, placed: Sequence[Placed], now: datetime) -> Tip:
    """Write lines at the end of the chain. Do it last in a transaction, to hold the tip briefly."""
    session.execute(insert(TipRow).values(id=_TIP, count=0, hash=FIRST).on_conflict_do_nothing())
    held = select(TipRow).where(col(TipRow.id) == _TIP).with_for_update().execution_options(populate_existing=True)
    tip = session.execute(held).scalar_one()
    rows, last = [], Tip(tip.count, tip.hash)
    for item in placed:
        row = _row(item, receipt_id, now, last)
        rows.append(row)
        last = Tip(last.count + 1, str(row["hash"]))
    if rows:
        session.execute(plain_insert(EntryRow), rows)
        session.execute(update(TipRow).where(col(TipRow.id) == _TIP).values(count=last.count, hash=last.hash))
    return last


def registered(line: LineRow, number: str) -> Placed:
    """Give the ledger's line about a line of the register; its seal is over all that the register says."""
    return Placed(Kind.REGISTERED, None, line.digest, number, line.direction, name=_words(line))


def tip(session: Session) -> Tip:
    """Give the end of the chain."""
    row = session.execute(select(col(TipRow.count), col(TipRow.hash))).one_or_none()
    return Tip(*row) if row else Tip(0, FIRST)


def verify(database: Database, noted: Iterable[Tip] = ()) -> tuple[str, ...]:
    """Follow the whole chain, and give what is wrong with it; ``noted`` are tips that were written down elsewhere."""
    wanted = {note.count: note.hash for note in noted if note.count}
    wrong: list[str] = []
    last = Tip(0, FIRST)
    with database.transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        register = _Register(session)
        for row in _all(session):
            wrong += _faults(row, last, register)
            last = Tip(row.seq, row.hash)
            if wanted.pop(row.seq, row.hash) != row.hash:
                wrong.append(f"line {row.seq} is not the one whose hash was noted: the ledger was written anew")
        end = tip(session)
    if last != end:
        wrong.append(f"the ledger ends at line {last.count}, its tip says {end.count}: lines were cut off or added")
    wrong += [f"line {count} was noted and is missing: the ledger was cut off" for count in sorted(wanted)]
    return tuple(wrong)


class _Register:
    """The lines of the register, asked for one at a time while the chain is followed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def words(self, number: str) -> str | None:
        year, _, digits = number.partition("/")
        line = self._session.get(LineRow, (int(year), int(digits)))
        return None if line is None else _words(line)


def _all(session: Session) -> Iterator[EntryRow]:
    query = select(EntryRow).order_by(col(EntryRow.seq)).execution_options(yield_per=_AT_ONCE)
    for row in session.scalars(query):
        yield row
        session.expunge(row)


def _row(item: Placed, receipt_id: int | None, now: datetime, last: Tip) -> dict[str, object]:
    name, salt = plain(item.name), secrets.token_hex(16) if item.name else ""
    row: dict[str, object] = {
        "seq": last.count + 1,
        "at": now,
        "kind": item.kind.value,
        "receipt_id": receipt_id,
        "document": item.document,
        "page": item.page,
        "digest": item.digest,
        "bin": item.bin.value if item.bin else "",
        "target": plain(item.target)[:_LONGEST],
        "reason": plain(item.reason)[:_LONGEST],
        "seal": _seal(salt, name),
        "name": "" if item.kind is Kind.REGISTERED else name,
        "salt": salt,
        "previous": last.hash,
    }
    return row | {"hash": _hash(row)}


_CHAINED: Final = ("seq", "kind", "receipt_id", "document", "page", "digest", "bin", "target", "reason", "seal")


def _hash(row: dict[str, object]) -> str:
    at = row["at"]
    if not isinstance(at, datetime):
        raise TypeError(f"not an instant: {at!r}")
    told = [row["previous"], at.astimezone(UTC).isoformat(), *(row[name] for name in _CHAINED)]
    return sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _seal(salt: str, words: str) -> str:
    return sha256(f"{salt}\n{words}".encode()).hexdigest() if salt else ""


def _words(line: LineRow) -> str:
    """Give all that a line of the register says, on one line."""
    times = [at.astimezone(UTC).isoformat() for at in (line.registered_at, line.received_at)]
    told = [line.year, line.number, *times, line.direction, line.digest, line.channel, line.sender, line.subject]
    if line.recipient or line.reference:  # columns that came later: the lines before them keep their seals
        told += [line.recipient, line.reference]
    return json.dumps(told, ensure_ascii=True)


def _faults(row: EntryRow, last: Tip, register: _Register) -> Iterator[str]:
    if row.seq != last.count + 1:
        yield f"line {last.count + 1} is missing: the next one is {row.seq}"
    if row.previous != last.hash:
        yield f"line {row.seq} does not follow from the line before it"
    if _hash(row.model_dump()) != row.hash:
        yield f"line {row.seq} was changed: its hash does not fit what it says"
    if row.salt and row.kind != Kind.REGISTERED and _seal(row.salt, row.name) != row.seal:
        yield f"line {row.seq} was changed: its seal does not fit the name"
    if row.kind == Kind.REGISTERED:
        yield from _register_faults(row, register)


def _register_faults(row: EntryRow, register: _Register) -> Iterator[str]:
    words = register.words(row.target)
    if words is None:
        yield f"line {row.seq}: the register has no number {row.target}"
    elif row.salt and _seal(row.salt, words) != row.seal:
        yield f"line {row.seq}: the register's line {row.target} was changed after it was written"
