"""PEC: the envelopes and receipts of Italian certified mail (RFC 6109; technical annex of DM 2 November 2005).

Nothing here is proof: on an ordinary mailbox anybody can write these headers. The caller says whether the box is PEC.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from intake.headers import address, decode_text, message_ids
from intake.message import Mail, Part
from intake.names import one_line

_LARGEST_DATICERT = 1_000_000
_ROME = ZoneInfo("Europe/Rome")
CERTIFIED = "posta-certificata"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What ``daticert.xml`` says; a field that is missing or unreadable is empty."""

    at: datetime | None = None
    sender: str = ""
    message_id: str = ""
    kind: str = ""
    error: str = ""


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
    if not kind or chosen is None or chosen.nested is None:
        return None
    own = tuple(part for part in mail.parts if part is not chosen)
    certificate = next((read_daticert(part.content) for part in own if _is_daticert(part)), Certificate())
    return Envelope(kind, chosen.nested, certificate, own)


def read_daticert(raw: bytes) -> Certificate:
    """Read ``daticert.xml``; one that is not well-formed is read leniently, one with a DOCTYPE not at all."""
    raw = raw[:_LARGEST_DATICERT]
    if b"<!DOCTYPE" in raw.upper() or b"<!ENTITY" in raw.upper():
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
