"""Whether a PDF is digitally signed, and whether what its sheets show was changed afterwards. For pikepdf.

Signing programs add to a signed file without touching it: time stamps and certificates do no harm. So the file as it
was signed is opened, and its fields, drawings and notes are compared with those of the whole file.
"""

import hashlib
import io
from collections.abc import Iterator

import pikepdf

from pages.fieldnodes import inherited, leaves, nodes, number, walk, words
from pages.form_kind import Seal

MOST_SIGNATURES = 20


def seal_of(pdf: pikepdf.Pdf, content: bytes) -> Seal:
    """Tell whether a PDF is signed, and whether it shows what was signed."""
    ends = [end for signature in _signatures(pdf) for end in (_signed_end(signature, len(content)),)]
    if not ends:
        return Seal.NONE
    if 0 in ends:
        return Seal.CHANGED
    signed = content[: max(ends)]
    return Seal.SIGNED if not content[max(ends) :].strip() or _same(pdf, signed) else Seal.CHANGED


def _signatures(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    found = 0
    for node, _ in walk(nodes(pdf.Root.get("/AcroForm"), "/Fields")):
        value = node.get("/V")
        if inherited(node, "/FT") == "/Sig" and isinstance(value, pikepdf.Dictionary) and found < MOST_SIGNATURES:
            found += 1
            yield value


def _signed_end(signature: pikepdf.Object, size: int) -> int:
    """Answer where the signed bytes end: 0 if they do not make up a file from its first byte but for the signature."""
    spans = signature.get("/ByteRange")
    if not isinstance(spans, pikepdf.Array) or len(spans) != 4:
        return 0
    start, first, second, rest = (number(span, -1) for span in spans)
    gap = len(bytes(signature.Contents)) * 2 + 2 if "/Contents" in signature else -1
    # The gap is the signature itself in hexadecimal, filled up with zeros; some write it with a margin around.
    sound = start == 0 and 0 < first <= second and rest >= 0 and second + rest <= size and second - first <= gap + 64
    return second + rest if sound else 0


def _same(pdf: pikepdf.Pdf, signed: bytes) -> bool:
    try:
        with pikepdf.open(io.BytesIO(signed)) as before:
            return _shown(before) == _shown(pdf)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError):
        return False


def _shown(pdf: pikepdf.Pdf) -> tuple[tuple[str, ...], ...]:
    """Give a mark for all that a viewer shows: field values, drawings and annotations with their looks."""
    fields = [f"{name}={words(node.get('/V'))}" for node, name in leaves(nodes(pdf.Root.get("/AcroForm"), "/Fields"))]
    return (tuple(sorted(fields)), *(tuple(_drawn(page)) for page in pdf.pages))


def _drawn(page: pikepdf.Page) -> Iterator[str]:
    yield _digest(page.obj.get("/Contents"))
    for note in nodes(page.obj, "/Annots"):
        if inherited(note, "/FT") != "/Sig":
            looks = note.get("/AP")
            normal = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
            yield f"{note.get('/Subtype')} {words(note.get('/Contents'))} {words(note.get('/AS'))} {_digest(normal)}"


def _digest(drawn: object) -> str:
    if isinstance(drawn, pikepdf.Stream):
        return hashlib.sha256(drawn.read_raw_bytes()).hexdigest()
    if isinstance(drawn, pikepdf.Array):
        return " ".join(_digest(part) for part in drawn)
    if isinstance(drawn, pikepdf.Dictionary):
        return " ".join(f"{key} {_digest(part)}" for key, part in drawn.items())
    return ""
