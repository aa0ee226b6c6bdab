"""Tell whether the bytes of a file are all there, by its own structure: a writer may pause longer than we wait."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from intake.filetype import FileType, file_type

_TAIL = 2048
_ASCII, _LONGEST_TEXT = 2, 1000
_MOST_PAGES = 20_000
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value of each TIFF field type (TIFF 6.0, section 2; BigTIFF adds 16 to 18)."""
_CODES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS = 273, 279, 324, 325


def flaw(raw: bytes) -> str:
    """Say what is missing in a PDF, TIFF, JPEG or PNG; an empty string when it is whole, or of another type."""
    kind = file_type(raw)
    if kind is FileType.PDF:
        return "" if b"%%EOF" in raw[-_TAIL:] else "the end of the PDF is missing"
    if kind is FileType.TIFF:
        return _tiff_flaw(raw)
    if kind is FileType.JPEG:
        # After the last scan starts, FF D9 cannot stand in its data: it is the end of the picture.
        return "" if raw.rfind(b"\xff\xd9") > raw.rfind(b"\xff\xda") else "the end of the JPEG is missing"
    if kind is FileType.PNG:
        return "" if b"IEND\xaeB`\x82" in raw else "the end of the PNG is missing"
    return "it is empty" if kind is FileType.EMPTY else ""


def tiff_pages(raw: bytes) -> int:
    """Count the pages of a whole TIFF; 0 when it is no whole TIFF."""
    try:
        return sum(1 for _ in _Tiff.of(raw).directories())
    except (struct.error, ValueError):
        return 0


def tiff_strips(raw: bytes) -> tuple[tuple[int, int], ...]:
    """Give place and size of each piece of picture data of a whole TIFF, once each; nothing of another file."""
    pieces: dict[tuple[int, int], None] = {}
    try:
        for directory in _Tiff.of(raw).directories():
            for offsets, counts in ((_STRIP_OFFSETS, _STRIP_COUNTS), (_TILE_OFFSETS, _TILE_COUNTS)):
                pieces |= dict.fromkeys(zip(directory.get(offsets, ()), directory.get(counts, ()), strict=False))
    except (ValueError, struct.error):
        return ()
    return tuple(pieces)


def tiff_words(raw: bytes) -> dict[int, str]:
    """Give the texts in the tags of a TIFF's first page, by tag; nothing of another file."""
    found: dict[int, str] = {}
    try:
        tiff = _Tiff.of(raw)
        for tag, kind, at, count in tiff.entries():
            if kind == _ASCII and count <= _LONGEST_TEXT:
                found[tag] = raw[at : at + count].split(b"\0")[0].decode("ascii", "replace").strip()
    except (ValueError, struct.error):
        return {}
    return found


def _tiff_flaw(raw: bytes) -> str:
    try:
        tiff = _Tiff.of(raw)
        for number, directory in enumerate(tiff.directories(), 1):
            if not tiff.holds(directory):
                return f"page {number} of the TIFF is not all there"
    except struct.error:
        return "the list of pages of the TIFF is cut off"
    except ValueError as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True)
class _Tiff:
    """The directories of a TIFF or BigTIFF, read without decoding a picture."""

    raw: bytes
    order: str
    big: bool

    @classmethod
    def of(cls, raw: bytes) -> "_Tiff":
        return cls(raw, "<" if raw[:2] == b"II" else ">", raw[2:4] in {b"+\0", b"\0+"})

    def directories(self) -> Iterator[dict[int, tuple[int, ...]]]:
        """Yield for each page its strips' and tiles' offsets and lengths; raise on a loop or a cut."""
        at = self._number("Q" if self.big else "I", 8 if self.big else 4)
        seen: set[int] = set()
        while at:
            if at in seen or len(seen) > _MOST_PAGES:
                raise ValueError("the list of pages of the TIFF goes round in a circle")
            seen.add(at)
            directory, at = self._directory(at)
            yield directory
        if not seen:
            raise ValueError("the TIFF has no page yet")

    def holds(self, directory: dict[int, tuple[int, ...]]) -> bool:
        """Tell whether every strip or tile of a page lies inside the file."""
        for offsets, counts in ((_STRIP_OFFSETS, _STRIP_COUNTS), (_TILE_OFFSETS, _TILE_COUNTS)):
            if offsets in directory:
                places = zip(directory[offsets], directory.get(counts, ()), strict=False)
                return bool(counts in directory) and all(at + size <= len(self.raw) for at, size in places)
        return False

    def entries(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield tag, type, place and count of every entry of the first page."""
        at = self._number("Q" if self.big else "I", 8 if self.big else 4)
        count = self._number("Q" if self.big else "H", at)
        step, start = (20, at + 8) if self.big else (12, at + 2)
        for place in range(start, start + count * step, step):
            yield self._entry(place)

    def _directory(self, at: int) -> tuple[dict[int, tuple[int, ...]], int]:
        count = self._number("Q" if self.big else "H", at)
        step, start = (20, at + 8) if self.big else (12, at + 2)
        end = start + count * step
        following = self._number("Q" if self.big else "I", end)
        wanted = {_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS}
        entries = {}
        for place in range(start, end, step):
            tag, kind, at, count = self._entry(place)
            if tag in wanted:
                if kind not in _CODES:
                    raise ValueError("the TIFF names its strips in an unknown way")
                entries[tag] = struct.unpack_from(f"{self.order}{count}{_CODES[kind]}", self.raw, at)
        return entries, following

    def _entry(self, place: int) -> tuple[int, int, int, int]:
        """Give tag, type, place and count of one entry's values, which must lie inside the file."""
        tag, kind = self._number("H", place), self._number("H", place + 2)
        count = self._number("Q" if self.big else "I", place + 4)
        inline = 8 if self.big else 4
        at, size = place + 4 + inline, _SIZES.get(kind, 1) * count
        if size > inline:
            at = self._number("Q" if self.big else "I", at)
        if at + size > len(self.raw):
            raise ValueError("the end of the TIFF is missing")
        return tag, kind, at, count

    def _number(self, code: str, at: int) -> int:
        if at >= len(self.raw):
            raise ValueError("the list of pages of the TIFF points past its end")
        return int(struct.unpack_from(self.order + code, self.raw, at)[0])
