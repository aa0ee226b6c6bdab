"""Sending: the states of a letter, written as arrows, and what each end of an attempt means."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class LetterState(StrEnum):
    """Where a letter stands."""

    READY = "ready"
    """To be sent; its job is in the queue."""
    HELD = "held"
    """A clerk looks at it first."""
    WITHHELD = "withheld"
    """It does not go out by itself; the reason says why and what a clerk can do."""
    SENDING = "sending"
    """Given out of hand at this moment: from here on the other side may have it."""
    UNCERTAIN = "uncertain"
    """It may have been sent or not: the connection, or we, broke at the one moment at which this cannot be known."""
    SENT = "sent"
    """Taken by the mail server, or laid into the tray."""
    FAILED = "failed"
    """Refused for good: by the server at once, or later by a bounce or a PEC receipt."""
    DROPPED = "dropped"
    """Overtaken by what happened to the case, or given up by a clerk."""


class What(StrEnum):
    """What can happen to a letter."""

    HOLD = "hold"
    RELEASE = "release"
    GIVE = "give"
    ACCEPTED = "accepted"
    NOT_GIVEN = "not_given"
    """The attempt ended before anything left the house: it is tried again."""
    UNKNOWN = "unknown"
    REFUSED = "refused"
    DELIVERED = "delivered"
    """A receipt says that it arrived."""
    RETURNED = "returned"
    """A bounce or a receipt says that it did not arrive."""
    DROP = "drop"
    WITHHOLD = "withhold"
    RESEND = "resend"


class NotNow(Exception):
    """That cannot happen to a letter in its state; the message is for the person who asked."""


_S, _W = LetterState, What
ARROWS: Final[Mapping[tuple[LetterState, What], LetterState]] = MappingProxyType(
    {
        (_S.READY, _W.HOLD): _S.HELD,
        (_S.HELD, _W.RELEASE): _S.READY,
        (_S.WITHHELD, _W.RELEASE): _S.READY,
        (_S.READY, _W.GIVE): _S.SENDING,
        (_S.READY, _W.WITHHOLD): _S.WITHHELD,
        (_S.READY, _W.REFUSED): _S.FAILED,
        (_S.SENDING, _W.ACCEPTED): _S.SENT,
        (_S.SENDING, _W.NOT_GIVEN): _S.READY,
        (_S.SENDING, _W.UNKNOWN): _S.UNCERTAIN,
        (_S.SENDING, _W.REFUSED): _S.FAILED,
        **{(state, _W.DROP): _S.DROPPED for state in (_S.READY, _S.HELD, _S.WITHHELD, _S.FAILED)},
        **{(state, _W.RESEND): _S.READY for state in (_S.SENT, _S.UNCERTAIN, _S.FAILED)},
        **{(state, _W.DELIVERED): _S.SENT for state in (_S.SENDING, _S.UNCERTAIN, _S.SENT, _S.FAILED)},
        **{(state, _W.RETURNED): _S.FAILED for state in (_S.SENDING, _S.UNCERTAIN, _S.SENT)},
    }
)


def after(state: LetterState, what: What) -> LetterState:
    """Give the state after something happened. Raises ``NotNow``."""
    found = ARROWS.get((state, what))
    if found is None:
        raise NotNow(f"a letter that is {state} cannot be told to {what}")
    return found


OPEN: Final = frozenset({LetterState.READY, LetterState.HELD, LetterState.WITHHELD})
"""States in which the words may still be changed."""
