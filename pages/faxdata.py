"""What the decoder of fax data complains about: rows that the telephone line damaged, or bits in the wrong order.

libtiff says it on standard error and nowhere else; so that is listened to while a picture is decoded.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from intake.whole import tiff_strips
from pages.t4 import count_rows, read_rows

FAX: Final = frozenset({"group3", "group4", "tiff_ccitt"})
"""Pillow's names of the compressions of T.4 and T.6."""

_COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _OFFSETS, _ROWS_PER_STRIP, _COUNTS = 259, 262, 266, 273, 278, 279
_T4_OPTIONS, _BAD_FAX_LINES = 292, 326
_GROUP_3: Final = 3
_END_OF_BLOCK: Final = "000000000001" * 2
_PADDING: Final = 16
"""So many zero bytes may fill a strip up to a round address."""
_MOST_BYTES: Final = 2_000_000
_COMPLAINT: Final = re.compile(
    rb"Fax(\d)\w*: (Premature EOF|Premature EOL|Bad code word|Line length mismatch|Uncompressed data)"
    rb"[^\n]* line (\d+) of strip (\d+)"
)
_MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@contextmanager
def listened() -> Iterator[Callable[[], bytes]]:
    """Catch what C libraries write on standard error during the block; the function given reads it."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)

        def said() -> bytes:
            caught.seek(0)
            return caught.read(_MOST_BYTES)

        try:
            yield said
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of a fax page: its data, most significant bit first, and how many rows they should make."""

    data: bytes
    rows: int


def strips(image: Image.Image, content: bytes) -> tuple[Strip, ...]:
    """Give the pieces of the present page of a TIFF."""
    tags = getattr(image, "tag_v2", {})
    per_strip = min(int(tags.get(_ROWS_PER_STRIP, image.height)), image.height)
    pieces = []
    for number, (at, size) in enumerate(zip(tags.get(_OFFSETS, ()), tags.get(_COUNTS, ()), strict=False)):
        data = content[at : at + size]
        rows = min(per_strip, image.height - number * per_strip)
        if rows > 0:
            pieces.append(Strip(data.translate(_MIRRORED) if tags.get(_FILL_ORDER, 1) == 2 else data, rows))
    return tuple(pieces)


def damaged_rows(image: Image.Image, content: bytes, complaints: bytes) -> int:
    """Count the rows of a fax page that libtiff decoded wrongly: by its complaints, and by what the data lack.

    Of missing rows it says nothing, and may have lost its place for all rows after them. Where T.6 data (each row drawn
    from the one before) break, the rest of the strip counts.
    """
    tags = getattr(image, "tag_v2", {})
    pieces = strips(image, content)
    found: dict[int, set[int]] = {}
    for said in _COMPLAINT.finditer(complaints):
        kind, what, line, number = said.groups()
        strip, row = int(number), int(line)
        to_the_end = (what == b"Premature EOF" or kind == b"4") and strip < len(pieces)
        found.setdefault(strip, set()).update(range(row, pieces[strip].rows if to_the_end else row + 1))
    missing = _missing_rows if tags.get(_COMPRESSION) == _GROUP_3 else _rows_cut_off
    return sum(max(missing(piece), len(found.get(number, ()))) for number, piece in enumerate(pieces))


def noted_by_receiver(image: Image.Image) -> int:
    """Give how many rows of the present page came damaged by the receiver's own count, whatever it made of them."""
    return int(getattr(image, "tag_v2", {}).get(_BAD_FAX_LINES, 0))


def _missing_rows(strip: Strip) -> int:
    return max(0, strip.rows - count_rows(strip.data))


def _rows_cut_off(strip: Strip) -> int:
    """Tell from zeros where no T.6 code has any, and no end-of-block code before them, how many rows are lost."""
    filled = strip.data.rstrip(b"\0")
    lost = len(strip.data) - len(filled)
    bits = bin(int.from_bytes(b"\x01" + filled[-8:]))[3:]
    if lost <= _PADDING or _END_OF_BLOCK in bits:
        return 0
    return max(1, round(strip.rows * lost / len(strip.data)))


def reread(image: Image.Image, content: bytes) -> tuple[Image.Image, int] | None:
    """Read a page of Group 3 data row by row: its picture and how many rows are damaged; None for other pages."""
    tags = getattr(image, "tag_v2", {})
    pieces = strips(image, content)
    if tags.get(_COMPRESSION) != _GROUP_3 or not pieces:
        return None
    two_ways = bool(tags.get(_T4_OPTIONS, 0) & 1)
    read = [read_rows(piece.data, image.width, piece.rows, two_ways=two_ways) for piece in pieces]
    white = 255 * int(tags.get(_PHOTOMETRIC, 0) == 0)
    picture = np.where(np.vstack([rows for rows, _ in read]) == 0, white, 255 - white).astype(np.uint8)
    return Image.fromarray(picture), sum(torn for _, torn in read)


def mirrored(content: bytes) -> bytes:
    """Turn round the bits of each byte of a TIFF's picture data: some fax cards write them in the order they came."""
    turned = bytearray(content)
    for at, size in tiff_strips(content):
        turned[at : at + size] = turned[at : at + size].translate(_MIRRORED)
    return bytes(turned)
