"""Commit a delivery whose bytes are safe: its row and its job in one transaction."""

from sqlalchemy.exc import InterfaceError, OperationalError

from cases.store import admit
from intake.instants import instant
from intake.receipt import Delivery
from intake.source import StoreDown
from jobs.app import wired
from jobs.defer import defer_receipt


def register(delivery: Delivery, digest: str) -> int | None:
    """Give the new receipt's id, or None when the origin is known already: then nothing changes.

    Raises ``StoreDown`` when the database is away. Then the commit may or may not have happened; the delivery stays
    in its source, comes again, and its origin tells.
    """
    wiring = wired()
    try:
        with wiring.database.transaction() as session:
            receipt_id = admit(session, delivery, digest, wiring.now())
            if receipt_id is None:
                return None
            instant("receipt row written")
            defer_receipt(session, receipt_id)
            instant("receipt job written")
    except (OperationalError, InterfaceError) as error:
        raise StoreDown(f"the database is away: {error.orig}. Start it; the sources keep what waits.") from error
    return receipt_id
