"""Archives from outside (zip, tar, gzip, bzip2, xz): limits are counted and not believed, names are never paths."""

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from intake.filetype import FileType

_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
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
_XZ_MEMORY = 256_000_000
"""Bytes that unpacking an xz file may use; what its writers need by default is a quarter."""
_ENDINGS = {FileType.GZIP: (".gz", ".tgz"), FileType.BZIP2: (".bz2", ".tbz2"), FileType.XZ: (".xz", ".txz")}


class NotReadable(Exception):
    """A member, or the archive, cannot be read. ``reason``: "encrypted", "damaged", "oversize" or "link"."""

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


def read_tar(raw: bytes, most_each: int, most_files: int) -> Iterator[tuple[str, bytes | NotReadable]]:
    """Yield each file of a tar with its bytes; links and devices are no files. Raises ``NotReadable``."""
    try:
        with tarfile.open(fileobj=BytesIO(raw), mode="r:") as archive:
            for number, info in enumerate(archive):
                if number > most_files:
                    return
                if not info.isdir():
                    yield info.name, _tar_member(archive, info, most_each)
    except _FAULTS as error:
        raise NotReadable("damaged") from error


def unpack_one(kind: FileType, name: str, raw: bytes, most_bytes: int) -> tuple[str, bytes | NotReadable]:
    """Unpack a gzip, bzip2 or xz file; give the name and the bytes of the one file in it."""
    inside = next((name[: -len(end)] for end in _ENDINGS[kind] if name.lower().endswith(end)), name)
    try:
        content = _unpacked(kind, raw, most_bytes + 1)
    except _FAULTS:
        return inside, NotReadable("damaged")
    return inside, content if len(content) <= most_bytes else NotReadable("oversize")


def _unpacked(kind: FileType, raw: bytes, most: int) -> bytes:
    if kind is FileType.GZIP:
        with gzip.GzipFile(fileobj=BytesIO(raw)) as file:
            return file.read(most)
    bzip2 = kind is FileType.BZIP2
    unpacker = bz2.BZ2Decompressor() if bzip2 else lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
    content = unpacker.decompress(raw, most)
    if not unpacker.eof and len(content) < most:
        raise EOFError("the file ends early")
    return content


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo, most: int) -> bytes | NotReadable:
    if not info.isfile():
        return NotReadable("link")
    if info.size > most:
        return NotReadable("oversize")
    member = archive.extractfile(info)
    content = member.read(info.size) if member else b""
    return content if len(content) == info.size else NotReadable("damaged")
