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
    """One file out of a receipt: the file itself, or an attachment of a mail.

    ``signed`` says that an intact digital signature around it or beside it (p7m, p7s) is about this content.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)
    signed: bool = False

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


class Use(StrEnum):
    """What became of one part of a delivery."""

    DOCUMENT = "document"
    BODY = "body"
    OPENED = "opened"
    SIGNATURE = "signature"
    ASIDE = "aside"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class PartUse:
    """One part of a delivery and what became of it: a document, words, a thing that was opened, or left out because.

    ``reason`` is a key of ``intake.refusals`` for what was left out or set aside. ``digest`` is SHA-256 in hex, or "".
    """

    name: str
    use: Use
    media_type: str
    size: int
    digest: str = ""
    reason: str = ""


class Trusted(StrEnum):
    """How far a digital signature was believed."""

    VERIFIED = "verified"
    UNCHECKED = "unchecked"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    WEAK = "weak"
    BROKEN = "broken"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Signature:
    """A digital signature: on what, of whom, when by the signer's own word, and how far it was believed.

    ``tax_code`` is the signer's codice fiscale where the certificate has it. ``issuer`` is who gave the certificate.
    ``email`` is an address in the certificate. ``told`` is an Italian sentence for a clerk.
    """

    file: str
    state: Trusted
    told: str
    signer: str = ""
    tax_code: str = ""
    issuer: str = ""
    email: str = ""
    signed_at: datetime | None = None


class MailKind(StrEnum):
    """What a mail is: a request of a customer, or one of the things that never become cases."""

    REQUEST = "request"
    RECEIPT = "receipt"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    CALENDAR = "calendar"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A receipt unpacked: its documents, what could not be used, and what the mail around them says.

    ``pec`` is the value of X-Trasporto or X-Ricevuta, only when the box is a PEC box: elsewhere anybody can write it.
    ``certified_at`` is the provider's certified time, ``envelope`` says who sent the envelope around the mail.
    ``references`` are the Message-IDs that the mail, or the PEC receipt, refers to.
    ``set_aside`` are parts that nobody needs to act on: logos, signatures of providers, the same file again.
    ``parts`` accounts for every part: each leaf of a mail and each member of an archive stands there once.
    ``doubts`` are Italian sentences for a clerk about parts that are used all the same, ``notes`` need no action.
    ``facts`` is evidence to be kept with the receipt, by name.
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
    parts: tuple[PartUse, ...] = ()
    signatures: tuple[Signature, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
