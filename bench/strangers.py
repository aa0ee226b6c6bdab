"""Pages that no library knows: papers, letters, public forms of an own drawing, and our forms taken out of it."""

from collections.abc import Iterator
from io import BytesIO
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bench.ways import DRAWN_DPI, Clean
from pages.page import Picture
from samples.degrade import draw_pages
from samples.papers import NAMES, draw_paper
from samples.situation import Wish, imagine
from samples.strangers import draw_stranger

LETTERS = (
    "smart_info",
    "conciliation",
    "supplier_complaint",
    "bonus_application",
    "other_sector",
    "letter",
    "not_a_request",
)
_WORDS = (
    *("Cognome", "Nome", "Luogo di nascita", "Provincia", "Codice fiscale", "Residenza", "Comune", "CAP", "Telefono"),
    *("Richiedente", "Dichiara", "Chiede", "Oggetto", "Allegati", "Firma", "Data", "Sezione", "Quadro", "Importo"),
    *("Numero", "Ufficio", "Ente", "Servizio", "Contratto", "E-mail", "Ragione sociale", "Partita IVA", "Note"),
)


def strange_page(kind: int, rng: Random) -> Clean:
    """Draw one page of no known form: of three, one is a paper, one a letter or a bill, one another public form."""
    case = imagine(rng, "CMOR", Wish(delegate=True, answered=True))
    if kind % 3 == 0:
        pdf = draw_paper(rng.choice(tuple(NAMES)), case)
    elif kind % 3 == 1:
        pdf = draw_stranger(rng.choice(LETTERS), case)
    else:
        pdf = _public_form(rng)
    return Clean(_first(pdf), None, 1)


def _first(pdf: bytes) -> Picture:
    return draw_pages(pdf, DRAWN_DPI)[0]


def _public_form(rng: Random) -> bytes:
    """Draw a form that looks like an office's: bars with titles, labelled boxes, combs, tick boxes, running text."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(15 * mm, 280 * mm, " ".join(rng.sample(_WORDS, 4)))
    top = 268.0
    while top > 25:
        canvas.setFont("Helvetica-Bold", 9)
        canvas.rect(14 * mm, (top - 6) * mm, 182 * mm, 6 * mm, fill=rng.random() < 0.3)
        canvas.drawString(22 * mm, (top - 4.3) * mm, " ".join(rng.sample(_WORDS, 3)))
        top = _rows(canvas, top - 9, rng)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _rows(canvas: Canvas, top: float, rng: Random) -> float:
    canvas.setFont("Helvetica", 7)
    for _ in range(rng.randint(2, 5)):
        if top < 20:
            break
        left = 14.0
        while left < 185:
            width = min(rng.choice((25.0, 40.0, 60.0, 90.0)), 196 - left)
            canvas.drawString(left * mm, (top - 2) * mm, " ".join(rng.sample(_WORDS, 2)))
            canvas.rect(left * mm, (top - 10) * mm, width * mm, 7 * mm)
            if rng.random() < 0.3:
                for cell in range(1, int(width / 5)):
                    canvas.line((left + 5 * cell) * mm, (top - 10) * mm, (left + 5 * cell) * mm, (top - 3) * mm)
            left += width + 3
        top -= rng.uniform(11, 13)
    return top


def strangers(count: int, seed: int) -> Iterator[Clean]:
    """Draw so many pages of no known form."""
    for i in range(count):
        yield strange_page(i, Random(f"stranger/{seed}/{i}"))
