"""Chains: tables that only grow, each line carrying the hash of the line before. The ledger and the trail are such.

A line is written in the transaction that settles what it is about. The row of the chain's tip stays locked until that
transaction ends: whoever rolls back leaves no gap, whoever waits continues from what is committed. What a line says can
be personal data that must be erased one day, so the hash goes over its seal: a hash of a salt and those words.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, Generic, TypeVar

from sqlalchemy import insert as plain_insert
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.columns import ChainedTable, TipTable
from cases.database import Database

FIRST: Final = "0" * 64
"""What the first line follows."""
_TIP: Final = 1
_AT_ONCE: Final = 2000
_Line = TypeVar("_Line", bound=ChainedTable)


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of a chain. Noted elsewhere, it proves that nothing was cut off since."""

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


@dataclass(frozen=True)
class Chain(Generic[_Line]):
    """One chain: its name for people, its two tables, and the columns that its hashes go over, in their order."""

    name: str
    lines: type[_Line]
    ends: type[TipTable]
    hashed: tuple[str, ...]

    def append(self, session: Session, told: Sequence[Mapping[str, object]], now: datetime) -> Tip:
        """Write lines at the end. Do it last in a transaction, to hold the tip briefly.

        Each of ``told`` holds the columns that its table has beside the chain's own, and what ``sealed`` gave.
        """
        session.execute(insert(self.ends).values(id=_TIP, count=0, hash=FIRST).on_conflict_do_nothing())
        held = select(self.ends).where(col(self.ends.id) == _TIP).with_for_update()
        end = session.execute(held.execution_options(populate_existing=True)).scalar_one()
        rows, last = [], Tip(end.count, end.hash)
        for line in told:
            row = {**line, "seq": last.count + 1, "at": now, "previous": last.hash}
            last = Tip(last.count + 1, self._hash(row))
            rows.append(row | {"hash": last.hash})
        if rows:
            session.execute(plain_insert(self.lines), rows)
            written = update(self.ends).where(col(self.ends.id) == _TIP)
            session.execute(written.values(count=last.count, hash=last.hash))
        return last

    def tip(self, session: Session) -> Tip:
        """Give the end of the chain."""
        row = session.execute(select(col(self.ends.count), col(self.ends.hash))).one_or_none()
        return Tip(*row) if row else Tip(0, FIRST)

    def verify(
        self, database: Database, noted: Iterable[Tip], faults: Callable[[Session, _Line], Iterable[str]]
    ) -> tuple[str, ...]:
        """Follow the whole chain, and give what is wrong with it.

        ``noted`` are tips that were written down elsewhere; ``faults`` says what is wrong with what a line says.
        """
        wanted = {note.count: note.hash for note in noted if note.count}
        wrong: list[str] = []
        last = Tip(0, FIRST)
        with database.transaction() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            for row in self._all(session):
                wrong += self._faults(row, last)
                wrong += faults(session, row)
                last = Tip(row.seq, row.hash)
                if wanted.pop(row.seq, row.hash) != row.hash:
                    wrong.append(
                        f"line {row.seq} is not the one whose hash was noted: the {self.name} was written anew"
                    )
            end = self.tip(session)
        if last != end:
            told = f"the {self.name} ends at line {last.count}, its tip says {end.count}"
            wrong.append(f"{told}: lines were cut off or added")
        wrong += [f"line {count} was noted and is missing: the {self.name} was cut off" for count in sorted(wanted)]
        return tuple(wrong)

    def _all(self, session: Session) -> Iterator[_Line]:
        query = select(self.lines).order_by(col(self.lines.seq)).execution_options(yield_per=_AT_ONCE)
        for row in session.scalars(query):
            yield row
            session.expunge(row)

    def _faults(self, row: _Line, last: Tip) -> Iterator[str]:
        if row.seq != last.count + 1:
            yield f"line {last.count + 1} is missing: the next one is {row.seq}"
        if row.previous != last.hash:
            yield f"line {row.seq} does not follow from the line before it"
        if self._hash(row.model_dump()) != row.hash:
            yield f"line {row.seq} was changed: its hash does not fit what it says"

    def _hash(self, row: Mapping[str, object]) -> str:
        at = row["at"]
        if not isinstance(at, datetime):
            raise TypeError(f"not an instant: {at!r}")
        told = [row["previous"], at.astimezone(UTC).isoformat(), *(row[name] for name in self.hashed)]
        return digest(told)


def sealed(words: str) -> dict[str, str]:
    """Put words under a seal of a fresh salt. Give the two columns of it; both are empty where nothing is said."""
    salt = secrets.token_hex(16) if words else ""
    return {"salt": salt, "seal": seal(salt, words) if words else ""}


def fits(row: ChainedTable, words: str) -> bool:
    """Say whether the words are those that were sealed; of a line whose salt was erased, nobody can say otherwise."""
    return not row.salt or seal(row.salt, words) == row.seal


def digest(told: Sequence[object]) -> str:
    """Give the hash of what a line tells, as 64 hex digits."""
    return sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def seal(salt: str, words: str) -> str:
    """Give the seal of words, as 64 hex digits; with the salt gone, it tells nothing of them."""
    return sha256(f"{salt}\n{words}".encode()).hexdigest()
