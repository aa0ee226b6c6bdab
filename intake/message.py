"""Bytes of a mail -> its headers, its words and its parts. Total: any bytes give a Mail."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from itertools import islice

from intake.charsets import decode_text
from intake.flowed import unflow
from intake.headers import MAIL_FAULTS, address, decode_words, header, message_ids, param, raw_header, readable
from intake.hidden import decoded, parts_in
from intake.htmltext import Html, read_html
from intake.inlined import take_out

MOST_PARTS = 200
_MOST_NESTED = 100
_MOST_HEADER_LINES = 5_000
_MOST_BOUNDARY_LINES = 20_000
LONGEST_BODY = 200_000
_OPENED = "x-found-in-text"
_STUB = 4
"""A plain text that is so many times shorter than the HTML beside it only says that the reader cannot show HTML."""
_NESTED = re.compile(rb"content-type:\s*(?:multipart/|message/)", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail: a file, or a mail in the mail (``nested``, parsed or still to be read)."""

    name: str
    declared: str
    content: bytes = field(repr=False)
    content_id: str = ""
    nested: "Message | Mail | None" = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as read. ``trouble`` is "", or "too_complex" or "broken" when parts of it could not be reached.

    ``texts`` are the leaves whose words are the body; ``links`` lead out of its HTML; ``unreadable`` are names of files
    in its text that cannot be taken out, each with the reason.
    """

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
    texts: tuple[Part, ...] = ()
    links: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str:
        """Give a header, decoded and on one line, or an empty string."""
        return header(self.message, name)


def read_mail(raw: bytes) -> Mail:
    """Read the bytes of a mail; a mail that is too deep or has too many parts gives its headers only."""
    raw = raw.lstrip(b"\r\n")
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
    html = _texts(texts, "text/html")
    seen, inlined = read_html(html), take_out(_texts(texts, "text/plain"))
    broken = any(leaf.get_content_maintype() == "multipart" for leaf in leaves)
    return replace(
        headers_of(message),
        body=body_of(inlined.text, seen)[:LONGEST_BODY],
        html=html,
        parts=(*(_part(leaf) for leaf in leaves[:MOST_PARTS] if leaf not in texts), *_files(inlined.files, seen)),
        trouble="too_complex" if len(leaves) > MOST_PARTS else "broken" if broken else "",
        texts=tuple(_part(leaf) for leaf in texts),
        links=seen.links,
        unreadable=inlined.unreadable,
    )


def body_of(plain: str, seen: Html) -> str:
    """Choose the words of a mail: its plain text, unless that is a stub beside what the HTML says."""
    return plain if len(plain.strip()) * _STUB >= len(seen.words) and plain.strip() else seen.words


def headers_of(message: Message) -> Mail:
    """Give the mail that the headers alone make."""
    who = address(raw_header(message, "From")) or address(raw_header(message, "Sender"))
    return Mail(
        message=message,
        subject=header(message, "Subject")[:500],
        sender=who or address(raw_header(message, "Return-Path")),
        reply_to=address(raw_header(message, "Reply-To")),
        message_id="".join(message_ids(raw_header(message, "Message-ID"))[:1]),
        references=message_ids(raw_header(message, "In-Reply-To") + raw_header(message, "References")),
        body="",
        html="",
        parts=(),
    )


def _files(files: Iterable[tuple[str, bytes]], seen: Html) -> Iterator[Part]:
    """Give the files that stood in the text, and the pictures that stood in the HTML itself."""
    for name, content in files:
        yield Part(name, "application/octet-stream", content)
    for content in seen.pictures:
        yield Part("", "image/*", content)


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
    return replace(headers_of(BytesHeaderParser(policy=compat32).parsebytes(block)), trouble=trouble)


def _leaves(message: Message) -> Iterator[Message]:
    """Walk the parts without going into mails in the mail: what is theirs is not ours."""
    stack = [message]
    while stack:
        part = stack.pop()
        children = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(children, list):
            stack.extend(child for child in reversed(children) if isinstance(child, Message))
        elif (hidden := _hidden(part)) is not None:
            stack.append(hidden)
        else:
            yield part


def _hidden(leaf: Message) -> Message | None:
    """Give the parts that stand in the text of a mail whose headers do not tell of them; of those only once."""
    if leaf.get_content_type() != "text/plain" or not _is_body(leaf) or leaf.get_param(_OPENED) is not None:
        return None
    found = parts_in(_content(leaf))
    for part in found.walk() if found is not None else ():
        if part.get_content_type() == "text/plain":
            part.set_param(_OPENED, "yes")
    return found


def _is_body(leaf: Message) -> bool:
    if leaf.get_content_type() not in {"text/plain", "text/html"}:
        return False
    if _file_name(leaf) or raw_header(leaf, "Content-Disposition").lower().startswith("attachment"):
        return False
    payload = _payload(leaf)
    return decoded(payload) is payload


def _texts(leaves: list[Message], media_type: str) -> str:
    return "\n".join(_text(leaf) for leaf in leaves if leaf.get_content_type() == media_type)


def _text(leaf: Message) -> str:
    text = decode_text(_content(leaf), param(leaf, "charset"))
    flowed = leaf.get_content_type() == "text/plain" and param(leaf, "format") == "flowed"
    return unflow(text, delete_space=param(leaf, "delsp") == "yes") if flowed else text


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
    return decoded(_payload(leaf))


def _payload(leaf: Message) -> bytes:
    payload = leaf.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _file_name(leaf: Message) -> str:
    shell = Message()
    for key in ("Content-Disposition", "Content-Type"):
        # Unfolded, and with raw 8-bit letters read: the parser itself would put question marks in their place.
        shell[key] = raw_header(leaf, key)
    try:
        name = shell.get_filename()
    except MAIL_FAULTS:
        return ""
    return decode_words(readable(str(name))) if name else ""
