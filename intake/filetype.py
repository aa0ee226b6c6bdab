"""Tell what bytes really are: by the bytes, never by the declared type or the name alone."""

import re
import zipfile
from enum import StrEnum
from io import BytesIO

_ZIP_FAULTS = (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError, RuntimeError, OverflowError)


class FileType(StrEnum):
    """What a file is, as a media type."""

    PDF = "application/pdf"
    TIFF = "image/tiff"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    WEBP = "image/webp"
    GIF = "image/gif"
    BMP = "image/bmp"
    ZIP = "application/zip"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    OLE = "application/x-ole-storage"
    RTF = "application/rtf"
    RAR = "application/vnd.rar"
    SEVENZIP = "application/x-7z-compressed"
    P7M = "application/pkcs7-mime"
    TNEF = "application/vnd.ms-tnef"
    EML = "message/rfc822"
    HTML = "text/html"
    TEXT = "text/plain"
    EMPTY = "application/x-empty"
    UNKNOWN = "application/octet-stream"


_STARTS = (
    (b"%PDF-", FileType.PDF),
    (b"II*\0", FileType.TIFF),
    (b"MM\0*", FileType.TIFF),
    (b"II+\0", FileType.TIFF),
    (b"MM\0+", FileType.TIFF),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"GIF87a", FileType.GIF),
    (b"GIF89a", FileType.GIF),
    (b"BM", FileType.BMP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType.OLE),
    (b"{\\rtf", FileType.RTF),
    (b"Rar!\x1a\x07", FileType.RAR),
    (b"7z\xbc\xaf\x27\x1c", FileType.SEVENZIP),
    (b"\x78\x9f\x3e\x22", FileType.TNEF),
    (b"-----BEGIN PKCS7-----", FileType.P7M),
    (b"-----BEGIN CMS-----", FileType.P7M),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"})
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
# Base64 of a DER or BER SEQUENCE with that OID near its start: 0x30 0x80 or 0x30 0x82 give "MI", and "MIA" or "MII".
_BASE64_DER = re.compile(rb"\s*MI[A-Za-z0-9+/\s]{60}")
_MAIL_HEADER = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|received|return-path|delivered-to|mime-version|content-type"
    rb"|x-trasporto|x-ricevuta|reply-to|sender|dkim-signature|content-transfer-encoding):",
    re.IGNORECASE | re.MULTILINE,
)
_HTML = re.compile(
    rb"^\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|table|div|p)\b", re.IGNORECASE | re.DOTALL
)
_PDF_WITHIN = 1024
"""Readers look for %PDF- in the first kilobyte: scanners and mailers put lines before it."""


def file_type(raw: bytes) -> FileType:
    """Say what the bytes are; the archive's own list tells Word and Writer files from other zips."""
    if not raw.strip(b"\0\t\r\n "):
        return FileType.EMPTY
    by_start = next((kind for start, kind in _STARTS if raw.startswith(start)), None)
    if by_start is FileType.BMP and not _is_bmp(raw):
        by_start = None
    return by_start or _container(raw) or _words(raw)


def _container(raw: bytes) -> FileType | None:
    head = raw[:_PDF_WITHIN]
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return FileType.HEIC
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileType.WEBP
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _zipped(raw)
    if _SIGNED_DATA in head[:64] and head[:1] == b"\x30":
        return FileType.P7M
    return None


def _words(raw: bytes) -> FileType:
    """Tell mails, pages of text and HTML; a mail may hold the signs of others, so a mail's headers come first."""
    head = raw[:_PDF_WITHIN]
    if is_mail(raw):
        return FileType.EML
    if b"%PDF-" in head:
        return FileType.PDF
    if _HTML.match(head):
        return FileType.HTML
    if _BASE64_DER.match(head):
        return FileType.P7M
    return FileType.TEXT if _is_text(raw) else FileType.UNKNOWN


def is_mail(raw: bytes) -> bool:
    """Tell whether bytes begin with the headers of a mail: two known ones in the first block."""
    block = re.split(rb"\r?\n\r?\n", raw[:16384].lstrip(b"\r\n"), maxsplit=1)[0]
    first_line = block.split(b"\n", 1)[0]
    looks_so = re.match(rb"(?:From |[!-9;-~]+:)", first_line) is not None
    names = {found.lower() for found in _MAIL_HEADER.findall(block)}
    return looks_so and len(names) > 1


def _is_bmp(raw: bytes) -> bool:
    """Tell a bitmap from a text that begins with "BM": its reserved words are zero."""
    return len(raw) > 14 and raw[6:10] == b"\0\0\0\0"


def _is_text(raw: bytes) -> bool:
    sample = raw[:65536]
    if b"\0" in sample:
        return sample[:2] in {b"\xff\xfe", b"\xfe\xff"}
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in sample)
    return odd * 100 <= len(sample)


def _zipped(raw: bytes) -> FileType:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            names = archive.namelist()
    except _ZIP_FAULTS:
        return FileType.ZIP
    if "word/document.xml" in names:
        return FileType.DOCX
    if "xl/workbook.xml" in names:
        return FileType.XLSX
    # An OpenDocument file begins with a member of this name (OASIS ODF 1.2, part 3, 3.3).
    return FileType.ODT if names[:1] == ["mimetype"] and "content.xml" in names else FileType.ZIP
