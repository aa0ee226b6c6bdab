"""winmail.dat: the wrapping in which Outlook sends rich text and attachments to readers that are not Outlook.

Written after [MS-OXTNEF]; no kept library of a free licence reads its embedded messages.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from intake.charsets import decode_text
from intake.mapi import (
    ATTACH_DATA,
    ATTACH_NAME,
    BODY,
    CODEPAGE,
    SUBJECT,
    Properties,
    Value,
    mail_from,
    part_from,
    read_properties,
)
from intake.message import Mail, Part

_SIGNATURE = 0x223E9F78
_MESSAGE, _ATTACHMENT = 1, 2
_ATTACH_STARTS, _ATTACH_TITLE, _ATTACH_FILE, _ATTACH_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_PROPERTIES, _OEM_CODEPAGE, _SUBJECT, _BODY = 0x9003, 0x9007, 0x8004, 0x800C
_MESSAGE_INTERFACE = bytes.fromhex("0703020000000000c000000000000046")
_MOST_ATTACHMENTS = 200
_DEEPEST = 3


@dataclass(slots=True)
class _Attachment:
    title: str = ""
    content: bytes = b""
    properties: dict[int, Value] = field(default_factory=dict)


def read_tnef(raw: bytes, depth: int = 0) -> Mail:
    """Read winmail.dat as the mail that it stands for; of a broken one what stands before the break."""
    codepage = "cp1252"
    properties: dict[int, Value] = {}
    attachments: list[_Attachment] = []
    whole = False
    for level, name, data in _attributes(raw):
        if name == 0:
            whole = True
        elif name == _OEM_CODEPAGE and len(data) >= 4:
            codepage = f"cp{struct.unpack('<I', data[:4])[0]}"
        elif level == _MESSAGE:
            _note(properties, name, data, codepage)
        elif name == _ATTACH_STARTS:
            attachments.append(_Attachment())
        elif attachments:
            _fill(attachments[-1], name, data, codepage)
    parts = tuple(_part(attachment, depth) for attachment in attachments[:_MOST_ATTACHMENTS])
    mail = mail_from(properties, parts)
    trouble = "too_complex" if len(attachments) > _MOST_ATTACHMENTS else "" if whole else "broken"
    return replace(mail, trouble=trouble)


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield level, name and data of each attribute; after the last whole one (0, 0, b"")."""
    if len(raw) < 6 or struct.unpack("<I", raw[:4])[0] != _SIGNATURE:
        return
    at = 6
    while at + 9 <= len(raw):
        level, name, _, size = struct.unpack("<BHHI", raw[at : at + 9])
        end = at + 9 + size
        if end + 2 > len(raw) or level not in {_MESSAGE, _ATTACHMENT}:
            return
        yield level, name, raw[at + 9 : end]
        at = end + 2
    if at == len(raw):
        yield 0, 0, b""


def _note(properties: dict[int, Value], name: int, data: bytes, codepage: str) -> None:
    if name == _PROPERTIES:
        properties.update(read_properties(data, codepage))
        properties.setdefault(CODEPAGE, int(codepage[2:]))
    elif name == _SUBJECT:
        properties.setdefault(SUBJECT, decode_text(data.rstrip(b"\0"), codepage))
    elif name == _BODY:
        properties.setdefault(BODY, decode_text(data.rstrip(b"\0"), codepage))


def _fill(attachment: _Attachment, name: int, data: bytes, codepage: str) -> None:
    if name == _ATTACH_TITLE:
        attachment.title = decode_text(data.rstrip(b"\0"), codepage)
    elif name == _ATTACH_FILE:
        attachment.content = data
    elif name == _ATTACH_PROPERTIES:
        attachment.properties = read_properties(data, codepage)


def _part(attachment: _Attachment, depth: int) -> Part:
    said: Properties = {ATTACH_NAME: attachment.title, **attachment.properties}
    held = attachment.properties.get(ATTACH_DATA)
    data = held if isinstance(held, bytes) else b""
    if data.startswith(_MESSAGE_INTERFACE) and depth < _DEEPEST:
        return part_from(said, b"", read_tnef(data[16:], depth + 1))
    return part_from(said, attachment.content or data)
