"""The verdict after a torture: every receipt once, every case once, the register whole, nothing left over."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from sqlalchemy import text

from bench.yard import Yard, cases_of, quick_look
from cases.balance import Discrepancy
from cases.database import Database
from cases.ledger import verify
from jobs.app import Wiring
from jobs.reconcile import reconcile


def wrongs(url: str, yard: Yard, fed: Sequence[bytes]) -> list[str]:
    """List all that is wrong; empty when nothing was lost and nothing doubled."""
    database = Database(url)
    try:
        found = [*_receipts(database, yard, fed), *_cases(database, fed), *_register(database), *_left(database, yard)]
        return [*found, *verify(database), *(d.wrong for d in _unaccounted(database, yard))]
    finally:
        database.close()


def _unaccounted(database: Database, yard: Yard) -> Sequence[Discrepancy]:
    """Ask the ledger itself: what it calls balanced must be so, kills or not."""
    wiring = Wiring(database, quick_look, yard.originals, yard.sources())
    return reconcile(wiring).discrepancies


def _rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def _receipts(database: Database, yard: Yard, fed: Sequence[bytes]) -> Iterator[str]:
    wanted = Counter(sha256(raw).hexdigest() for raw in fed)
    found = Counter(str(row[0]) for row in _rows(database, "SELECT digest FROM receipt"))
    yield from _differences("receipts", wanted, found)
    yield from _differences("settled files", wanted, Counter(sha256(raw).hexdigest() for raw in yard.settled()))
    yield from _differences("originals", Counter(set(wanted)), Counter(yard.originals.digests()))
    yield from (f"damaged original {digest[:12]}" for digest in yard.originals.verify_all())
    for digest, state in _rows(database, "SELECT digest, state FROM receipt WHERE state <> 'settled'"):
        yield f"receipt {str(digest)[:12]} is {state}"


def _cases(database: Database, fed: Sequence[bytes]) -> Iterator[str]:
    wanted = Counter({sha256(raw).hexdigest(): cases_of(raw) for raw in fed})
    found = Counter(
        str(row[0]) for row in _rows(database, "SELECT digest FROM case_ c JOIN receipt r ON r.id = receipt_id")
    )
    yield from _differences("cases", wanted, found)
    none = Counter({digest: int(number == 0) for digest, number in wanted.items()})
    refused = "SELECT digest FROM refusal f JOIN receipt r ON r.id = receipt_id WHERE whole"
    yield from _differences("recorded refusals", none, Counter(str(row[0]) for row in _rows(database, refused)))


def _register(database: Database) -> Iterator[str]:
    lines = _rows(database, "SELECT year, number FROM register_line ORDER BY year, number")
    if lines != _rows(database, "SELECT year, number FROM case_ ORDER BY year, number"):
        yield "the register and the cases have different numbers"
    for year in {row[0] for row in lines}:
        numbers = [row[1] for row in lines if row[0] == year]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"the register of {year} has a gap or a double: {numbers}"


def _left(database: Database, yard: Yard) -> Iterator[str]:
    jobs = _rows(database, "SELECT id, task_name, status FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
    yield from (f"job {number} ({task}) is {status}" for number, task, status in jobs)
    yield from (f"{name} still lies in its tray" for name in yard.unsettled())


def _differences(what: str, wanted: Counter[str], found: Counter[str]) -> Iterable[str]:
    for digest in sorted(set(wanted) | set(found)):
        if wanted[digest] != found[digest]:
            yield f"{what} of {digest[:12]}: {found[digest]} instead of {wanted[digest]}"
