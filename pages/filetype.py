"""What a file is, told by its bytes and never by its name."""

from enum import StrEnum
from typing import Final


class FileType(StrEnum):
    """The families of files that can hold sheets."""

    PDF = "pdf"
    IMAGE = "image"
    FOREIGN = "foreign"


IMAGE_STARTS: Final = (
    b"II*\x00",
    b"MM\x00*",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"BM",
    b"GIF87a",
    b"GIF89a",
)
PDF_HEADER_WITHIN = 1024
"""Readers accept rubbish before the header within the first 1024 bytes; so do we."""


def file_type(content: bytes) -> FileType:
    """Tell PDF, image and everything else apart by the leading bytes."""
    if content.startswith(IMAGE_STARTS) or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        return FileType.IMAGE
    if b"%PDF-" in content[:PDF_HEADER_WITHIN]:
        return FileType.PDF
    return FileType.FOREIGN
