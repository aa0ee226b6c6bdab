"""Draw what stands in a text field, as a PDF viewer stores it: one line, a comb of cells, or a paragraph."""

from pikepdf import Dictionary, Name, Object, Pdf, Stream
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth

_FONT, _LARGEST_PT = "Helvetica", 10.0
_COMB, _MULTILINE = 1 << 24, 1 << 12


def draw_text(document: Pdf, widget: Object, text: str, flags: int, cells: int) -> Stream:
    """Build the appearance stream of a text widget; ``flags`` and ``cells`` (MaxLen) are the field's."""
    left, bottom, right, top = (float(n) for n in widget.Rect)
    width, height = right - left, top - bottom
    if flags & _COMB and cells:
        marks = _comb(text, width, height, cells)
    elif flags & _MULTILINE:
        marks = _paragraph(text, width, height)
    else:
        marks = _line(text, width, height)
    stream = Stream(document, b"/Tx BMC q BT 0 g\n" + marks + b"ET Q EMC")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = [0, 0, width, height]
    stream.Resources = Dictionary(Font=Dictionary(F0=font))
    return stream


def _comb(text: str, width: float, height: float, cells: int) -> bytes:
    step = width / cells
    size = min(_LARGEST_PT, height * 0.8)
    spots = [(i * step + (step - stringWidth(c, _FONT, size)) / 2, c) for i, c in enumerate(text[:cells])]
    return b"".join(_show(c, x, height / 2 - size * 0.36, size) for x, c in spots)


def _line(text: str, width: float, height: float) -> bytes:
    size = min(_LARGEST_PT, height * 0.8, (width - 4) / max(stringWidth(text, _FONT, 1.0), 0.1))
    return _show(text, 2, height / 2 - size * 0.36, size)


def _paragraph(text: str, width: float, height: float) -> bytes:
    size = _LARGEST_PT
    while len(rows := simpleSplit(text, _FONT, size, width - 4)) * size * 1.2 > height - 4:
        size -= 0.5
    return b"".join(_show(row, 2, height - 2 - size * (1.2 * i + 1), size) for i, row in enumerate(rows))


def _show(text: str, x: float, y: float, size: float) -> bytes:
    safe = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return f"/F0 {size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm (".encode() + safe + b") Tj\n"
