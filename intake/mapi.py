"""MAPI properties: what Outlook's own formats (winmail.dat, .msg) say of a message and of its attachments.

The numbers are those of [MS-OXPROPS]; property types those of [MS-OXCDATA] 2.11.1.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32

from intake.charsets import decode_text
from intake.headers import MAIL_FAULTS, address
from intake.htmltext import read_html
from intake.message import LONGEST_BODY, Mail, Part, body_of, headers_of
from intake.names import one_line
from intake.rtf import decompress, rtf_words

SUBJECT, BODY, HTML, RTF, HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, MESSAGE_ID, CODEPAGE = 0x0C1A, 0x0C1F, 0x5D01, 0x1035, 0x3FDE
ATTACH_DATA, ATTACH_NAME, ATTACH_SHORT, ATTACH_MIME, ATTACH_CID = 0x3701, 0x3707, 0x3704, 0x370E, 0x3712
ATTACH_METHOD, DISPLAY_NAME = 0x3705, 0x3001
BY_REFERENCE = frozenset({2, 3, 4, 7})
"""PidTagAttachMethod: the file lies on a server, and only its address is here."""

_TEXT8, _TEXT16, _BINARY, _OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8}
"""Bytes of a value in a stream of TNEF, padded to four."""
_GUID = 0x0048
_MULTI = 0x1000
_MOST_PROPERTIES = 5_000

Value = str | bytes | int
Properties = Mapping[int, Value]


@dataclass(slots=True)
class _Stream:
    """Bytes read from left to right; raises ``ValueError`` at their end."""

    raw: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.raw):
            raise ValueError("the properties end early")
        self.at += count
        return self.raw[self.at - count : self.at]

    def number(self) -> int:
        return int(struct.unpack("<I", self.take(4))[0])

    def padded(self, count: int) -> bytes:
        found = self.take(count)
        self.at = min(len(self.raw), self.at + -count % 4)
        return found


def read_properties(raw: bytes, codepage: str = "cp1252") -> dict[int, Value]:
    """Read the properties of a stream of TNEF ([MS-OXTNEF] 2.1.3.4); of broken ones those before the break."""
    found: dict[int, Value] = {}
    stream = _Stream(raw)
    try:
        for _ in range(min(stream.number(), _MOST_PROPERTIES)):
            kind, number = struct.unpack("<HH", stream.take(4))
            if number >= 0x8000:
                _skip_name(stream)
            for value in _values(stream, kind, codepage):
                found.setdefault(number, value)
    except ValueError:
        return found
    return found


def text_of(properties: Properties, *numbers: int) -> str:
    """Give the first of these properties that is there, as text on one line."""
    for number in numbers:
        value = properties.get(number)
        if isinstance(value, bytes):
            value = decode_text(value.rstrip(b"\0"), "")
        if isinstance(value, str) and value.strip():
            return one_line(value)
    return ""


def mail_from(properties: Properties, parts: tuple[Part, ...]) -> Mail:
    """Make a mail of a message's properties and attachments."""
    plain, html = _long(properties, BODY), _long(properties, HTML)
    packed = properties.get(RTF)
    if not plain.strip() and not html and isinstance(packed, bytes):
        plain = rtf_words(decompress(packed))
    seen = read_html(html)
    known = headers_of(_headers(properties))
    return Mail(
        message=known.message,
        subject=text_of(properties, SUBJECT) or known.subject,
        sender=known.sender,
        reply_to=known.reply_to,
        message_id=known.message_id or text_of(properties, MESSAGE_ID),
        references=known.references,
        body=body_of(plain, seen)[:LONGEST_BODY],
        html=html,
        parts=parts,
        links=seen.links,
    )


def part_from(properties: Properties, content: bytes, nested: Mail | None = None) -> Part:
    """Make a part of an attachment's properties."""
    by_reference = properties.get(ATTACH_METHOD) in BY_REFERENCE and not content and nested is None
    return Part(
        name=text_of(properties, ATTACH_NAME, ATTACH_SHORT, DISPLAY_NAME),
        declared="message/external-body" if by_reference else text_of(properties, ATTACH_MIME).lower(),
        content=content,
        content_id=text_of(properties, ATTACH_CID).strip("<>"),
        nested=nested,
    )


def _long(properties: Properties, number: int) -> str:
    value = properties.get(number, "")
    if isinstance(value, bytes):
        codepage = properties.get(CODEPAGE)
        return decode_text(value.rstrip(b"\0"), f"cp{codepage}" if isinstance(codepage, int) and codepage else "")
    return value if isinstance(value, str) else ""


def _headers(properties: Properties) -> Message:
    """Read the headers with which a message came, or make some: what never left Outlook has none."""
    said = properties.get(HEADERS)
    if isinstance(said, str) and said.strip():
        try:
            return HeaderParser(policy=compat32).parsestr(said[:65536].lstrip())
        except MAIL_FAULTS:
            return Message()
    message = Message()
    sender = address(text_of(properties, SENDER_SMTP, SENDER_ADDRESS))
    if sender:
        message["From"] = sender
    return message


def _skip_name(stream: _Stream) -> None:
    stream.take(16)
    if stream.number() == 1:
        stream.padded(stream.number())
    else:
        stream.take(4)


def _values(stream: _Stream, kind: int, codepage: str) -> Iterator[Value]:
    """Read the value or values of a property."""
    plain = kind & ~_MULTI
    if plain in {_TEXT8, _TEXT16, _BINARY, _OBJECT}:
        for _ in range(min(stream.number(), _MOST_PROPERTIES)):
            yield _variable(stream.padded(stream.number()), plain, codepage)
        return
    size = 16 if plain == _GUID else _FIXED.get(plain, 0)
    if not size:
        raise ValueError("a property of a type that nobody writes")
    for _ in range(min(stream.number(), _MOST_PROPERTIES) if kind & _MULTI else 1):
        yield int.from_bytes(stream.take(size)[:4], "little")


def _variable(raw: bytes, kind: int, codepage: str) -> Value:
    if kind == _TEXT16:
        return raw.decode("utf-16-le", errors="replace").rstrip("\0")
    return decode_text(raw.rstrip(b"\0"), codepage) if kind == _TEXT8 else raw
