"""Zip archives from outside, read within limits that are counted and not believed; member names are never paths."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from lzma import LZMAError

_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    MemoryError,
)
_ENCRYPTED = 0x1


class NotReadable(Exception):
    """A member, or the archive, cannot be read. ``reason``: "encrypted", "damaged" or "oversize"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def member_names(raw: bytes) -> tuple[str, ...]:
    """Give the names of the files in an archive, in its order. Raises ``NotReadable``."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            return tuple(info.filename for info in archive.infolist() if not info.is_dir())
    except _FAULTS as error:
        raise NotReadable("damaged") from error


def read_members(
    raw: bytes, most_each: int, most_bytes: int, most_files: int
) -> Iterator[tuple[str, bytes | NotReadable]]:
    """Yield each member with its bytes, or why it cannot be read.

    ``most_each`` and ``most_bytes`` bound the bytes that really come out of one member, and of all together: the
    sizes that an archive declares are the bomber's own words. Raises ``NotReadable`` when the archive itself is broken.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(raw))
    except _FAULTS as error:
        raise NotReadable("damaged") from error
    left = most_bytes
    with archive:
        for info in [info for info in archive.infolist() if not info.is_dir()][:most_files]:
            room = min(most_each, left)
            content = _read(archive, info, room)
            left -= room if isinstance(content, NotReadable) and content.reason == "oversize" else 0
            left -= 0 if isinstance(content, NotReadable) else len(content)
            yield info.filename, content


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most_bytes: int) -> bytes | NotReadable:
    if info.flag_bits & _ENCRYPTED:
        return NotReadable("encrypted")
    try:
        with archive.open(info) as member:
            content = member.read(most_bytes + 1)
    except _FAULTS:
        return NotReadable("damaged")
    return content if len(content) <= most_bytes else NotReadable("oversize")
