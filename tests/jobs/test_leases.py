from datetime import timedelta

from bench.stubs import delivery, submission
from cases import lease
from cases.case import CaseState
from cases.queue import Queue
from cases.store import admit
from cases.submission import Looked
from jobs.app import Wiring
from jobs.upkeep import return_leases


def test_the_upkeep_returns_expired_leases_without_any_traffic(wiring: Wiring) -> None:
    with wiring.database.transaction() as session:
        receipt = admit(session, delivery(), "d" * 64, wiring.now())
    assert receipt is not None
    wiring.store.settle(receipt, Looked((submission(),)), wiring.now())
    with wiring.database.transaction() as session:
        lease.claim(session, "one", wiring.now() - timedelta(seconds=61), 60)
    assert (return_leases(wiring), return_leases(wiring)) == (1, 0)
    assert [case.state for case in Queue(wiring.database).cases()] == [CaseState.QUEUED]
