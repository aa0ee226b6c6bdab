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
class Held:
    """One file that a delivery held, for the ledger: the numbers of the pages that could be opened, and its fate.

    ``fate`` is "" for a file that was looked at, "refused" or "aside"; then ``reason`` says why. ``digest`` is empty
    where the bytes of the part could not be had.
    """

    name: str
    digest: str = ""
    pages: tuple[int, ...] = ()
    fate: str = ""
    reason: str = ""


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
    held: tuple[Held, ...] = ()
    """Every file of the delivery, in its order; empty when the look failed."""
    about: str = ""
    """The Message-ID that a bounce, automatic reply or PEC receipt is about."""
