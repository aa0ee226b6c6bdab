"""Balance the books of one database: every receipt in its bins, every case in the register, and the other way round."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from cases.bins import Bin, Kind
from cases.database import Database


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One item that is unaccounted for: what it is, what is wrong, and what to do."""

    item: str
    wrong: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says: how many items lie in which bin, how many are in work, and what does not fit."""

    bins: Mapping[tuple[Kind, Bin], int]
    in_work: int
    cases: int
    discrepancies: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The receipts by what their source and their original know of them."""

    origins: frozenset[str]
    digests: frozenset[str]
    kept: frozenset[str]
    """The digests of which the original must be on disk: all but the erased ones."""


_WORK: Final = "Run 'gateway work --until-idle'; if it stays, send the line to the maintainers."
_MAINTAINERS: Final = "Nothing is lost: the original is kept. Send this line to the maintainers."
_REGISTER: Final = "Do not correct it by hand: restore the last backup beside it and compare the two registers."

_BINS: Final = """
    SELECT kind, bin, count(*) FROM ledger_entry e WHERE bin <> '' AND NOT EXISTS
        (SELECT 1 FROM ledger_entry n WHERE n.receipt_id = e.receipt_id AND n.kind = 'noted' AND n.seq > e.seq)
     GROUP BY kind, bin ORDER BY kind, bin
"""
"""A receipt released from quarantine is put into bins anew: only what stands after the note counts."""
_CHECKS: Final = (
    (
        """
        SELECT r.id::text FROM receipt r WHERE r.state = 'settled' AND NOT EXISTS
            (SELECT 1 FROM ledger_entry e WHERE e.receipt_id = r.id AND e.kind = 'message' AND e.digest = r.digest)
        """,
        "receipt {} is settled and has no line in the ledger",
        _MAINTAINERS,
    ),
    (
        """
        SELECT receipt_id || ' ' || kind || ' ' || document || '/' || page FROM ledger_entry e
         WHERE bin <> '' AND reason <> 'mailbox_numbered_anew' AND NOT EXISTS
            (SELECT 1 FROM ledger_entry n WHERE n.receipt_id = e.receipt_id AND n.kind = 'noted' AND n.seq > e.seq)
         GROUP BY receipt_id, kind, document, page HAVING count(*) > 1
        """,
        "receipt {} is in more than one bin",
        _MAINTAINERS,
    ),
    (
        """
        SELECT receipt_id || ' ' || kind || ' ' || document || '/' || page FROM ledger_entry e
         WHERE bin = 'astray' AND NOT EXISTS
            (SELECT 1 FROM ledger_entry n WHERE n.receipt_id = e.receipt_id AND n.kind = 'noted' AND n.seq > e.seq)
        """,
        "receipt {} was read and put nowhere",
        "Open the original and add what it holds to its case. Send this line to the maintainers.",
    ),
    (
        """
        SELECT r.id::text FROM receipt r WHERE r.state = 'settled'
           AND NOT EXISTS (SELECT 1 FROM case_ c WHERE c.receipt_id = r.id)
           AND NOT EXISTS (SELECT 1 FROM refusal f WHERE f.receipt_id = r.id AND f.whole)
        """,
        "receipt {} is settled, but has no case and no reason",
        _MAINTAINERS,
    ),
    (
        """
        SELECT e.seq || ': ' || t.number FROM ledger_entry e, unnest(string_to_array(e.target, ', ')) AS t (number)
         WHERE e.bin IN ('used', 'attachment', 'waiting') AND NOT EXISTS
            (SELECT 1 FROM case_ c WHERE c.year || '/' || lpad(c.number::text, greatest(7, length(c.number::text)), '0')
                                         = t.number)
        """,
        "line {} names a case that is not there",
        _REGISTER,
    ),
    (
        """
        SELECT c.year || '/' || c.number FROM case_ c LEFT JOIN register_line l USING (year, number)
         WHERE l.receipt_id IS DISTINCT FROM c.receipt_id
        """,
        "case {} is not in the register as what it is",
        _REGISTER,
    ),
    (
        """
        SELECT l.year || '/' || l.number FROM register_line l LEFT JOIN case_ c USING (year, number)
         WHERE l.receipt_id IS NOT NULL AND l.direction = 'in' AND c.id IS NULL
        """,
        "number {} of the register has no case",
        _REGISTER,
    ),
    (
        """
        SELECT c.year || '/' || n FROM register_counter c, generate_series(1, c.last) AS n
         WHERE NOT EXISTS (SELECT 1 FROM register_line l WHERE l.year = c.year AND l.number = n)
        """,
        "number {} of the register is missing",
        _REGISTER,
    ),
)


def books(database: Database) -> Books:
    """Balance the books, as of one instant."""
    with database.transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        bins = {(Kind(kind), Bin(bin_)): number for kind, bin_, number in session.execute(text(_BINS))}
        in_work = session.execute(text("SELECT count(*) FROM receipt WHERE state = 'received'")).scalar_one()
        cases = session.execute(text("SELECT count(*) FROM case_")).scalar_one()
        return Books(MappingProxyType(bins), in_work, cases, tuple(_discrepancies(session)))


def arrivals(database: Database) -> Arrivals:
    """Give what every receipt is known by."""
    with database.transaction() as session:
        names = session.scalars(text("SELECT origin FROM receipt UNION SELECT origin FROM receipt_alias"))
        digests = session.execute(text("SELECT digest, bool_or(erased_at IS NULL) FROM receipt GROUP BY digest"))
        kept: dict[str, bool] = {row[0]: row[1] for row in digests}
        return Arrivals(frozenset(names), frozenset(kept), frozenset(d for d, still in kept.items() if still))


def _discrepancies(session: Session) -> Iterator[Discrepancy]:
    for query, wrong, remedy in _CHECKS:
        for (item,) in session.execute(text(query)):
            yield Discrepancy(str(item), wrong.format(item), remedy)
