"""The durable steps of a receipt's way: load it, look at it, settle it. Each may run twice."""

from cases.submission import Looked
from intake.instants import instant
from jobs.app import Wiring
from jobs.retries import Again, Next, decide


def carry(wiring: Wiring, receipt_id: int, attempts: int) -> str:
    """Carry one receipt to its cases; give their register numbers, for the log.

    Raises ``Again`` when it should be tried later, or the error itself when nothing more can be done here.
    """
    try:
        return _carry(wiring, receipt_id)
    except Exception as error:
        # The worker's loop: whatever a receipt does, the next one is worked on.
        verdict = decide(error, attempts)
        if verdict.next is Next.AGAIN:
            raise Again(wiring.patience.retry_s * 2**attempts) from error
        if verdict.next is Next.GIVE_UP:
            raise
        return give_to_clerk(wiring, receipt_id, verdict.sentence)


def give_to_clerk(wiring: Wiring, receipt_id: int, sentence: str) -> str:
    """Settle a receipt as one case for a clerk, who reads the sentence."""
    looked = Looked(submissions=(), failure=sentence)
    return _said(wiring.store.settle(receipt_id, looked, wiring.now()))


def _carry(wiring: Wiring, receipt_id: int) -> str:
    receipt, open_ = wiring.store.receipt(receipt_id)
    if not open_:
        return "settled before"
    instant("before look")
    looked = wiring.look(receipt, wiring.originals.read(receipt.digest))
    instant("after look")
    return _said(wiring.store.settle(receipt_id, looked, wiring.now()))


def _said(numbers: tuple[object, ...]) -> str:
    return ", ".join(map(str, numbers)) or "no case"
