"""One round over one source: take in what waits, and keep the record of how it went."""

from intake.instants import instant
from intake.receive import TakeReport, take
from jobs.app import Wiring
from jobs.register import register_all


def pick_up(wiring: Wiring, name: str) -> TakeReport | None:
    """Take in all that waits in a source; None when another round over it is under way.

    What fails is in the report and in the ledger, and stays in the source for the next round.
    """
    ledger = wiring.ledger
    with ledger.turn(name) as mine:
        if not mine:
            return None
        ledger.started(name, wiring.now())
        report = take(wiring.sources[name], wiring.originals, register_all)
        instant("round over")
        if report.ok:
            ledger.succeeded(name, len(report.taken), wiring.now())
        else:
            said = "; ".join(f"{f.name}: {f.reason}" for f in report.failures[:5])
            ledger.failed(name, said, len(report.taken), wiring.now())
        return report
