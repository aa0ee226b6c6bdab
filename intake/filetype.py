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
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    OLE = "application/x-ole-storage"
    MSG = "application/vnd.ms-outlook"
    RTF = "application/rtf"
    RAR = "application/vnd.rar"
    SEVENZIP = "application/x-7z-compressed"
    GZIP = "application/gzip"
    BZIP2 = "application/x-bzip2"
    XZ = "application/x-xz"
    TAR = "application/x-tar"
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
    (b"\x1f\x8b\x08", FileType.GZIP),
    (b"BZh", FileType.BZIP2),
    (b"\xfd7zXZ\0", FileType.XZ),
    (b"\x78\x9f\x3e\x22", FileType.TNEF),
    (b"-----BEGIN PKCS7-----", FileType.P7M),
    (b"-----BEGIN CMS-----", FileType.P7M),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})
_CMS = (bytes.fromhex("06092a864886f70d0107"), bytes.fromhex("060b2a864886f70d0109100109"))
"""The start of the OIDs of signed and enveloped data (RFC 5652), and the whole of compressed data (RFC 3274)."""
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
_MSG_PROPERTIES = "__properties_version1.0".encode("utf-16-le")
"""The stream that every Outlook message has at its root ([MS-OXMSG] 2.4), as it stands in the directory."""
_LONGEST_LIST = 1_000_000
"""Bytes: collectors ask what a file is before it goes into a child with limits."""
_PDF_WITHIN = 1024
"""Readers look for %PDF- in the first kilobyte: scanners and mailers put lines before it."""

PICTURES = frozenset(
    {FileType.TIFF, FileType.JPEG, FileType.PNG, FileType.HEIC, FileType.WEBP, FileType.GIF, FileType.BMP}
)
"""The kinds of picture that a sheet may come as."""
SHEETS = PICTURES | {FileType.PDF}
"""The kinds of file that hold sheets."""


def file_type(raw: bytes) -> FileType:
    """Say what the bytes are; the archive's own list tells Word and Writer files from other zips."""
    if not raw.strip(b"\0\t\r\n "):
        return FileType.EMPTY
    by_start = next((kind for start, kind in _STARTS if raw.startswith(start)), None)
    if by_start in _TOLD_BY_MORE and not _TOLD_BY_MORE[by_start](raw):
        by_start = None
    if by_start is FileType.OLE and _MSG_PROPERTIES in raw:
        return FileType.MSG
    return by_start or _container(raw) or _words(raw)


def _container(raw: bytes) -> FileType | None:
    head = raw[:_PDF_WITHIN]
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return FileType.HEIC
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileType.WEBP
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _zipped(raw)
    if head[:1] == b"\x30" and any(oid in head[:64] for oid in _CMS):
        return FileType.P7M
    return FileType.TAR if _is_tar(raw) else None


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


def _is_bzip2(raw: bytes) -> bool:
    """Tell a compressed file from a text that begins with "BZh": its level and its block's number follow."""
    return raw[3:4] in b"123456789" and raw[4:10] in {b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"}


def _is_tar(raw: bytes) -> bool:
    """Recognize a tar by its magic, or an old one, which has none, by the checksum of its first header."""
    if raw[257:262] == b"ustar":
        return True
    header = raw[:512]
    if len(header) < 512 or not header[148:155].strip(b"\0 ").isdigit():
        return False
    counted = sum(header[:148]) + 8 * 32 + sum(header[156:])
    return header[148:156].strip(b"\0 ") == b"%o" % counted


_TOLD_BY_MORE = {FileType.BMP: _is_bmp, FileType.BZIP2: _is_bzip2}


def _is_text(raw: bytes) -> bool:
    sample = raw[:65536]
    if b"\0" in sample:
        return sample[:2] in {b"\xff\xfe", b"\xfe\xff"}
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in sample)
    return odd * 100 <= len(sample)


def _zipped(raw: bytes) -> FileType:
    """Tell Word and Writer files by the archive's list, which is read only if it is no longer than theirs ever are."""
    end = raw.rfind(b"PK\x05\x06")
    if int.from_bytes(raw[end + 12 : end + 16], "little") > _LONGEST_LIST:
        return FileType.ZIP
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            names = archive.namelist()
    except _ZIP_FAULTS:
        return FileType.ZIP
    by_member = next((kind for name, kind in _BY_MEMBER.items() if name in names), FileType.ZIP)
    # An OpenDocument file begins with a member of this name (OASIS ODF 1.2, part 3, 3.3).
    if names[:1] == ["mimetype"] and "content.xml" in names:
        return FileType.ODS if b"spreadsheet" in raw[:120] else FileType.ODT
    return by_member


_BY_MEMBER = {
    "word/document.xml": FileType.DOCX,
    "xl/workbook.xml": FileType.XLSX,
    "ppt/presentation.xml": FileType.PPTX,
}
