"""Commit deliveries whose bytes are safe: their rows and their jobs in one transaction."""

from collections.abc import Sequence

from sqlalchemy.exc import InterfaceError, OperationalError

from cases.store import admit_all
from intake.instants import instant
from intake.receipt import Delivery
from intake.source import StoreDown
from jobs.app import wired
from jobs.defer import defer_receipts


def register(delivery: Delivery, digest: str) -> int | None:
    """Give the new receipt's id, or None when the origin is known already: then nothing changes."""
    return register_all([(delivery, digest)])[0]


def register_all(kept: Sequence[tuple[Delivery, str]]) -> list[int | None]:
    """Register deliveries that are kept under these digests, all or none; give each one's new id, or None if known.

    Raises ``StoreDown`` when the database is away. Then the commit may or may not have happened; the deliveries stay
    in their source, come again, and their origins tell.
    """
    wiring = wired()
    try:
        with wiring.database.transaction() as session:
            receipts = admit_all(session, kept, wiring.now())
            new = [receipt for receipt in receipts if receipt is not None]
            if new:
                instant("receipt row written")
                defer_receipts(session, new)
                instant("receipt job written")
    except (OperationalError, InterfaceError) as error:
        raise StoreDown(f"the database is away: {error.orig}. Start it; the sources keep what waits.") from error
    return receipts
