"""Submission: one request as read and checked; Looked: all that a look at one receipt gave."""

from dataclasses import dataclass
from datetime import datetime

from checks.validation import Validation
from intake.receipt import MailKind, Refused
from parsers.reading import Reading


@dataclass(frozen=True, slots=True)
class Submission:
    """One request out of a receipt: what was read, and what the checks say of it."""

    reading: Reading
    validation: Validation


@dataclass(frozen=True, slots=True)
class Looked:
    """The whole result of looking at one receipt. Pure data: it crosses the process border.

    ``failure`` is an Italian sentence when the look itself failed (time, memory, a crash) and a clerk must take over;
    then ``submissions`` is empty. ``kind`` tells requests from receipts, bounces and the like.
    """

    submissions: tuple[Submission, ...]
    refused: tuple[Refused, ...] = ()
    kind: MailKind = MailKind.REQUEST
    sender: str = ""
    subject: str = ""
    message_id: str = ""
    failure: str = ""
    certified_at: datetime | None = None
    """The instant that a certified mail proves; it rules over the time at which the mailbox saw it."""
