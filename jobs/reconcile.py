"""Reconcile the ledger: the books of the database against the sources and the originals. One number, wanted: zero."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cases.balance import Arrivals, Books, Discrepancy, arrivals, books
from cases.database import Database
from intake.census import Census, Countable
from intake.originals import Originals
from intake.source import SourceDown
from jobs.app import Wiring

_GRACE_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Statement:
    """The state of the ledger. ``unknown`` are sources that could not be asked: the number says nothing of them."""

    books: Books
    censuses: tuple[Census, ...] = ()
    unknown: tuple[str, ...] = ()
    found: tuple[Discrepancy, ...] = field(default=())
    """What the sources and the originals have that the books have not, or the other way round."""

    @property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """Give everything that is unaccounted for."""
        return (*self.books.discrepancies, *self.found)

    @property
    def unaccounted(self) -> int:
        """The one number."""
        return len(self.discrepancies)


def reconcile(wiring: Wiring, *, deep: bool = True) -> Statement:
    """Balance the books and compare them with every source and original; ``deep`` reads every original again."""
    # The sources first: what is taken in meanwhile is then in the books, and never the other way round.
    censuses, unknown = _ask(wiring)
    on_disk = frozenset(wiring.originals.digests())
    known = arrivals(wiring.database)
    found = [d for census in censuses for d in _of_source(census, known)]
    found += _of_originals(wiring.originals, on_disk, known, deep=deep)
    return Statement(books(wiring.database), tuple(censuses), tuple(unknown), tuple(found))


def quick_number(database: Database, originals: Originals) -> int:
    """Give the number without asking any source and without reading any original: for a status page."""
    on_disk = frozenset(originals.digests())
    known = arrivals(database)
    return len(books(database).discrepancies) + len(list(_of_originals(originals, on_disk, known, deep=False)))


def _ask(wiring: Wiring) -> tuple[list[Census], list[str]]:
    censuses, unknown = [], []
    for name, source in wiring.sources.items():
        if isinstance(source, Countable):
            try:
                censuses.append(source.census())
            except SourceDown as error:
                unknown.append(f"{name}: {error}")
    return censuses, unknown


def _of_source(census: Census, known: Arrivals) -> Iterator[Discrepancy]:
    for held in census.done:
        if (held.origin and held.origin in known.origins) or (held.digest and held.digest in known.digests):
            continue
        yield Discrepancy(
            f"{census.source} {held.name}",
            f"{census.source}: {held.name} counts as done, but there is no receipt of it",
            "Run 'gateway collect --again': everything in the mailboxes is asked once more, nothing is taken twice. "
            "A file of a tray: move it from done back into the tray.",
        )


def _of_originals(
    originals: Originals, on_disk: frozenset[str], known: Arrivals, *, deep: bool
) -> Iterator[Discrepancy]:
    restore = "Copy it back from a backup ('gateway restore' says how), or ask the sender for it again."
    # A receipt that came after the folder was listed is no loss: look once more before it is called one.
    for digest in sorted(known.kept - on_disk):
        if not originals.has(digest):
            yield Discrepancy(digest, f"the original {digest} is missing", restore)
    for digest in sorted(on_disk - known.digests):
        if originals.age_s(digest, time.time()) > _GRACE_S:
            yield Discrepancy(
                digest,
                f"the original {digest} is kept, but has no receipt",
                "It is still in its source, or was put here by hand: run 'gateway collect'.",
            )
    for digest in sorted(on_disk & known.kept) if deep else ():
        if not originals.sound(digest):
            yield Discrepancy(digest, f"the original {digest} has other bytes than it arrived with", restore)
