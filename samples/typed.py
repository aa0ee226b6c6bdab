"""Type a form and print it: text drawn into the zones, ticks and signature by pen, all flat (vector PDF)."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import reportlab
from font_source_sans_pro import font_files_ttf
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pages.page import Box
from parsers.reading import Content
from samples.layer import lay_over
from samples.pen import MM, Sheet, sign, strike, tick
from samples.writing import marks, write
from templates.form import Field, Form, Kind

FONTS = ("Source", "DejaVu", "DejaVuSerif", "DejaVuMono", "Vera", "Helvetica", "Times-Roman", "Courier")
_DEBIAN = Path("/usr/share/fonts/truetype/dejavu")
_SMALLEST_PT = 6.5


@dataclass(frozen=True, slots=True)
class Hand:
    """How one customer fills a form: typeface, size in points, and the way of ticking."""

    font: str = "Helvetica"
    size: float = 10.0
    tick: str = "cross"


def draw_hand(rng: Random) -> Hand:
    """Draw a typeface of the list, a size of 9 to 11 points and a way of ticking."""
    return Hand(rng.choice(FONTS), rng.choice((9.0, 10.0, 10.5, 11.0)), rng.choice(("cross", "check", "typed")))


def print_form(
    form: Form, values: dict[str, Content], hand: Hand, rng: Random, *, raw: dict[str, str] | None = None
) -> bytes:
    """Return the blank with everything typed in, flat. ``raw`` overrides how a field is written.

    A raw text of "---" is a pen stroke through the zone.
    """
    _load_fonts()
    written = {name: write(f, values.get(name), rng) for name, f in form.fields.items()} | (raw or {})
    out = BytesIO()
    size = (form.page_width_mm * MM, form.page_height_mm * MM)
    canvas = Canvas(out, pagesize=size, invariant=1)
    sheet = Sheet(canvas, form.page_height_mm)
    for number in range(1, form.page_count + 1):
        for field in form.fields.values():
            _fill(sheet, field, number, values.get(field.name), written[field.name], hand, rng)
        canvas.showPage()
    canvas.save()
    return stamp(form.blank, out.getvalue())


def flatten(blank: bytes) -> bytes:
    """Print a blank: its widgets are gone, only what is drawn on the sheet stays."""
    with pikepdf.open(BytesIO(blank)) as document:
        return _flat(document)


def _fill(sheet: Sheet, field: Field, number: int, value: Content, text: str, hand: Hand, rng: Random) -> None:
    for option in field.options:
        if option.page == number and option.value in marks(field, value):
            tick(sheet, option.box, rng, style=hand.tick)
    if field.page != number:
        return
    if field.kind is Kind.TICK and value is True:
        tick(sheet, field.box, rng, style=hand.tick)
    elif field.kind is Kind.INK and value is True:
        sign(sheet, field.box, rng)
    elif text == "---":
        strike(sheet, field.box)
    elif text:
        _type(sheet, field, text, hand)


def _type(sheet: Sheet, field: Field, text: str, hand: Hand) -> None:
    if field.cells and len(text) <= field.cells:
        for cell, character in zip(field.box.split(field.cells), text, strict=False):
            _centre(sheet, cell, character, hand)
    elif field.lines > 1:
        _paragraph(sheet, field, text, hand)
    else:
        _line(sheet, field.box, text, hand)


def _centre(sheet: Sheet, cell: Box, character: str, hand: Hand) -> None:
    size = min(hand.size, cell.height * MM * 0.8)
    sheet.canvas.setFont(hand.font, size)
    x, y = sheet.spot(cell.left + cell.width / 2, cell.top + cell.height / 2)
    sheet.canvas.drawCentredString(x, y - size * 0.35, character)


def _line(sheet: Sheet, box: Box, text: str, hand: Hand) -> None:
    room = (box.width - 2.0) * MM
    size = min(hand.size, box.height * MM * 0.8)
    while pdfmetrics.stringWidth(text, hand.font, size) > room and size > _SMALLEST_PT:
        size -= 0.25
    sheet.canvas.setFont(hand.font, size)
    x, y = sheet.spot(box.left + 1.0, box.top + box.height / 2)
    sheet.canvas.drawString(x, y - size * 0.33, text)


def _paragraph(sheet: Sheet, field: Field, text: str, hand: Hand) -> None:
    pitch = field.box.height / field.lines
    size = min(hand.size, pitch * MM * 0.8)
    while len(rows := simpleSplit(text, hand.font, size, (field.box.width - 2.0) * MM)) > field.lines:
        size -= 0.25
    for i, row in enumerate(rows):
        sheet.canvas.setFont(hand.font, size)
        x, y = sheet.spot(field.box.left + 1.0, field.box.top + pitch * (i + 0.5))
        sheet.canvas.drawString(x, y - size * 0.33, row)


def stamp(blank: bytes, overlay: bytes) -> bytes:
    """Lay drawn pages over a blank, flat."""
    with pikepdf.open(BytesIO(blank)) as document, pikepdf.open(BytesIO(overlay)) as ink:
        for page, layer in zip(document.pages, ink.pages, strict=True):
            lay_over(document, page, layer)
        return _flat(document)


def _flat(document: pikepdf.Pdf) -> bytes:
    for page in document.pages:
        if "/Annots" in page:
            del page.Annots
    if "/AcroForm" in document.Root:
        del document.Root.AcroForm
    out = BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _load_fonts() -> None:
    if "Source" in pdfmetrics.getRegisteredFontNames():
        return
    vera = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    files = {"Source": Path(font_files_ttf["SourceSansPro"]), "Vera": vera}
    for name, file in {"DejaVu": "DejaVuSans", "DejaVuSerif": "DejaVuSerif", "DejaVuMono": "DejaVuSansMono"}.items():
        path = _DEBIAN / f"{file}.ttf"
        files[name] = path if path.exists() else vera
    for name, path in files.items():
        pdfmetrics.registerFont(TTFont(name, path))
