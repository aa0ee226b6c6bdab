"""Submission: one request as read and checked; Looked: all that a look at one receipt gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cases.transcript import Transcript
from checks.validation import Validation
from intake.receipt import MailKind, PartUse, Refused, Signature
from parsers.reading import Reading


@dataclass(frozen=True, slots=True)
class Submission:
    """One request out of a receipt: what was read, and what the checks say of it."""

    reading: Reading
    validation: Validation
    transcript: Transcript | None = None
    """What the values were read from, to be kept for replay."""
    linked_to: str = ""
    """The register number of the case that carries it; empty for one that stands by itself."""


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
    words: str = ""
    """Subject and body, for what they name. They are not stored."""
    references: tuple[str, ...] = ()
    """The Message-IDs that it answers, the nearest first."""
    codes: tuple[str, ...] = ()
    """The texts of the 2-D codes on its sheets that are no form's."""
    about: str = ""
    """The Message-ID that a bounce, automatic reply or PEC receipt is about."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Evidence that is kept with the receipt: what the PEC envelope says, how far its signature was believed."""
    notes: tuple[str, ...] = ()
    """Italian sentences that a clerk reads beside the case and need not act on."""
    signatures: tuple[Signature, ...] = ()
    """The digital signatures on the mail and its files."""
    parts: tuple[PartUse, ...] = ()
    """Every part of the delivery, and what became of it."""
    looked_on: date | None = None
    """The day that the checks went by."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Which engines, models and form editions read it, by name."""

    def evidence(self) -> dict[str, str]:
        """Give the facts and the signatures as they are kept with the receipt, by name."""
        told = {f"signature_{i}": _as_fact(signature) for i, signature in enumerate(self.signatures, 1)}
        return {**self.facts, **told}


def _as_fact(signature: Signature) -> str:
    when = signature.signed_at.isoformat() if signature.signed_at else ""
    said = (signature.file, signature.state.value, signature.signer, signature.tax_code, signature.issuer, when)
    return "; ".join(filter(None, said))
