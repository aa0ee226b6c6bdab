"""Files that are embedded in a PDF: a portfolio, a signed letter with its papers. Read for pikepdf, within limits."""

import zlib
from collections.abc import Iterator
from io import BytesIO

import pikepdf

from intake.archive import NotReadable

_SIGNS = (b"/EmbeddedFile", b"/ObjStm")
"""One of them stands in any file that embeds others: in plain, or packed with the other objects."""
_FAULTS = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
    OverflowError,
    RecursionError,
    zlib.error,
)
"""What pikepdf 10 raises on broken files; those that pages cannot open either are told there."""


def embedded_files(pdf: bytes, most_each: int, most_files: int) -> tuple[tuple[str, bytes | NotReadable], ...]:
    """Give the files that a PDF embeds, each with its bytes or why it cannot be read; none for a broken PDF."""
    if not any(sign in pdf for sign in _SIGNS):
        return ()
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            return tuple(_files(document, most_each, most_files))
    except _FAULTS:
        return ()


def _files(document: pikepdf.Pdf, most_each: int, most_files: int) -> Iterator[tuple[str, bytes | NotReadable]]:
    for number, (key, spec) in enumerate(document.attachments.items()):
        if number >= most_files:
            yield "altri file", NotReadable("too_many")
            return
        try:
            yield spec.filename or key, _content(spec.get_file().obj, most_each)
        except _FAULTS:
            yield key, NotReadable("damaged")


def _content(stream: pikepdf.Object, most: int) -> bytes | NotReadable:
    """Unpack a stream by hand: pikepdf would unpack all of a bomb."""
    packing = stream.get("/Filter")
    names = [str(name) for name in packing] if isinstance(packing, pikepdf.Array) else [str(packing)] if packing else []
    raw = bytes(stream.read_raw_bytes())
    if names == ["/FlateDecode"] and "/DecodeParms" not in stream:
        unpacked = zlib.decompressobj().decompress(raw, most + 1)
    elif not names:
        unpacked = raw
    else:
        return NotReadable("damaged")
    return unpacked if len(unpacked) <= most else NotReadable("oversize")
