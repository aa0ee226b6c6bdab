"""Draw a sheet of running text: the plain look of letters, bills and receipts among the sample post."""

from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

MARK = "FAC-SIMILE - documento inventato per prova"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One sheet: ``head`` is the letterhead, ``rows`` are label and value pairs set as a table."""

    title: str
    head: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    close: tuple[str, ...] = ()


def draw_leaves(*leaves: Leaf, font: str = "Helvetica", mark: str = MARK) -> bytes:
    """Draw sheets of A4 into one PDF."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(leaves[0].title)
    for leaf in leaves:
        _draw(canvas, leaf, font, mark)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, leaf: Leaf, font: str, mark: str) -> None:
    bold = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Courier": "Courier-Bold"}[font]
    y = 272.0
    if mark:
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(195 * mm, 285 * mm, mark)
    if leaf.head:
        canvas.setFont(bold, 14)
        canvas.drawString(20 * mm, y * mm, leaf.head)
        canvas.line(20 * mm, (y - 3) * mm, 190 * mm, (y - 3) * mm)
        y -= 16
    canvas.setFont(bold, 13)
    for piece in simpleSplit(leaf.title, bold, 13, 170 * mm):
        canvas.drawString(20 * mm, y * mm, piece)
        y -= 7
    y = _write(canvas, leaf.lines, font, y - 4)
    y = _table(canvas, leaf.rows, font, y - 3)
    _write(canvas, leaf.close, font, y - 4)


def _write(canvas: Canvas, lines: tuple[str, ...], font: str, y: float) -> float:
    canvas.setFont(font, 11)
    for line in lines:
        for piece in simpleSplit(line, font, 11, 170 * mm) or [""]:
            canvas.drawString(20 * mm, y * mm, piece)
            y -= 5.4
        y -= 1.6
    return y


def _table(canvas: Canvas, rows: tuple[tuple[str, str], ...], font: str, y: float) -> float:
    canvas.setFont(font, 10)
    canvas.setLineWidth(0.4)
    for label, value in rows:
        canvas.drawString(22 * mm, y * mm, label)
        canvas.drawRightString(188 * mm, y * mm, value)
        canvas.line(20 * mm, (y - 2) * mm, 190 * mm, (y - 2) * mm)
        y -= 7
    return y
