"""Files that only Outlook writes: winmail.dat ([MS-OXTNEF]) and saved messages (.msg, [MS-OXMSG] in [MS-CFB])."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_NONE = 0xFFFFFFFF
Tree = Mapping[str, "bytes | Tree"]
_CLASS, _SUBJECT, _BODY, _NAME, _DATA, _SENDER = 0x001A, 0x0037, 0x1000, 0x3707, 0x3701, 0x5D01
_TOP, _INNER = 32, 24
"""Bytes of the header of a message's properties: at the root, and of a message in a message ([MS-OXMSG] 2.4.1)."""
_ROOT: Final = "Root Entry"


@dataclass(frozen=True, slots=True)
class OutlookMessage:
    """A message as Outlook keeps it."""

    sender: str
    subject: str
    body: str
    files: Sequence[tuple[str, bytes]] = ()
    inner: "Sequence[OutlookMessage]" = ()


def write_winmail(message: OutlookMessage) -> bytes:
    """Write winmail.dat: subject and body as MAPI properties, one group of attributes for each attachment."""
    said = _mapi({_SUBJECT: message.subject, _BODY: message.body})
    out = [struct.pack("<IH", 0x223E9F78, 1), _attribute(1, 0x00069007, struct.pack("<II", 1252, 0))]
    out.append(_attribute(1, 0x00069003, said))
    for name, content in message.files:
        out.append(_attribute(2, 0x00069002, bytes(14)))
        out.append(_attribute(2, 0x00018010, name.encode("cp1252", "replace") + b"\0"))
        out.append(_attribute(2, 0x0006800F, content))
        out.append(_attribute(2, 0x00069005, _mapi({_NAME: name})))
    for inner in message.inner:
        out.append(_attribute(2, 0x00069002, bytes(14)))
        out.append(_attribute(2, 0x00069005, _embedded(inner)))
    return b"".join(out)


def write_msg(message: OutlookMessage) -> bytes:
    """Write a message as a .msg file."""
    return write_compound(_storage(message, _TOP))


def write_compound(tree: Tree) -> bytes:
    """Write streams and storages as a compound file of version 3 ([MS-CFB])."""
    return _Compound().write(tree)


def _attribute(level: int, number: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _mapi(texts: Mapping[int, str]) -> bytes:
    out = struct.pack("<I", len(texts))
    for number, text in texts.items():
        raw = f"{text}\0".encode("utf-16-le")
        out += struct.pack("<HHII", 0x001F, number, 1, len(raw)) + raw + bytes(-len(raw) % 4)
    return out


def _embedded(inner: OutlookMessage) -> bytes:
    raw = bytes.fromhex("0703020000000000c000000000000046") + write_winmail(inner)
    name = f"{inner.subject}\0".encode("utf-16-le")
    return (
        struct.pack("<IHHII", 2, 0x000D, _DATA, 1, len(raw)) + raw + bytes(-len(raw) % 4)
        + struct.pack("<HHII", 0x001F, 0x3001, 1, len(name)) + name + bytes(-len(name) % 4)
    )  # fmt: skip


def _storage(message: OutlookMessage, head: int) -> dict[str, "bytes | Tree"]:
    tree: dict[str, bytes | Tree] = {"__properties_version1.0": bytes(head)}
    tree |= _texts({_CLASS: "IPM.Note", _SUBJECT: message.subject, _BODY: message.body, _SENDER: message.sender})
    if head == _TOP:
        tree["__nameid_version1.0"] = {f"__substg1.0_000{n}0102": b"" for n in (2, 3, 4)}
    attached: list[dict[str, bytes | Tree]] = [
        {f"__substg1.0_{_DATA:04X}0102": content, **_texts({_NAME: name})} for name, content in message.files
    ]
    attached += [{f"__substg1.0_{_DATA:04X}000D": _storage(inner, _INNER)} for inner in message.inner]
    for number, held in enumerate(attached):
        tree[f"__attach_version1.0_#{number:08X}"] = {"__properties_version1.0": bytes(8), **held}
    return tree


def _texts(texts: Mapping[int, str]) -> dict[str, "bytes | Tree"]:
    return {f"__substg1.0_{number:04X}001F": text.encode("utf-16-le") for number, text in texts.items()}


@dataclass(slots=True)
class _Entry:
    name: str
    kind: int
    right: int = _NONE
    child: int = _NONE
    start: int = _END
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        head = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), self.kind, 1)
        ids = struct.pack("<III", _NONE, self.right, self.child)
        return head + ids + bytes(36) + struct.pack("<IQ", self.start, self.size)


class _Compound:
    """A compound file under construction: small streams in one stream of the root, the rest in sectors."""

    def __init__(self) -> None:
        self._entries = [_Entry(_ROOT, 5)]
        self._sectors: list[bytes] = []
        self._fat: list[int] = []
        self._small = bytearray()
        self._small_fat: list[int] = []

    def write(self, tree: Tree) -> bytes:
        self._entries[0].child = self._add(tree)
        root = self._entries[0]
        root.start, root.size = self._put(bytes(self._small)), len(self._small)
        small_fat = b"".join(struct.pack("<I", link) for link in self._small_fat)
        small_start, small_count = self._put(small_fat), -(-len(small_fat) // _SECTOR)
        directory = b"".join(entry.packed() for entry in self._entries)
        empty = _Entry("", 0).packed()[:-12] + bytes(12)
        directory += empty * (-len(self._entries) % 4)
        start = self._put(directory)
        fats = self._close_fat()
        header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
        header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        header += struct.pack("<IIIIII", 0, len(fats), start, 0, _CUTOFF, small_start if small_count else _END)
        header += struct.pack("<III", small_count, _END, 0)
        header += b"".join(struct.pack("<I", n) for n in fats).ljust(436, b"\xff")
        return header + b"".join(self._sectors)

    def _add(self, tree: Tree) -> int:
        """Add the members of a storage as a chain of siblings; give the first."""
        before = _NONE
        # Names are ordered by length first ([MS-CFB] 2.6.4).
        for name in sorted(tree, key=lambda n: (len(n), n.upper()), reverse=True):
            held = tree[name]
            entry = _Entry(name, 2 if isinstance(held, bytes) else 1, right=before)
            before = len(self._entries)
            self._entries.append(entry)
            if isinstance(held, bytes):
                entry.size = len(held)
                entry.start = self._put(held) if len(held) >= _CUTOFF else self._put_small(held)
            else:
                entry.child = self._add(held)
        return before

    def _put(self, raw: bytes) -> int:
        first = len(self._sectors)
        pieces = [raw[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(raw), _SECTOR)]
        self._sectors += pieces
        self._fat += [*range(first + 1, first + len(pieces)), _END] if pieces else []
        return first if pieces else _END

    def _put_small(self, raw: bytes) -> int:
        first, count = len(self._small_fat), -(-len(raw) // _SMALL)
        self._small += raw.ljust(count * _SMALL, b"\0")
        self._small_fat += [*range(first + 1, first + count), _END] if count else []
        return first if count else _END

    def _close_fat(self) -> list[int]:
        """Add the sectors of the table itself; 109 of them fit into the header, some 7 MB of file."""
        count = 0
        while count * _SECTOR // 4 < len(self._fat) + count:
            count += 1
        first = len(self._sectors)
        links = [*self._fat, *[_FAT] * count]
        links += [_FREE] * (count * _SECTOR // 4 - len(links))
        raw = b"".join(struct.pack("<I", link) for link in links)
        self._sectors += [raw[at : at + _SECTOR] for at in range(0, len(raw), _SECTOR)]
        return list(range(first, first + count))
