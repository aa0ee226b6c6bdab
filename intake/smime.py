"""The signature around a whole mail (multipart/signed, RFC 8551), checked over the bytes as they came."""

import re
from email.message import Message

from intake.message import Mail
from intake.receipt import Signature, Trusted
from intake.signed import detached, unreadable
from intake.trust import Trust

SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})


def mail_signatures(raw: bytes, mail: Mail, trust: Trust, name: str) -> tuple[Signature, ...]:
    """Give the signatures of a signed mail, none for one that is not signed.

    The signed part is cut out of the raw bytes: parsing and writing it again changes it.
    """
    if mail.message.get_content_type() != "multipart/signed":
        return ()
    part = next((part for part in mail.parts if part.declared in SIGNATURES), None)
    signed = _first_part(raw, mail.message)
    if part is None or signed is None:
        return (unreadable(name),)
    found: tuple[Signature, ...] = ()
    # A mail is signed with CRLF; what was kept in a Maildir has LF.
    for bytes_tried in dict.fromkeys((signed, re.sub(rb"\r?\n", b"\r\n", signed))):
        found = detached(name, part.content, bytes_tried, trust)
        if all(signature.state is not Trusted.BROKEN for signature in found):
            return found
    return found


def _first_part(raw: bytes, message: Message) -> bytes | None:
    """Cut the first part out; the line end before the next boundary belongs to the boundary (RFC 2046, 5.1.1)."""
    boundary = message.get_boundary()
    if not boundary:
        return None
    line = b"--" + boundary.encode("utf-8", "surrogateescape")
    pieces = re.split(rb"(?:\A|\r?\n)" + re.escape(line) + rb"[ \t]*\r?\n", raw, maxsplit=2)
    return pieces[1] if len(pieces) > 2 else None
