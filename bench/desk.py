"""How fast the desk's list and searches are with very many open cases. ``python -m bench.desk [--cases 100000]``."""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlmodel import Session

from bench.crowd import Crowd, gather
from bench.ground import fresh, server
from cases.database import Database
from cases.finding import understand
from cases.waiting import START, Place, Sought, View, how_many, next_after, waiting, waiting_before

_NOW: Final = datetime(2026, 11, 26, 9, tzinfo=UTC)
_TIMES: Final = 15
_FAR: Final = Place(datetime(2026, 11, 25, 11, 59, tzinfo=UTC), 2**40)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    size = parser.parse_args().cases
    with server() as running, fresh(running) as url:
        database = Database(url)
        began = time.monotonic()
        with database.transaction() as session:
            gather(session, Crowd(size, seed=1))
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
        print(f"{size} open cases, made in {time.monotonic() - began:.0f} s; median and slowest of {_TIMES}, in ms")
        for name, ask in _questions().items():
            _measure(database, name, ask)
        database.close()


def _questions() -> dict[str, Callable[[Session], object]]:
    page = partial(waiting, now=_NOW)
    views = {f"first page, {view}": partial(page, sought=Sought(view), after=START) for view in View}
    middle = Place(datetime(2026, 10, 26, tzinfo=UTC), 0)
    return {
        **views,
        "page in the middle": partial(page, sought=Sought(), after=middle),
        "last page": partial(waiting_before, sought=Sought(), now=_NOW, before=_FAR),
        "page in the middle, one form": partial(page, sought=Sought(form="CMOR"), after=middle),
        "page in the middle, one channel": partial(page, sought=Sought(channel="fax"), after=middle),
        "page in the middle, one reason": partial(page, sought=Sought(reason="id_expired"), after=middle),
        "first page, all three": partial(
            page, sought=Sought(form="CMOR", channel="fax", reason="id_expired"), after=START
        ),
        "count, up to 1001": partial(how_many, sought=Sought(), now=_NOW, most=1001),
        "next case for a clerk": partial(next_after, sought=Sought(actor="clerk:anna"), now=_NOW, after=START),
        "search by number": partial(page, sought=_asked("2026/1050000"), after=START),
        "search by POD": partial(page, sought=_asked("IT001E5"), after=START),
        "search by name, 1 % of all": partial(page, sought=_asked("rossi maria"), after=START),
        "search by nothing that is there": partial(page, sought=_asked("verdi"), after=START),
    }


def _asked(words: str) -> Sought:
    return Sought(View.OPEN, asked=understand(words, 2026))


def _measure(database: Database, name: str, ask: Callable[[Session], object]) -> None:
    took = []
    for _ in range(_TIMES):
        with database.transaction() as session:
            session.connection()
            began = time.perf_counter()
            ask(session)
            took.append((time.perf_counter() - began) * 1000)
    print(f"  {name:34} {statistics.median(took):7.1f} {max(took):7.1f}", flush=True)


if __name__ == "__main__":
    main()
