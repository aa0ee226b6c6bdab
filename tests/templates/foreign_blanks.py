"""Blanks as other people draw them: with other programs, other looks, and none of our layout.

Each is a PDF with the places that a person would mark: name hint -> (page, x, y) in mm, a point inside the zone.
"""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from font_source_sans_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from letters.typeset import typeset

HEIGHT = 297.0


@dataclass
class Blank:
    """A blank while it is drawn, from the top left in mm, and where its fields are."""

    out: BytesIO = field(default_factory=BytesIO)
    spots: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    page: int = 1

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.out, pagesize=A4, invariant=1)

    def words(self, x: float, y: float, text: str, size: float = 10, font: str = "Helvetica") -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x * mm, (HEIGHT - y) * mm, text)

    def line(self, x: float, y: float, width: float) -> None:
        self.canvas.line(x * mm, (HEIGHT - y) * mm, (x + width) * mm, (HEIGHT - y) * mm)

    def rect(self, x: float, y: float, width: float, height: float) -> None:
        self.canvas.rect(x * mm, (HEIGHT - y - height) * mm, width * mm, height * mm)

    def cells(self, x: float, y: float, count: int, width: float = 5, height: float = 6) -> None:
        for number in range(count):
            self.rect(x + number * width, y, width, height)

    def spot(self, name: str, x: float, y: float) -> None:
        self.spots[name] = (self.page, x, y)

    def end(self) -> bytes:
        self.canvas.save()
        return self.out.getvalue()


def underlined() -> Blank:
    """A letter with drawn lines behind its words, and squares to tick."""
    b = Blank()
    b.canvas.setLineWidth(0.5)
    b.words(60, 25, "RICHIESTA DI RATEIZZAZIONE", 15, "Times-Bold")
    b.words(20, 34, "Comune di Fantasilandia - Ufficio Entrate - modello inventato per prova", 9, "Times-Roman")
    b.words(20, 50, "1. DATI DEL RICHIEDENTE", 11, "Times-Bold")
    rows = (
        ("Cognome e nome *", "nome", 62, 55, 130), ("Codice fiscale *", "cf", 72, 55, 80),
        ("Nato a", "luogo", 82, 40, 60), ("Residente a", "residenza", 92, 45, 70),
        ("Indirizzo", "via", 102, 45, 105), ("Telefono", "tel", 112, 45, 50),
    )  # fmt: skip
    for label, name, y, x, width in rows:
        b.words(20, y, label, 11, "Times-Roman")
        b.line(x, y + 0.6, width)
        b.spot(name, x + width / 2, y - 2.5)
    b.words(104, 82, "il", 11, "Times-Roman")
    b.line(110, 82.6, 40)
    b.spot("nascita", 130, 79.5)
    b.words(100, 112, "E-mail", 11, "Times-Roman")
    b.line(115, 112.6, 70)
    b.spot("mail", 150, 109.5)
    b.words(20, 128, "2. RICHIESTA", 11, "Times-Bold")
    b.words(20, 138, "Chiede di pagare in numero di rate:", 11, "Times-Roman")
    for x, label in ((90, "2"), (110, "4"), (130, "6")):
        b.rect(x, 134.5, 4, 4)
        b.words(x + 6, 138, f"{label} rate", 11, "Times-Roman")
        b.spot(f"rate{label}", x + 2, 136.5)
    b.words(20, 150, "Importo dovuto in euro", 11, "Times-Roman")
    b.line(65, 150.6, 40)
    b.spot("importo", 85, 147.5)
    b.words(20, 162, "Motivi della richiesta:", 11, "Times-Roman")
    for y in (172, 180, 188, 196):
        b.line(20, y, 170)
    b.spot("motivi", 100, 185)
    b.words(20, 250, "Data", 11, "Times-Roman")
    b.line(32, 250.6, 40)
    b.spot("data", 50, 247.5)
    b.words(120, 250, "Firma", 11, "Times-Roman")
    b.line(135, 250.6, 55)
    b.spot("firma", 160, 247.5)
    return b


def combed() -> Blank:
    """A form of character boxes on a tinted ground, as lotteries and health offices print them."""
    b = Blank()
    b.words(15, 22, "MODULO 7/B - DOMANDA DI CONTRIBUTO ENERGIA", 13, "Helvetica-Bold")
    b.words(15, 28, "Scrivere in stampatello, una lettera per casella - modello inventato per prova", 8)
    b.canvas.setFillGray(0.9)
    b.canvas.rect(15 * mm, (HEIGHT - 42) * mm, 180 * mm, 7 * mm, stroke=0, fill=1)
    b.canvas.setFillGray(0)
    b.words(17, 40, "QUADRO A - INTESTATARIO", 10, "Helvetica-Bold")
    rows = (("Cognome", "cognome", 50, 24), ("Nome", "nome", 64, 24), ("Codice fiscale", "cf", 78, 16))
    for label, name, y, count in rows:
        b.words(15, y, label, 8)
        b.cells(15, y + 1.5, count)
        b.spot(name, 15 + count * 2.5, y + 4.5)
    b.words(115, 78, "Data di nascita (ggmmaaaa)", 8)
    b.cells(115, 79.5, 8)
    b.spot("nascita", 135, 82.5)
    b.words(15, 92, "Comune di residenza", 8)
    b.cells(15, 93.5, 20)
    b.spot("comune", 60, 96.5)
    b.words(125, 92, "CAP", 8)
    b.cells(125, 93.5, 5)
    b.spot("cap", 137, 96.5)
    b.words(160, 92, "Prov.", 8)
    b.cells(160, 93.5, 2)
    b.spot("prov", 165, 96.5)
    b.canvas.setFillGray(0.9)
    b.canvas.rect(15 * mm, (HEIGHT - 112) * mm, 180 * mm, 7 * mm, stroke=0, fill=1)
    b.canvas.setFillGray(0)
    b.words(17, 110, "QUADRO B - FORNITURA", 10, "Helvetica-Bold")
    b.words(15, 120, "POD", 8)
    for number in range(14):
        b.rect(15 + number * 6.2, 121.5, 5, 6)
    b.spot("pod", 58, 124.5)
    b.words(15, 134, "PDR", 8)
    for number in range(14):
        b.rect(15 + number * 6.2, 135.5, 5, 6)
    b.spot("pdr", 58, 138.5)
    b.words(15, 150, "Tipo di contratto", 8)
    for x, label in ((45, "Domestico"), (80, "Altri usi")):
        b.canvas.circle((x + 2) * mm, (HEIGHT - 149) * mm, 2 * mm)
        b.words(x + 6, 150, label, 9)
        b.spot(f"tipo{label[0]}", x + 2, 149)
    b.words(15, 162, "Note", 8)
    b.rect(15, 164, 180, 40)
    b.spot("note", 100, 184)
    b.words(15, 225, "Luogo e data", 8)
    b.rect(15, 226.5, 70, 9)
    b.spot("luogo_data", 50, 231)
    b.words(110, 225, "Firma del richiedente", 8)
    b.rect(110, 226.5, 85, 18)
    b.spot("firma", 150, 235)
    return b


def dotted() -> Blank:
    """A declaration as a word processor makes it: dotted leaders in running text, signs for boxes."""
    b = Blank()
    b.words(55, 28, "DICHIARAZIONE SOSTITUTIVA DI RESIDENZA", 13, "Courier-Bold")
    b.words(25, 34, "modello inventato per prova", 9, "Courier")

    def leader(x: float, y: float, name: str, label: str, dots: int, sign: str = ".") -> None:
        b.words(x, y, f"{label} {sign * dots}", 11, "Courier")
        start = x + (len(label) + 1) * 2.328
        b.spot(name, start + dots * 1.164, y - 2.5)

    leader(25, 55, "sottoscritto", "Il/La sottoscritto/a", 48)
    leader(25, 65, "luogo", "nato/a a", 28)
    leader(125, 65, "nascita", "il", 20)
    leader(25, 75, "comune", "residente nel Comune di", 30)
    leader(155, 75, "cap", "CAP", 10, "_")
    leader(25, 85, "via", "in Via/Piazza", 30)
    leader(135, 85, "civico", "n.", 12)
    leader(25, 95, "cf", "codice fiscale", 40, "_")
    leader(25, 105, "tel", "Tel.", 20)
    leader(100, 105, "mail", "e-mail", 30)
    b.words(85, 122, "DICHIARA", 12, "Courier-Bold")
    b.rect(25, 128.5, 3.5, 3.5)
    b.words(31, 131.5, "di essere residente all'indirizzo indicato", 11, "Courier")
    b.spot("residente", 26.7, 130.2)
    b.rect(25, 136.5, 3.5, 3.5)
    b.words(31, 139.5, "di non avere altre forniture attive", 11, "Courier")
    b.spot("forniture", 26.7, 138.2)
    b.words(25, 155, "Codice cliente |_|_|_|_|_|_|_|_|_|", 11, "Courier")
    b.spot("cliente", 25 + 24 * 2.328, 152.5)
    leader(25, 240, "data", "Data", 20)
    leader(110, 240, "firma", "Firma", 26)
    return b


def fillable() -> Blank:
    """A fillable PDF whose form fields carry the names of the program that made it."""
    b = Blank()
    b.words(20, 25, "Voltura del contratto", 16, "Helvetica-Bold")
    b.words(20, 31, "modello inventato per prova", 8)
    form = b.canvas.acroForm
    rows = (
        ("Cognome", "topmostSubform.Txt1", "cognome", 20, 48, 80, 60), ("Nome", "Txt2", "nome", 110, 48, 80, 60),
        ("Codice fiscale", "Txt3", "cf", 20, 64, 80, 16), ("Cellulare", "Txt4", "tel", 110, 64, 60, 20),
        ("Data di nascita", "Txt5", "nascita", 20, 80, 40, 10), ("Comune", "Txt6", "comune", 70, 80, 70, 60),
        ("CAP", "Txt7", "cap", 150, 80, 25, 5), ("Codice POD", "Txt8", "pod", 20, 96, 80, 15),
    )  # fmt: skip
    for label, name, spot, x, y, width, most in rows:
        b.words(x, y - 1.5, label, 9)
        form.textfield(
            name=name, x=x * mm, y=(HEIGHT - y - 7) * mm, width=width * mm, height=7 * mm, maxlen=most,
            borderWidth=0.5, fontSize=10, forceBorder=True, fieldFlags="",
        )  # fmt: skip
        b.spot(spot, x + width / 2, y + 3.5)
    b.words(20, 118, "Uso della fornitura", 9)
    for x, label in ((60, "Domestico"), (100, "Altro")):
        form.checkbox(name=f"Chk{label}", x=x * mm, y=(HEIGHT - 119) * mm, size=11, borderWidth=0.5, fieldFlags="")
        b.words(x + 6, 118, label, 9)
        b.spot(f"uso{label[0]}", x + 2, 117)
    b.words(20, 130, "Il cliente ha ricevuto risposta?", 9)
    for x, label in ((80, "Sì"), (100, "No")):
        form.radio(
            name="Rad1", value=f"v{label[0]}", x=x * mm, y=(HEIGHT - 131) * mm, size=11, selected=False,
            buttonStyle="cross", borderWidth=0.5, fieldFlags="radio noToggleToOff",
        )  # fmt: skip
        b.words(x + 6, 130, label, 9)
        b.spot(f"risposta{label[0]}", x + 2, 129)
    b.words(20, 150, "Firma", 9)
    b.line(35, 150.5, 70)
    b.spot("firma", 70, 147)
    return b


def columns() -> Blank:
    """Two columns of small print with labels inside their cells, as insurers like it."""
    b = Blank()
    b.words(15, 20, "Denuncia di guasto al contatore", 15, "Times-Bold")
    b.words(15, 26, "modello inventato per prova", 8, "Times-Roman")

    def cell(x: float, y: float, width: float, label: str, name: str, height: float = 11) -> None:
        b.rect(x, y, width, height)
        b.words(x + 1, y + 3, label, 6.5, "Times-Roman")
        b.spot(name, x + width / 2, y + height - 3)

    b.words(15, 38, "CLIENTE", 10, "Times-Bold")
    for i, (label, name) in enumerate(
        (("Cognome", "cognome"), ("Nome", "nome"), ("Codice fiscale", "cf"), ("Telefono", "tel"), ("E-mail", "mail"))
    ):
        cell(15, 41 + i * 11, 85, label, name)
    b.words(110, 45, "FORNITURA", 10, "Times-Bold")
    for i, (label, name) in enumerate(
        (("Via e numero civico", "via"), ("Comune", "comune"), ("Codice PDR", "pdr"), ("Data del guasto", "data"))
    ):
        cell(110, 48 + i * 12.4, 85, label, name, 12.4)
    b.words(15, 118, "DESCRIZIONE", 10, "Times-Bold")
    cell(15, 121, 180, "Descrizione del guasto", "descrizione", 45)
    b.words(15, 185, "FIRMA", 10, "Times-Bold")
    cell(15, 188, 90, "Firma del cliente", "firma", 22)
    return b


def scanned(dpi: int = 200) -> Blank:
    """A photocopied form of which nobody has the file any more: drawn as a picture alone."""
    b = Blank()
    scale = dpi / 25.4
    picture = Image.new("L", (round(210 * scale), round(297 * scale)), 250)
    pen = ImageDraw.Draw(picture)

    def words(x: float, y: float, text: str, size: float = 3.6) -> None:
        pen.text((x * scale, y * scale), text, fill=30, font=ImageFont.load_default(size * scale), anchor="ls")

    def rect(x: float, y: float, w: float, h: float) -> None:
        pen.rectangle((x * scale, y * scale, (x + w) * scale, (y + h) * scale), outline=40, width=2)

    words(60, 28, "RECLAMO ACQUEDOTTO", 6)
    words(20, 45, "DATI UTENTE", 4.4)
    for label, name, y, x, width in (
        ("Cognome", "cognome", 58, 50, 90), ("Nome", "nome", 70, 50, 90), ("Comune", "comune", 82, 50, 70),
        ("Telefono", "tel", 94, 50, 60),
    ):  # fmt: skip
        words(20, y, label)
        pen.line((x * scale, (y + 1) * scale, (x + width) * scale, (y + 1) * scale), fill=40, width=2)
        b.spot(name, x + width / 2, y - 2)
    words(20, 110, "Codice fiscale")
    for number in range(16):
        rect(50 + number * 6, 104, 6, 7.5)
    b.spot("cf", 98, 108)
    words(20, 125, "Tipo di guasto")
    for x, label in ((60, "Perdita"), (100, "Contatore"), (145, "Altro")):
        rect(x, 121, 4.5, 4.5)
        words(x + 7, 125, label)
        b.spot(f"tipo{label[0]}", x + 2, 123)
    words(20, 140, "Descrizione")
    rect(20, 144, 170, 40)
    b.spot("descrizione", 100, 165)
    words(20, 215, "Firma")
    pen.line((40 * scale, 216 * scale, 120 * scale, 216 * scale), fill=40, width=2)
    b.spot("firma", 80, 212)
    noisy = np.asarray(picture, dtype=np.int16) + np.random.default_rng(5).normal(0, 4, picture.size[::-1]).astype(int)
    out = BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(out, "PDF", resolution=dpi)
    b.out = out
    return b


STYLE = """
@font-face { font-family: F; src: url(%s) }
@page { size: A4; margin: 0 }
body { font: 10pt F; margin: 0 } div { position: absolute; left: 20mm; white-space: pre }
table { position: absolute; left: 20mm; top: 90mm; width: 170mm; border-collapse: collapse; table-layout: fixed }
td { border: 0.4pt solid #444; height: 8mm; padding: 1mm; vertical-align: top; overflow: hidden }
td.name { background: #e4e4e4; width: 36mm; font-size: 8pt }
td.high { height: 38mm } span { position: absolute; left: 60mm; top: -1mm }
td.head { font-weight: bold; width: auto } b { border: 0.8pt solid #333; border-radius: 0.6mm }
b { width: 3.6mm; height: 3.6mm }
b, u { display: inline-block; vertical-align: middle } u { border-bottom: 0.6pt solid #000; height: 5mm; width: 50mm }
u.day { width: 8mm } u.year { width: 14mm }
i { display: inline-block; width: 5mm; height: 6mm; border: 0.5pt solid #000; margin-right: -0.5pt }
"""
TABLED = f"""
<div style="top:20mm;font-size:14pt">Istanza di rimborso tassa rifiuti (modello inventato per prova)</div>
<div style="top:40mm">Il sottoscritto {"." * 51} nato a {"." * 24} (Prov. ......)</div>
<div style="top:50mm">il ...../...../......... residente a {"." * 40} CAP {"." * 12} dal __ / __ / ____</div>
<div style="top:60mm">in qualità di   [ ] intestatario   [ ] erede   [ ] delegato di {"_" * 25}<!--
--> e chiede per l'anno</div>
<div style="top:68mm">{"_" * 14} il rimborso di quanto ha versato...</div>
<table>
<tr><td class="name">Codice utenza</td><td></td><td class="name">Anno di riferimento</td><td></td></tr>
<tr><td class="name">Importo versato €</td><td></td><td class="name">Data versamento</td><td></td></tr>
<tr><td class="name">E-mail</td><td colspan="3"></td></tr>
<tr><td class="name high">Motivazione della richiesta, con i documenti che la provano</td><td colspan="3"></td></tr>
</table>
<div style="top:170mm">Codice fiscale dell'intestatario: <span>{"<i></i>" * 16}</span></div>
<table style="top:205mm">
<tr><td class="head">Numero bolletta</td><td class="head">Data emissione</td><td class="head">Pagata?</td></tr>
<tr><td></td><td></td><td><b></b> Sì  <b></b> No</td></tr>
<tr><td></td><td></td><td><b></b> Sì  <b></b> No</td></tr>
</table>
<div style="top:245mm">PDR <u></u> lettura in data <u class="day"></u>/<u class="day"></u>/<u class="year"></u></div>
<div style="top:190mm">Luogo e data {"_" * 20}        Firma {"_" * 30}</div>
"""


def tabled() -> Blank:
    """A table of names and values, as browsers and word processors print it, and lines typed with dots."""
    html = f"<html lang='it'><style>{STYLE % Path(font_files_ttf['SourceSansPro']).as_uri()}</style>"
    out = BytesIO(typeset(html + TABLED))
    spots = {
        "sottoscritto": (60, 41), "luogo": (106, 41), "prov": (129, 41), "nascita": (32, 51), "comune": (77, 51),
        "cap": (107, 51), "dal": (128, 51), "qualitaI": (41, 62.5), "qualitaE": (63.4, 62.5), "qualitaD": (77.5, 62.5),
        "delegante": (118, 61), "anno": (32, 70), "utenza": (82, 94), "riferimento": (165, 94), "importo": (82, 104),
        "versamento": (165, 104), "mail": (120, 114), "motivi": (120, 140), "cf": (120, 172), "luogo_data": (57, 191),
        "firma": (115, 191), "bolletta1": (45, 219), "bolletta2": (45, 229), "emissione1": (100, 219),
        "emissione2": (100, 229), "pagata1S": (136, 219), "pagata1N": (145, 219),
        "pagata2S": (136, 229), "pagata2N": (145, 229), "pdr": (50, 246), "lettura": (105, 246),
    }  # fmt: skip
    return Blank(out, {name: (1, float(x), float(y)) for name, (x, y) in spots.items()})


def content(blank: Blank) -> bytes:
    """Finish a blank."""
    return blank.out.getvalue() or blank.end()


BLANKS = {
    "underlined": underlined, "combed": combed, "dotted": dotted, "fillable": fillable, "columns": columns,
    "scanned": scanned, "tabled": tabled,
}  # fmt: skip
