"""Width and height of a picture from its header, without decoding it: enough to tell a logo from a page."""

import struct

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG markers that start a frame (ITU T.81, table B.1); DHT, JPG and DAC lie in the same range."""


def picture_size(raw: bytes) -> tuple[int, int] | None:
    """Give (width, height) in pixels of a PNG, GIF or JPEG; None for anything else or a broken header."""
    if raw.startswith(b"\x89PNG\r\n\x1a\n") and len(raw) >= 24:
        width, height = struct.unpack(">II", raw[16:24])
        return int(width), int(height)
    if raw[:4] == b"GIF8" and len(raw) >= 10:
        width, height = struct.unpack("<HH", raw[6:10])
        return int(width), int(height)
    return _jpeg_size(raw) if raw[:2] == b"\xff\xd8" else None


def _jpeg_size(raw: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(raw) and raw[at] == 0xFF:
        if raw[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", raw[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + max(2, int.from_bytes(raw[at + 2 : at + 4], "big"))
    return None
