"""Door to olefile: a message that was saved from Outlook (.msg), read after [MS-OXMSG]."""

import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

import olefile

from intake.charsets import decode_text
from intake.mapi import ATTACH_DATA, ATTACH_METHOD, CODEPAGE, Value, mail_from, part_from
from intake.message import Mail, Part

FAULTS = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    struct.error,
    OverflowError,
    RecursionError,
    AssertionError,
    MemoryError,
)
"""What olefile 0.47 raises on broken files."""
_STREAM = "__substg1.0_"
_ATTACHMENT = "__attach_version1.0_"
_NUMBERS = "__properties_version1.0"
_EMBEDDED = f"{_STREAM}{ATTACH_DATA:04X}000D"
_KINDS = {"001F": "utf-16-le", "001E": "", "0102": None}
_MOST_ATTACHMENTS = 200
_DEEPEST = 3

Place = tuple[str, ...]


class NoMessage(Exception):
    """The file is no Outlook message, or is too broken to be one."""


@dataclass(frozen=True, slots=True)
class _File:
    ole: olefile.OleFileIO
    places: frozenset[Place]

    def bytes_at(self, place: Place) -> bytes:
        """Give the bytes of a stream, or none."""
        return bytes(self.ole.openstream(list(place)).read()) if place in self.places else b""

    def properties(self, place: Place, head: int) -> dict[int, Value]:
        """Read the properties of a message or attachment; ``head`` is the size of its numbers' header."""
        found = dict(_numbers(self.bytes_at((*place, _NUMBERS)), head))
        for stream in self.streams(place):
            kind = stream[len(_STREAM) + 4 : len(_STREAM) + 8].upper()
            if kind in _KINDS:
                found[int(stream[len(_STREAM) : len(_STREAM) + 4], 16)] = self._value((*place, stream), kind, found)
        return found

    def _value(self, place: Place, kind: str, known: dict[int, Value]) -> Value:
        raw = self.bytes_at(place)
        charset = _KINDS[kind]
        if charset is None:
            return raw
        codepage = known.get(CODEPAGE, 1252)
        return decode_text(raw, charset or f"cp{codepage if isinstance(codepage, int) else 1252}").rstrip("\0")

    def streams(self, place: Place) -> Iterator[str]:
        """Yield the names of the property streams right below a place."""
        for known in sorted(self.places):
            name = known[-1]
            if known[:-1] == place and name.startswith(_STREAM) and len(name) == len(_STREAM) + 8:
                yield name

    def attachments(self, place: Place) -> list[Place]:
        """Give the places of the attachments right below a place."""
        depth = len(place)
        inside = {known[: depth + 1] for known in self.places if known[:depth] == place and len(known) > depth + 1}
        return sorted(found for found in inside if found[-1].startswith(_ATTACHMENT))


def read_msg(raw: bytes) -> Mail:
    """Read an Outlook message. Raises ``NoMessage``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with olefile.OleFileIO(BytesIO(raw)) as ole:
                places = frozenset(tuple(map(str, place)) for place in ole.listdir(streams=True, storages=False))
                mail = _message(_File(ole, places), (), 32, 0)
                # What olefile had to overlook may have been an attachment.
                return replace(mail, trouble="broken") if ole.parsing_issues else mail
        except FAULTS as fault:
            raise NoMessage from fault


def _message(file: _File, place: Place, head: int, depth: int) -> Mail:
    found = file.attachments(place)
    parts = tuple(_attachment(file, each, depth) for each in found[:_MOST_ATTACHMENTS])
    mail = mail_from(file.properties(place, head), parts)
    return replace(mail, trouble="too_complex" if len(found) > _MOST_ATTACHMENTS else "")


def _attachment(file: _File, place: Place, depth: int) -> Part:
    properties = file.properties(place, 8)
    inside = (*place, _EMBEDDED)
    if any(known[: len(inside)] == inside for known in file.places):
        if depth >= _DEEPEST:
            return part_from(properties, b"", None)
        return part_from(properties, b"", _message(file, inside, 24, depth + 1))
    data = properties.get(ATTACH_DATA, b"")
    return part_from(properties, data if isinstance(data, bytes) else b"")


def _numbers(raw: bytes, head: int) -> Iterator[tuple[int, Value]]:
    """Yield the two numbers that are looked at out of the table of fixed properties ([MS-OXMSG] 2.4.2)."""
    for at in range(head, len(raw) - 15, 16):
        kind, number, _, value = struct.unpack("<HHII", raw[at : at + 12])
        if kind == 3 and number in {ATTACH_METHOD, CODEPAGE}:
            yield number, value
