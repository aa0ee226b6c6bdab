"""Case: one request in the one queue; its states, written as arrows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cases.contract import CaseOut, SubmissionOut
from checks.validation import Outcome
from intake.receipt import Channel


class CaseState(StrEnum):
    """Where a case stands. The names are part of the published contract."""

    QUEUED = "queued"
    """Ready, in the one queue."""
    WAITING_CLERK = "waiting_clerk"
    """A clerk must look before it can go on."""
    WAITING_CUSTOMER = "waiting_customer"
    """Papers or data are missing; the customer must send them."""
    HELD = "held"
    """Complete, but the complaint's term is not over; released by itself on ``hold_until``."""
    REFUSAL_PROPOSED = "refusal_proposed"
    """Not admissible on this channel, or the wrong form; a clerk confirms or rejects the refusal."""
    LINKED = "linked"
    """Belongs to an earlier case, which carries it on."""
    REFUSED = "refused"
    """A clerk confirmed the refusal."""
    HANDED_OVER = "handed_over"
    """Taken out of the queue by the desk that works on it."""
    CLOSED = "closed"
    """Nothing more will happen."""


class Event(StrEnum):
    """What can happen to a case."""

    CLEARED = "cleared"
    """A clerk, or new papers, made it complete and admissible."""
    FOUND_INCOMPLETE = "found_incomplete"
    FOUND_EARLY = "found_early"
    FOUND_INADMISSIBLE = "found_inadmissible"
    DOUBTED = "doubted"
    PAPERS_CAME = "papers_came"
    WAIT_OVER = "wait_over"
    REFUSAL_CONFIRMED = "refusal_confirmed"
    REFUSAL_REJECTED = "refusal_rejected"
    JOINED = "joined"
    SPLIT = "split"
    TAKEN = "taken"
    RETURNED = "returned"
    CLOSED = "closed"


class NoArrow(Exception):
    """The event cannot happen to a case in that state."""


_OPEN: Final = (CaseState.WAITING_CLERK, CaseState.WAITING_CUSTOMER, CaseState.HELD, CaseState.QUEUED)
_FOUND: Final[Mapping[Event, CaseState]] = {
    Event.CLEARED: CaseState.QUEUED,
    Event.FOUND_INCOMPLETE: CaseState.WAITING_CUSTOMER,
    Event.FOUND_EARLY: CaseState.HELD,
    Event.FOUND_INADMISSIBLE: CaseState.REFUSAL_PROPOSED,
    Event.DOUBTED: CaseState.WAITING_CLERK,
    Event.JOINED: CaseState.LINKED,
}

ARROWS: Final[Mapping[tuple[CaseState, Event], CaseState]] = MappingProxyType(
    {
        **{(state, event): after for state in _OPEN for event, after in _FOUND.items()},
        (CaseState.WAITING_CUSTOMER, Event.PAPERS_CAME): CaseState.WAITING_CLERK,
        (CaseState.HELD, Event.WAIT_OVER): CaseState.QUEUED,
        (CaseState.REFUSAL_PROPOSED, Event.REFUSAL_CONFIRMED): CaseState.REFUSED,
        (CaseState.REFUSAL_PROPOSED, Event.REFUSAL_REJECTED): CaseState.WAITING_CLERK,
        (CaseState.REFUSAL_PROPOSED, Event.JOINED): CaseState.LINKED,
        (CaseState.LINKED, Event.SPLIT): CaseState.WAITING_CLERK,
        (CaseState.QUEUED, Event.TAKEN): CaseState.HANDED_OVER,
        (CaseState.HANDED_OVER, Event.RETURNED): CaseState.QUEUED,
        (CaseState.HANDED_OVER, Event.CLOSED): CaseState.CLOSED,
        (CaseState.REFUSED, Event.CLOSED): CaseState.CLOSED,
        (CaseState.LINKED, Event.CLOSED): CaseState.CLOSED,
    }
)

FIRST: Final[Mapping[Outcome, CaseState]] = MappingProxyType(
    {
        Outcome.READY: CaseState.QUEUED,
        Outcome.INCOMPLETE: CaseState.WAITING_CUSTOMER,
        Outcome.HELD_UNTIL: CaseState.HELD,
        Outcome.NOT_ADMISSIBLE: CaseState.REFUSAL_PROPOSED,
        Outcome.WRONG_FORM: CaseState.REFUSAL_PROPOSED,
        Outcome.DUPLICATE_OF: CaseState.LINKED,
        Outcome.JOINED_TO: CaseState.LINKED,
        Outcome.MANUAL_REVIEW: CaseState.WAITING_CLERK,
    }
)
"""The state in which a case is born. NOT_A_REQUEST is none: it becomes a recorded refusal, never a case."""


def arrow(state: CaseState, event: Event) -> CaseState:
    """Give the state after an event. Raises ``NoArrow`` when the event cannot happen there."""
    after = ARROWS.get((state, event))
    if after is None:
        raise NoArrow(f"{event} cannot happen to a case that is {state}")
    return after


@dataclass(frozen=True, slots=True)
class Case:
    """One case as stored. ``number`` is its register number; ``payload`` the submission in its published shape."""

    id: int
    number: str
    state: CaseState
    outcome: Outcome
    reasons: tuple[str, ...]
    form: str
    channel: Channel
    received_at: datetime
    registered_at: datetime
    sender: str
    receipt: int
    item: int
    hold_until: date | None
    payload: Mapping[str, object]
    completed_at: datetime | None = None

    def published(self) -> CaseOut:
        """Give the case in its published shape."""
        return CaseOut(
            number=self.number,
            state=self.state,
            channel=self.channel,
            received_at=self.received_at,
            registered_at=self.registered_at,
            completed_at=self.completed_at,
            sender=self.sender,
            submission=SubmissionOut.model_validate(self.payload),
        )
