"""One process that registers for ever, to be killed. Forked from a warm server, so that a kill costs little."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.stubs import delivery, submission
from cases.database import Database
from cases.register import Direction, Entry, enter_out
from cases.store import Store, admit
from cases.submission import Looked


@dataclass(frozen=True, slots=True)
class Order:
    """What one process does: register for ever, from a seed of its own."""

    url: str
    seed: int


def register_for_ever(order: Order) -> None:
    """Settle deliveries of one or two cases, and register letters between them, until killed."""
    database, chance, at = Database(order.url), random.Random(order.seed), 0
    while True:
        at += 1
        now = datetime.now(UTC)
        if chance.random() < 0.3:
            entry = Entry(Direction.OUT, "email", "e" * 64, now, "Avviso di ricevimento", recipient="a@example.org")
            with database.transaction() as session:
                enter_out(session, entry, now)
            continue
        arrived = delivery(f"fax:{order.seed}/{at}", raw=f"{order.seed}/{at}".encode())
        with database.transaction() as session:
            receipt_id = admit(session, arrived, arrived.digest, now)
        if receipt_id is not None:
            Store(database).settle(receipt_id, Looked((submission(),) * chance.randint(1, 2)), now)
