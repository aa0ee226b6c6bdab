"""Receipt and Document: something came in, and is safe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256


class Channel(StrEnum):
    """The way by which a submission reached the desk."""

    EMAIL = "email"
    PEC = "pec"
    FAX = "fax"
    POST = "post"
    ONLINE = "online"


class Origin(str):
    """The source's own identity of a delivery; the idempotency key of intake.

    For example ``imap:host/INBOX/1700000000/42`` (UIDVALIDITY, UID) or ``fax:tray/000042.tif/<sha256>``.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source holds: one mail, one fax call or one scanned file, not yet safe.

    ``received_at`` is the instant at which the desk received it (UTC), never the time of processing.
    ``sender`` is an address or a fax number as the source knows it, or empty.
    """

    origin: Origin
    channel: Channel
    name: str
    raw: bytes
    received_at: datetime
    sender: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.origin:
            raise ValueError("a delivery needs an origin: without one it could be taken in twice")
        if self.received_at.tzinfo is None:
            raise ValueError("received_at must carry a time zone")

    @property
    def digest(self) -> str:
        """SHA-256 of the raw bytes, in hex."""
        return sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery whose bytes are safe under ``digest`` and whose row is committed."""

    id: int
    origin: Origin
    channel: Channel
    name: str
    digest: str
    size: int
    received_at: datetime
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One file out of a receipt: the file itself, or an attachment of a mail."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the content, in hex."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Refused:
    """A part that could not be used. ``message`` is Italian and says what to do next."""

    name: str
    reason: str
    message: str


class MailKind(StrEnum):
    """What a mail is: a request of a customer, or one of the things that never become cases."""

    REQUEST = "request"
    RECEIPT = "receipt"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A receipt unpacked: its documents, what could not be used, and what the mail around them says.

    ``pec`` is the value of X-Trasporto or X-Ricevuta, only when the box is a PEC box: elsewhere anybody can write it.
    ``certified_at`` is the provider's certified time, ``envelope`` says who sent the envelope around the mail.
    ``references`` are the Message-IDs that the mail, or the PEC receipt, refers to.
    ``set_aside`` are parts that nobody needs to act on: logos, signatures of providers, the same file again.
    """

    documents: tuple[Document, ...]
    refused: tuple[Refused, ...] = ()
    body: str = ""
    subject: str = ""
    sender: str = ""
    message_id: str = ""
    kind: MailKind = MailKind.REQUEST
    certified_at: datetime | None = None
    reply_to: str = ""
    references: tuple[str, ...] = ()
    pec: str = ""
    envelope: str = ""
    set_aside: tuple[Refused, ...] = ()
