"""Check the register: no gap, no repeat, each line chained and sealed, every annulment noted in the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlmodel import Session, col

from cases.chain import FIRST
from cases.database import Database
from cases.register import RegisterNumber, number_of
from cases.register_seal import line_hash, line_seal
from cases.register_tables import CounterRow, LineRow

_AT_ONCE = 2000
_UNTOLD = text(
    """
    SELECT l.year, l.number FROM register_line l WHERE NOT EXISTS
        (SELECT 1 FROM ledger_entry e WHERE e.kind = 'registered' AND e.digest = l.digest
            AND e.target = l.year || '/' || lpad(l.number::text, greatest(7, length(l.number::text)), '0'))
     ORDER BY 1, 2
    """
)
_ANNULLED = text(
    """
    SELECT a.year, a.number FROM register_annulment a
      LEFT JOIN register_line l USING (year, number)
     WHERE l.digest IS NULL OR NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.kind = 'noted' AND e.digest = l.digest
            AND e.target = a.year || '/' || lpad(a.number::text, greatest(7, length(a.number::text)), '0'))
     ORDER BY 1, 2
    """
)
_TAKEN_BACK = text(
    """
    SELECT e.target FROM ledger_entry e WHERE e.kind = 'noted' AND e.receipt_id IS NULL AND e.reason LIKE 'annulled: %'
       AND NOT EXISTS (SELECT 1 FROM register_annulment a WHERE
              e.target = a.year || '/' || lpad(a.number::text, greatest(7, length(a.number::text)), '0'))
     ORDER BY 1
    """
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the register found: how many lines in which years, and what is wrong."""

    lines: int
    years: tuple[int, ...]
    wrong: tuple[str, ...]


def check_register(database: Database) -> Checked:
    """Follow the lines of every year, as of one instant."""
    with database.transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        counters = session.scalars(select(CounterRow).order_by(col(CounterRow.year))).all()
        wrong = [told for counter in counters for told in _year(session, counter)]
        known = [counter.year for counter in counters]
        strange = session.scalars(select(col(LineRow.year)).where(col(LineRow.year).not_in(known)).distinct())
        wrong += [f"the year {year} has lines and no counter" for year in strange]
        wrong += [f"{RegisterNumber(*row)} has no line in the ledger" for row in session.execute(_UNTOLD)]
        wrong += [f"the annulment of {RegisterNumber(*row)} is not in the ledger" for row in session.execute(_ANNULLED)]
        wrong += [f"the annulment of {row[0]} was removed" for row in session.execute(_TAKEN_BACK)]
        return Checked(sum(counter.last for counter in counters), tuple(known), tuple(wrong))


def _year(session: Session, counter: CounterRow) -> Iterator[str]:
    lines = select(LineRow).where(col(LineRow.year) == counter.year).order_by(col(LineRow.number))
    last, previous = 0, FIRST
    for line in session.scalars(lines.execution_options(yield_per=_AT_ONCE)):
        yield from _line(line, last, previous)
        last, previous = line.number, line.hash
        session.expunge(line)
    if (last, previous) != (counter.last, counter.hash):
        yield f"the year {counter.year} ends at {last}, its counter says {counter.last}: lines were cut off or added"


def _line(line: LineRow, last: int, previous: str) -> Iterator[str]:
    name = number_of(line)
    if line.number != last + 1:
        yield f"{RegisterNumber(line.year, last + 1)} is missing: the next number is {name}"
    if line.previous != previous:
        yield f"{name} does not follow from the line before it"
    if line_hash(line) != line.hash:
        yield f"{name} was changed: its hash does not fit what it says"
    if line.salt and line_seal(line) != line.seal:
        yield f"{name} was changed: its seal does not fit sender, recipient and subject"
