"""PEC: the envelopes and receipts of Italian certified mail (RFC 6109; technical annex of DM 2 November 2005).

Nothing here is proof: on an ordinary mailbox anybody can write these headers. The caller says whether the box is PEC.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from intake.charsets import decode_text
from intake.headers import address, message_ids
from intake.message import Mail, Part
from intake.names import one_line

_LARGEST_DATICERT = 1_000_000
_ROME = ZoneInfo("Europe/Rome")
CERTIFIED = "posta-certificata"
ANOMALY = "errore"
RECEIPTS = frozenset(
    {
        "accettazione",
        "non-accettazione",
        "presa-in-carico",
        "avvenuta-consegna",
        "mancata-consegna",
        "errore-consegna",
        "preavviso-errore-consegna",
        "rilevazione-virus",
    }
)
"""The values of X-Ricevuta that the technical annex knows, and one that some providers write."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What ``daticert.xml`` says; a field that is missing or unreadable is empty."""

    at: datetime | None = None
    sender: str = ""
    message_id: str = ""
    kind: str = ""
    error: str = ""
    provider: str = ""
    identifier: str = ""

    def facts(self) -> dict[str, str]:
        """Give what it says as evidence, by name; what is empty is left out."""
        said = {
            "certificate_kind": self.kind,
            "certificate_error": "" if self.error == "nessuno" else self.error,
            "certificate_sender": self.sender,
            "certificate_message_id": self.message_id,
            "certificate_provider": self.provider,
            "certificate_identifier": self.identifier,
            "certificate_at": self.at.isoformat() if self.at else "",
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Envelope:
    """A transport or anomaly envelope: the mail inside, what the provider says of it, and the provider's own parts."""

    kind: str
    inner: Message
    certificate: Certificate
    own_parts: tuple[Part, ...]

    @property
    def certified(self) -> bool:
        """Tell a transport envelope from an anomaly, which wraps ordinary mail."""
        return self.kind == CERTIFIED


def transport(mail: Mail) -> str:
    """Give X-Trasporto: it decides, because transport envelopes carry X-Riferimento-Message-ID too."""
    return mail.header("X-Trasporto").lower().strip()


def receipt(mail: Mail) -> str:
    """Give X-Ricevuta of a receipt, or an empty string; values nobody has seen yet are kept."""
    return "" if transport(mail) else mail.header("X-Ricevuta").lower().strip()


def open_envelope(mail: Mail) -> Envelope | None:
    """Open a transport or anomaly envelope; None when the mail is none, or has no mail inside."""
    kind = transport(mail)
    inside = [part for part in mail.parts if part.nested is not None]
    named = [part for part in inside if part.name.lower() == "postacert.eml"]
    chosen = next(iter(named or inside), None)
    if not kind or chosen is None or not isinstance(chosen.nested, Message):
        return None
    own = tuple(part for part in mail.parts if part is not chosen)
    return Envelope(kind, chosen.nested, certificate_of(own), own)


def certificate_of(parts: Iterable[Part]) -> Certificate:
    """Read the certificate among the provider's parts of an envelope or a receipt."""
    return next((read_daticert(part.content) for part in parts if _is_daticert(part)), Certificate())


def read_daticert(raw: bytes) -> Certificate:
    """Read ``daticert.xml``; one that is not well-formed is read leniently, one with a DOCTYPE not at all."""
    raw = raw[:_LARGEST_DATICERT]
    bare = raw.replace(b"\0", b"").upper()  # also of one in UTF-16
    if b"<!DOCTYPE" in bare or b"<!ENTITY" in bare:
        return Certificate()
    try:
        return _from_tree(fromstring(raw, forbid_dtd=True))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return _from_text(decode_text(raw, ""))


def _is_daticert(part: Part) -> bool:
    """Recognize the certificate by its root too: it comes without a file name, or as plain text."""
    return part.name.lower() == "daticert.xml" or b"<postacert" in part.content[:2000]


def _from_tree(root: Element) -> Certificate:
    def text(path: str) -> str:
        return one_line(root.findtext(f".//{path}") or "")

    return Certificate(
        at=_instant(text("data/giorno"), text("data/ora"), _zone(root.find(".//data"))),
        sender=address(text("mittente")),
        message_id="".join(message_ids(text("msgid"))[:1]),
        kind=one_line(root.get("tipo") or ""),
        error=one_line(root.get("errore") or ""),
        provider=text("gestore-emittente"),
        identifier=text("identificativo"),
    )


def _zone(data: Element | None) -> str:
    return (data.get("zona") or "") if data is not None else ""


def _from_text(text: str) -> Certificate:
    """Read what is not well-formed: an unescaped <msgid>, or stray characters between elements."""

    def first(pattern: str) -> str:
        found = re.search(pattern, text)
        return one_line(found[1]) if found else ""

    return Certificate(
        at=_instant(
            first(r"<giorno>\s*([\d/]{1,20})\s*</giorno>"),
            first(r"<ora>\s*([\d:]{1,20})\s*</ora>"),
            first(r"<data\s[^>]{0,200}zona=[\"']([^\"']{1,10})"),
        ),
        sender=address(first(r"<mittente[^>]{0,200}>([^<]{1,500})</mittente>")),
        message_id="".join(message_ids(first(r"<msgid>(.{1,1000}?)</msgid>"))[:1]),
        kind=first(r"<postacert\s[^>]{0,200}tipo=[\"']([^\"']{1,100})"),
        error=first(r"<postacert\s[^>]{0,200}errore=[\"']([^\"']{1,100})"),
        provider=first(r"<gestore-emittente>([^<]{1,200})</gestore-emittente>"),
        identifier=first(r"<identificativo>([^<]{1,500})</identificativo>"),
    )


def _instant(day: str, time: str, zone: str) -> datetime | None:
    try:
        local = datetime.strptime(f"{day} {time} {zone}", "%d/%m/%Y %H:%M:%S %z")
    except ValueError:
        try:
            return datetime.strptime(f"{day} {time}", "%d/%m/%Y %H:%M:%S").replace(tzinfo=_ROME)
        except ValueError:
            return None
    return local
