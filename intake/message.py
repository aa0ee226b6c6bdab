"""Bytes of a mail -> its headers, its words and its parts. Total: any bytes give a Mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from itertools import islice

from intake.headers import MAIL_FAULTS, address, decode_text, decode_words, header, message_ids, param, raw_header
from intake.htmltext import html_words

MOST_PARTS = 200
_MOST_NESTED = 100
_MOST_HEADER_LINES = 5_000
_MOST_BOUNDARY_LINES = 20_000
_LONGEST_BODY = 200_000
_NESTED = re.compile(rb"content-type:\s*(?:multipart/|message/)", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail that is not its text: a file, or a mail in the mail (``nested``)."""

    name: str
    declared: str
    content: bytes = field(repr=False)
    content_id: str = ""
    nested: Message | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as read. ``trouble`` is "", or "too_complex" or "broken" when parts of it could not be reached."""

    message: Message = field(repr=False)
    subject: str
    sender: str
    reply_to: str
    message_id: str
    references: tuple[str, ...]
    body: str
    html: str
    parts: tuple[Part, ...]
    trouble: str = ""

    def header(self, name: str) -> str:
        """Give a header, decoded and on one line, or an empty string."""
        return header(self.message, name)


def read_mail(raw: bytes) -> Mail:
    """Read the bytes of a mail; a mail that is too deep or has too many parts gives its headers only."""
    if _too_complex(raw):
        return _headers_only(raw, "too_complex")
    try:
        return mail_of(BytesParser(policy=compat32).parsebytes(raw))
    except MAIL_FAULTS:
        return _headers_only(raw, "broken")


def mail_of(message: Message) -> Mail:
    """Read a parsed message; may raise one of ``MAIL_FAULTS`` on broken ones."""
    leaves = list(islice(_leaves(message), MOST_PARTS + 1))
    texts = [leaf for leaf in leaves if _is_body(leaf)]
    plain, html = _texts(texts, "text/plain"), _texts(texts, "text/html")
    parts = tuple(_part(leaf) for leaf in leaves if leaf not in texts)
    broken = any(leaf.get_content_maintype() == "multipart" for leaf in leaves)
    trouble = "too_complex" if len(leaves) > MOST_PARTS else "broken" if broken else ""
    body = plain if plain.strip() else html_words(html)
    return _mail(message, body, html, parts[:MOST_PARTS], trouble)


def _mail(message: Message, body: str, html: str, parts: tuple[Part, ...], trouble: str) -> Mail:
    who = address(raw_header(message, "From")) or address(raw_header(message, "Sender"))
    return Mail(
        message=message,
        subject=header(message, "Subject")[:500],
        sender=who or address(raw_header(message, "Return-Path")),
        reply_to=address(raw_header(message, "Reply-To")),
        message_id="".join(message_ids(raw_header(message, "Message-ID"))[:1]),
        references=message_ids(raw_header(message, "In-Reply-To") + raw_header(message, "References")),
        body=body[:_LONGEST_BODY],
        html=html,
        parts=parts,
        trouble=trouble,
    )


def _too_complex(raw: bytes) -> bool:
    """Count before parsing: 5,000 nested mails break the parser's recursion, 100,000 parts cost 20 s."""
    first_block = _BLANK.split(raw, maxsplit=1)[0]
    return (
        len(_NESTED.findall(raw)) > _MOST_NESTED
        or first_block.count(b"\n") > _MOST_HEADER_LINES
        or raw.count(b"\n--") > _MOST_BOUNDARY_LINES
    )


def _headers_only(raw: bytes, trouble: str) -> Mail:
    block = b"\n".join(_BLANK.split(raw[:65536], maxsplit=1)[0].splitlines()[:500])
    return _mail(BytesHeaderParser(policy=compat32).parsebytes(block), "", "", (), trouble)


def _leaves(message: Message) -> Iterator[Message]:
    """Walk the parts without going into mails in the mail: what is theirs is not ours."""
    stack = [message]
    while stack:
        part = stack.pop()
        children = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(children, list):
            stack.extend(child for child in reversed(children) if isinstance(child, Message))
        else:
            yield part


def _is_body(leaf: Message) -> bool:
    if leaf.get_content_type() not in {"text/plain", "text/html"}:
        return False
    return not _file_name(leaf) and not raw_header(leaf, "Content-Disposition").lower().startswith("attachment")


def _texts(leaves: list[Message], media_type: str) -> str:
    return "\n".join(_text(leaf) for leaf in leaves if leaf.get_content_type() == media_type)


def _text(leaf: Message) -> str:
    return decode_text(_content(leaf), param(leaf, "charset"))


def _part(leaf: Message) -> Part:
    return Part(
        name=_file_name(leaf),
        declared=leaf.get_content_type(),
        content=_content(leaf),
        content_id=raw_header(leaf, "Content-ID").strip().strip("<>"),
        nested=_nested(leaf),
    )


def _nested(leaf: Message) -> Message | None:
    """Give the mail in a message/rfc822 part; one that was encoded, which is forbidden but real, is decoded first."""
    payload = leaf.get_payload()
    if leaf.get_content_type() not in {"message/rfc822", "message/global"} or not isinstance(payload, list):
        return None
    inner = payload[0] if payload else None
    if not isinstance(inner, Message):
        return None
    if raw_header(leaf, "Content-Transfer-Encoding").strip().lower() in {"base64", "quoted-printable"}:
        return _decoded(leaf, inner) or inner
    return inner


def _decoded(leaf: Message, inner: Message) -> Message | None:
    """Read the encoded text, which the parser took for the body of a mail without headers."""
    if inner.keys():
        return None
    shell = Message()
    shell["Content-Transfer-Encoding"] = raw_header(leaf, "Content-Transfer-Encoding").strip()
    shell.set_payload(inner.get_payload())
    raw = shell.get_payload(decode=True)
    if not isinstance(raw, bytes) or _too_complex(raw):
        return None
    return BytesParser(policy=compat32).parsebytes(raw)


def _content(leaf: Message) -> bytes:
    payload = leaf.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _file_name(leaf: Message) -> str:
    try:
        name = leaf.get_filename()
    except MAIL_FAULTS:
        return ""
    return decode_words(str(name)) if name else ""
