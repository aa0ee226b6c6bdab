"""The durable steps of a receipt's way: load it, look at it, settle it. Each may run twice."""

from cases.register import DayClosed
from cases.sources import note_trouble, said_lately
from cases.submission import Looked
from intake.instants import instant
from intake.scanner import FOUND, ScannerDown
from jobs.app import Wiring
from jobs.retries import Again, Next, decide, wait_s


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
            _tell(wiring, error)
            raise Again(wait_s(wiring.patience.retry_s, attempts)) from error
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
    said = _said(wiring.store.settle(receipt_id, looked, wiring.now()))
    if FOUND in looked.facts:
        _report(wiring, "virus", f"receipt {receipt_id}", f"{looked.facts[FOUND]}: it is in quarantine, unread")
    return said


def _tell(wiring: Wiring, error: Exception) -> None:
    """Let an operator know of what only an operator can mend, once while it lasts."""
    if isinstance(error, ScannerDown):
        _report(wiring, "scanner", "clamd", str(error))
    if isinstance(error, DayClosed):
        _report(wiring, "clock", "register", str(error))


def _report(wiring: Wiring, kind: str, subject: str, message: str) -> None:
    with wiring.database.transaction() as session:
        if not said_lately(session, kind, subject, wiring.now()):
            note_trouble(session, kind, subject, message, wiring.now())


def _said(numbers: tuple[object, ...]) -> str:
    return ", ".join(map(str, numbers)) or "no case"
