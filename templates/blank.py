"""Door to the drawing library: draws the blank of a form, ready to be filled by hand or on a computer."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise

import segno
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from pages.page import Box
from templates.blank_fields import make_fillable
from templates.blank_tags import Piece
from templates.form import Field, Form, Kind, Printed
from templates.load import digest
from templates.plan import CHOICES
from templates.rows import CONTENT_WIDTH, LEFT
from templates.typeface import MM, STYLES, load_faces, width_mm

RIGHT = LEFT + CONTENT_WIDTH
CODE_MODULE_MM = 0.72
"""Above the 0.67 mm at which a 2-D code of level M still comes through a standard fax."""
CODE_BOTTOM = 27.8
"""The clear space below it, down to the line, is five modules."""
CELL_INSET = 0.3
BLACK = Color(0, 0, 0)
SOFT = Color(0.3, 0.3, 0.3)

MARKS = (Box(7, 7, 5, 5), Box(198, 7, 5, 5), Box(7, 285, 5, 5), Box(198, 285, 5, 5), Box(7, 279, 2.5, 2.5))
"""The corner squares of a sheet of A4; the small fifth one tells bottom left, so that a turned sheet shows."""

TAGS = {"letter": "H2", "section": "H2", "heading": "H3"}


def draw_blank(form: Form) -> bytes:
    """Draw the fillable, tagged PDF of a form that was laid out. The same form gives the same bytes.

    Raises ``ValueError`` for a form whose places were given: its blank is the PDF that it was made for.
    """
    if not form.printed:
        raise ValueError(f"{form.key} was not laid out: its blank is the PDF from which its places were measured")
    load_faces()
    out = BytesIO()
    canvas = Canvas(out, pagesize=(form.page_width_mm * MM, form.page_height_mm * MM), invariant=1, pageCompression=1)
    pieces: list[Piece] = []
    for number in range(1, form.page_count + 1):
        pieces += _Sheet(canvas, form, number).draw()
        canvas.showPage()
    canvas.save()
    return make_fillable(out.getvalue(), form, pieces, digest(form))


class _Sheet:
    """One page while it is drawn. Lengths are mm from the top left; the canvas counts points from the bottom."""

    def __init__(self, canvas: Canvas, form: Form, number: int) -> None:
        self._canvas, self._form, self._number = canvas, form, number
        self._marked = 0

    def draw(self) -> list[Piece]:
        """Draw lines first, then words; answer the words as pieces of the structure tree."""
        with self._artifact():
            for box in MARKS:
                self._square(box)
            self._code()
            self._line(LEFT, 31.6, RIGHT, 31.6, 1.2)
            for field in self._form.fields.values():
                self._places(field)
            self._footer()
        return [*self._head(), *(self._piece(words) for words in self._form.printed if words.page == self._number)]

    def _head(self) -> Iterator[Piece]:
        form = self._form
        room = 160.0
        texts = [("desk", form.desk, 8.6), ("title", form.title, 14.2), ("notice", form.notice, 23.2)]
        for style, text, top in texts:
            height = STYLES[style].leading
            words = Printed(text, style, self._number, Box(LEFT, top, room, height))
            if text and self._number == 1:
                yield self._piece(words, "H1" if style == "title" else "P")
            elif text:
                with self._artifact():
                    self._write(words)

    def _footer(self) -> None:
        form, top = self._form, 285.9
        page = f"Pagina {self._number} di {form.page_count}"
        ends = ((LEFT, form.mark or f"{form.code} · edizione {form.edition}"), (RIGHT - width_mm(page, "footer"), page))
        for left, text in ((LEFT + (CONTENT_WIDTH - width_mm(form.notice, "footer")) / 2, form.notice), *ends):
            self._write(Printed(text, "footer", self._number, Box(left, top, CONTENT_WIDTH, 3.2)))

    def _piece(self, words: Printed, tag: str = "") -> Piece:
        tag = tag or TAGS.get(words.style, "P")
        self._canvas.addLiteral(f"/{tag} <</MCID {self._marked}>> BDC")
        if words.style == "letter":
            self._square(words.box)
        elif words.style == "section":
            self._line(words.box.left, words.box.bottom - 0.2, words.box.right, words.box.bottom - 0.2, 0.8)
        self._write(words)
        self._canvas.addLiteral("EMC")
        piece = Piece(tag, self._number, self._marked, words.about, joins=words.style == "section")
        self._marked += 1
        return piece

    @contextmanager
    def _artifact(self) -> Iterator[None]:
        """Mark what is drawn as decoration, which a screen reader passes over."""
        self._canvas.addLiteral("/Artifact BMC")
        yield
        self._canvas.addLiteral("EMC")

    def _write(self, words: Printed) -> None:
        look, lines = STYLES[words.style], words.text.split("\n")
        self._canvas.setFillColor(Color(look.grey, look.grey, look.grey))
        self._canvas.setFont(look.font, look.size)
        pitch = words.box.height / len(lines)
        left = words.box.left + (2.2 if words.style == "section" else 0.0)
        if words.style == "letter":
            left += (words.box.width - width_mm(words.text, "letter")) / 2
        for i, line in enumerate(lines):
            base = words.box.top + pitch * (i + 0.5) + look.size / MM * 0.33
            self._canvas.drawString(left * MM, self._up(base), line)

    def _places(self, field: Field) -> None:
        for option in field.options:
            if option.page == self._number:
                self._frame(option.box, 0.8)
        if field.page != self._number or field.kind in CHOICES:
            return
        if field.kind is Kind.TICK:
            self._frame(field.box, 0.8)
        elif field.cells:
            for cell in field.box.split(field.cells):
                self._frame(Box(cell.left + CELL_INSET, cell.top, cell.width - 2 * CELL_INSET, cell.height), 0.6)
        else:
            self._frame(field.box, 0.6, SOFT)
            self._line(field.box.left, field.box.bottom, field.box.right, field.box.bottom, 0.8)
            self._guides(field)

    def _guides(self, field: Field) -> None:
        """Mark the lines of a paragraph at its edges only: inside, nothing is printed that could touch the writing."""
        box, step = field.box, field.box.height / field.lines
        for i in range(1, field.lines):
            y = box.top + i * step
            self._line(box.left - 1.6, y, box.left, y, 0.5)
            self._line(box.right, y, box.right + 1.6, y, 0.5)

    def _code(self) -> None:
        said = self._form.mark or f"SH1|{self._form.code}|{self._form.edition}|{self._number}"
        code = segno.make(said, error="m", boost_error=False)
        rows = [bytes(row) for row in code.matrix]
        left, top = (end - len(rows) * CODE_MODULE_MM for end in (RIGHT, CODE_BOTTOM))
        for i, row in enumerate(rows):
            edges = [0, *(k for k, (a, b) in enumerate(pairwise(row), 1) if a != b), len(row)]
            for start, end in pairwise(edges):
                if row[start]:
                    x, width = left + start * CODE_MODULE_MM, (end - start) * CODE_MODULE_MM
                    self._square(Box(x, top + i * CODE_MODULE_MM, width, CODE_MODULE_MM))

    def _square(self, box: Box) -> None:
        self._canvas.setFillColor(BLACK)
        self._canvas.rect(box.left * MM, self._up(box.bottom), box.width * MM, box.height * MM, stroke=0, fill=1)

    def _frame(self, box: Box, points: float, ink: Color = BLACK) -> None:
        self._canvas.setStrokeColor(ink)
        self._canvas.setLineWidth(points)
        self._canvas.rect(box.left * MM, self._up(box.bottom), box.width * MM, box.height * MM, stroke=1, fill=0)

    def _line(self, x0: float, y0: float, x1: float, y1: float, points: float) -> None:
        self._canvas.setStrokeColor(BLACK)
        self._canvas.setLineWidth(points)
        self._canvas.line(x0 * MM, self._up(y0), x1 * MM, self._up(y1))

    def _up(self, mm: float) -> float:
        return float(self._form.page_height_mm - mm) * MM
