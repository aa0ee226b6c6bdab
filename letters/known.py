"""Known: what the letters may know of a case, from its row and its delivery's."""

from sqlmodel import Session

from cases.case import CaseState
from cases.register import RegisterNumber
from cases.tables import CaseRow, ReceiptRow
from cases.whole import carrier_of
from checks.validation import Outcome
from intake.receipt import Channel
from letters.matter import Matter


def matter_of(session: Session, case: CaseRow) -> Matter:
    """Give what the letters may know of a case: of one that was joined, the case that carries it on."""
    home = _home(session, case)
    return Matter(
        number=str(RegisterNumber(home.year, home.number)),
        protocol=str(RegisterNumber(case.year, case.number)),
        state=CaseState(case.state),
        outcome=Outcome(case.outcome),
        reasons=tuple(case.reasons),
        channel=Channel(case.channel),
        received_at=case.received_at,
        sender=case.sender,
        payload=home.payload,
        hold_until=case.hold_until,
        safe=_unsafe(session.get_one(ReceiptRow, case.receipt_id)),
    )


def _home(session: Session, case: CaseRow) -> CaseRow:
    link = carrier_of(session, case.id)
    return session.get_one(CaseRow, link.carrier_id) if link else case


def _unsafe(receipt: ReceiptRow) -> str:
    """Say why nothing is sent back to where a delivery came from, "" when it may be."""
    return "machine" if receipt.facts.get("automatic") else ""
