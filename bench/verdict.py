"""The verdict after a torture: every receipt once, every case once, the register whole, nothing left over."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from sqlalchemy import text

from bench.asker import unanswered
from bench.yard import Piece, Yard
from cases.database import Database
from cases.ledger import verify
from jobs.app import Wiring
from jobs.reconcile import reconcile


def wrongs(url: str, yard: Yard, fed: Sequence[Piece]) -> list[str]:
    """List all that is wrong; empty when nothing was lost and nothing doubled."""
    database = Database(url)
    try:
        found = [
            *_receipts(database, yard, fed),
            *_cases(database, yard, fed),
            *_register(database),
            *_left(database, yard),
        ]
        return [*found, *unanswered(database), *verify(database), *_unbalanced(database, yard)]
    finally:
        database.close()


def _unbalanced(database: Database, yard: Yard) -> Iterator[str]:
    """Ask the ledger itself: what it calls balanced must be so, kills or not, and no source may be silent."""
    statement = reconcile(Wiring(database, yard.look, yard.originals, yard.sources(database)))
    yield from (discrepancy.wrong for discrepancy in statement.discrepancies)
    yield from (f"a source could not be asked: {why}" for why in statement.unknown)
    yield from (f"{c.waiting} still wait in {c.source}" for c in statement.censuses if c.waiting)
    if statement.books.in_work:
        yield f"{statement.books.in_work} receipts are still in work"


def _rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def _receipts(database: Database, yard: Yard, fed: Sequence[Piece]) -> Iterator[str]:
    found = _counted(database, "SELECT digest FROM receipt")
    yield from _outside("receipts", fed, found)
    done = Counter(dict.fromkeys(found, 0))
    for piece in fed:
        done[piece.digest] += piece.done
    yield from _differences("settled files", done, Counter(sha256(raw).hexdigest() for raw in yard.settled()))
    yield from _differences("originals", Counter(set(found)), Counter(yard.originals.digests()))
    yield from (f"damaged original {digest[:12]}" for digest in yard.originals.verify_all())
    for digest, state in _rows(database, "SELECT digest, state FROM receipt WHERE state <> 'settled'"):
        yield f"receipt {str(digest)[:12]} is {state}"


def _cases(database: Database, yard: Yard, fed: Sequence[Piece]) -> Iterator[str]:
    """Every receipt has the cases that its bytes stand for, or its one recorded refusal."""
    each = {piece.digest: yard.cases_of(piece.raw) for piece in fed}
    receipts = _counted(database, "SELECT digest FROM receipt")
    wanted = Counter({digest: number * each.get(digest, 1) for digest, number in receipts.items()})
    found = _counted(database, "SELECT digest FROM case_ c JOIN receipt r ON r.id = receipt_id")
    yield from _differences("cases", wanted, found)
    none = Counter({digest: number * int(each.get(digest) == 0) for digest, number in receipts.items()})
    refused = "SELECT digest FROM refusal f JOIN receipt r ON r.id = receipt_id WHERE whole"
    yield from _differences("recorded refusals", none, _counted(database, refused))


def _counted(database: Database, query: str) -> Counter[str]:
    return Counter(str(row[0]) for row in _rows(database, query))


def _outside(what: str, fed: Sequence[Piece], found: Counter[str]) -> Iterator[str]:
    """Say where there are fewer than the least, or more than the most."""
    least, most = Counter[str](), Counter[str]()
    for piece in fed:
        least[piece.digest] += piece.least
        most[piece.digest] += piece.most
    for digest in sorted(set(most) | set(found)):
        if not least[digest] <= found[digest] <= most[digest]:
            yield f"{what} of {digest[:12]}: {found[digest]} instead of {least[digest]} to {most[digest]}"


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
    yield from (f"a wish about case {case} waits" for (case,) in _rows(database, "SELECT case_id FROM wish"))
    yield from (f"{name} still lies in its tray" for name in yard.unsettled())


def _differences(what: str, wanted: Counter[str], found: Counter[str]) -> Iterable[str]:
    for digest in sorted(set(wanted) | set(found)):
        if wanted[digest] != found[digest]:
            yield f"{what} of {digest[:12]}: {found[digest]} instead of {wanted[digest]}"
