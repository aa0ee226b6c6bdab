"""Known: what the letters may know of a case, from its row and its delivery's."""

from sqlmodel import Session

from cases.case import CaseState
from cases.register import RegisterNumber
from cases.tables import CaseRow, ReceiptRow
from checks.validation import Outcome
from intake.receipt import Channel
from letters.matter import Matter


def matter_of(session: Session, case: CaseRow) -> Matter:
    """Give what the letters may know of a case: of one that was joined, the case that carries it on."""
    return Matter(
        number=str(RegisterNumber(case.year, case.number)),
        protocol=str(RegisterNumber(case.year, case.number)),
        state=CaseState(case.state),
        outcome=Outcome(case.outcome),
        reasons=tuple(case.reasons),
        channel=Channel(case.channel),
        received_at=case.received_at,
        sender=case.sender,
        payload=case.payload,
        hold_until=case.hold_until,
        safe=_unsafe(session.get_one(ReceiptRow, case.receipt_id)),
    )


def _unsafe(receipt: ReceiptRow) -> str:
    """Say why nothing is sent back to where a delivery came from, "" when it may be."""
    return "machine" if receipt.facts.get("automatic") else ""
