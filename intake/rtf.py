"""Rich text: its words, the pictures in it, and the packing in which Outlook keeps it ([MS-OXRTFCP])."""

import re
import struct
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

_LARGEST = 20_000_000
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the unpacked text may refer to before its start ([MS-OXRTFCP] 2.1.2.1)."""
_PICTURE = re.compile(rb"\\(?:jpegblip|pngblip)\b[^{}]{0,2000}?((?:[0-9a-fA-F]\s*){200,})")
_MOST_PICTURES = 50
_FAULTS = (ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)


def rtf_words(raw: bytes) -> str:
    """Give the words of rich text; of broken text what could be read."""
    try:
        # The bytes are ASCII by definition; striprtf reads \\'e8 by the code page that the text names.
        text = _without_pictures(raw[:_LARGEST]).decode("latin-1")
        return str(rtf_to_text(text, errors="replace")).strip()  # type: ignore[no-untyped-call]
    except _FAULTS:
        return ""


def rtf_pictures(raw: bytes) -> Iterator[bytes]:
    """Yield the JPEG and PNG pictures in rich text."""
    for number, found in enumerate(_PICTURE.finditer(raw)):
        if number >= _MOST_PICTURES:
            return
        digits = b"".join(found[1].split())
        yield bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def decompress(packed: bytes) -> bytes:
    """Unpack compressed RTF; of a broken one what could be unpacked."""
    if len(packed) < 16:
        return b""
    _, size, kind, _ = struct.unpack("<IIII", packed[:16])
    if kind == 0x414C454D:  # "MELA": stored, not packed
        return packed[16 : 16 + size]
    return _unpacked(packed[16:], min(size, _LARGEST)) if kind == 0x75465A4C else b""


def _unpacked(packed: bytes, size: int) -> bytes:
    out = bytearray(_DICTIONARY)
    start = len(out)
    at = 0
    while at < len(packed) and len(out) - start < size:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += packed[at : at + 1]
                at += 1
                continue
            pair = int.from_bytes(packed[at : at + 2], "big")
            at += 2
            if not _copy(out, pair):
                return bytes(out[start : start + size])
    return bytes(out[start : start + size])


def _copy(out: bytearray, pair: int) -> bool:
    """Repeat what stood before; False at the reference to the place of writing itself, which ends the text."""
    offset, length = pair >> 4, (pair & 0xF) + 2
    distance = (len(out) - offset) % 4096
    if distance == 0:
        return False
    for _ in range(length):
        out.append(out[-distance] if distance <= len(out) else 0x20)
    return True


def _without_pictures(raw: bytes) -> bytes:
    return _PICTURE.sub(b"", raw)
