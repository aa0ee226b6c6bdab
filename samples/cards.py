"""Identity cards of an own abstract design: enough to know what they are, nothing to mistake them for."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from samples.people import Person


@dataclass(frozen=True, slots=True)
class Card:
    """An invented identity card. ``paper`` is the old kind, with two letters and seven digits."""

    person: Person
    issued: date
    expires: date
    paper: bool = False

    @property
    def number(self) -> str:
        """The card's number, by which the two kinds differ."""
        if not self.paper:
            return self.person.card_number
        return f"A{self.person.card_number[1]}{self.person.customer_code[:7]}"


def draw_card(card: Card, *, back: bool = True, front: bool = True) -> bytes:
    """Draw a photocopy sheet with the card's front above and its back below (PDF, A4)."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle("Copia documento")
    if front:
        _front(canvas, card, 45 * mm, 190 * mm)
    if back:
        _back(canvas, card, 45 * mm, 105 * mm)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _frame(canvas: Canvas, x: float, y: float) -> None:
    canvas.setStrokeGray(0.5)
    canvas.roundRect(x, y, 120 * mm, 72 * mm, 4 * mm)
    canvas.setStrokeGray(0.85)
    for i in range(9):
        canvas.arc(x + (8 + i * 9) * mm, y + 8 * mm, x + (38 + i * 9) * mm, y + 46 * mm, 20, 130)
    canvas.setFillGray(0.72)
    canvas.setFont("Helvetica-Bold", 26)
    canvas.drawCentredString(x + 72 * mm, y + 6 * mm, "FAC-SIMILE")
    canvas.setFillGray(0)


def _front(canvas: Canvas, card: Card, x: float, y: float) -> None:
    _frame(canvas, x, y)
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(x + 6 * mm, y + 64 * mm, "REPUBBLICA ITALIANA")
    canvas.drawString(x + 6 * mm, y + 58 * mm, "CARTA DI IDENTITÀ")
    canvas.setFont("Courier-Bold", 13)
    canvas.drawRightString(x + 114 * mm, y + 64 * mm, card.number)
    canvas.setFillGray(0.8)
    canvas.ellipse(x + 8 * mm, y + 20 * mm, x + 32 * mm, y + 52 * mm, fill=1, stroke=0)
    canvas.setFillGray(0)
    person = card.person
    rows = (
        ("Comune di rilascio", person.home.municipality),
        ("Cognome", person.surname.upper()),
        ("Nome", person.given_name.upper()),
        ("Nato il", f"{person.birth_date:%d.%m.%Y} a {person.birth_place}"),
        ("Rilasciata il", f"{card.issued:%d.%m.%Y}"),
        ("Scadenza", f"{card.expires:%d.%m.%Y}"),
    )
    for i, (label, value) in enumerate(rows):
        canvas.setFont("Helvetica", 7)
        canvas.drawString(x + 38 * mm, y + (50 - i * 6.6) * mm, label)
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(x + 62 * mm, y + (50 - i * 6.6) * mm, value)


def _back(canvas: Canvas, card: Card, x: float, y: float) -> None:
    _frame(canvas, x, y)
    person = card.person
    canvas.setFont("Helvetica", 8)
    canvas.drawString(x + 6 * mm, y + 62 * mm, "CARTA DI IDENTITÀ - retro")
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(x + 6 * mm, y + 54 * mm, f"Codice fiscale {person.tax_code}")
    home = person.home
    canvas.drawString(x + 6 * mm, y + 47 * mm, f"Residenza: {home.street} {home.number}, {home.municipality}")
    if card.paper:
        canvas.drawString(x + 6 * mm, y + 40 * mm, f"Valida fino al {card.expires:%d.%m.%Y}")
        return
    canvas.setFont("Courier-Bold", 11)
    plain = person.surname.upper().replace("'", "").replace(" ", "<").encode("ascii", "ignore").decode()
    first = f"C<ITA{card.number}<<".ljust(30, "<")
    second = f"{person.birth_date:%y%m%d}0{person.sex}{card.expires:%y%m%d}0ITA".ljust(30, "<")
    for i, line in enumerate((first, second, f"{plain}<<FACSIMILE".ljust(30, "<")[:30])):
        canvas.drawString(x + 6 * mm, y + (32 - i * 6) * mm, line)
