"""Fillable files in which the value and the drawn page differ, each in one way; made by different producers."""

import io
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

MM = 72 / 25.4
Edit = Callable[[Pdf], None]
SURNAME = "Bianchi"
PLACE = (20 * MM, A4[1] - 60 * MM, 100 * MM, A4[1] - 52 * MM)
"""Where the field ``surname`` stands, in points."""


def blank(*, twice: bool = False) -> bytes:
    """Make a form with text, story, tick and choice, as reportlab makes it; ``twice`` shows the surname again."""
    out = io.BytesIO()
    pdf = canvas.Canvas(out, pagesize=A4, invariant=1)
    form = pdf.acroForm
    for name, top, height, flags in (("surname", 60, 8, ""), ("cap", 80, 8, ""), ("story", 120, 20, "multiline")):
        form.textfield(
            name=name, x=20 * MM, y=A4[1] - top * MM, width=80 * MM, height=height * MM, fontSize=10, fieldFlags=flags
        )
    if twice:
        form.textfield(name="again", x=20 * MM, y=A4[1] - 200 * MM, width=80 * MM, height=8 * MM, fontSize=10)
    form.checkbox(name="privacy", x=20 * MM, y=A4[1] - 140 * MM, size=4 * MM)
    for value, x in (("domestic", 20), ("other", 40)):
        form.radio(name="customer", value=value, x=x * MM, y=A4[1] - 150 * MM, size=4 * MM)
    pdf.showPage()
    pdf.save()
    return out.getvalue()


def change(content: bytes, *edits: Edit) -> bytes:
    """Let edits change a file through pikepdf."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for edit in edits:
            edit(pdf)
        pdf.save(out)
    return out.getvalue()


def fields(pdf: Pdf) -> dict[str, pikepdf.Object]:
    """Give the top fields by name."""
    return {str(node.T): node for node in pdf.Root.AcroForm.Fields}


def look(pdf: Pdf, drawing: bytes, width: float = 80 * MM, height: float = 8 * MM) -> Dictionary:
    """Make an appearance out of drawing operators; /F0 is Helvetica."""
    stream = Stream(pdf, drawing)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array([0, 0, width, height])
    stream.Resources = Dictionary(Font=Dictionary(F0=font))
    return Dictionary(N=pdf.make_indirect(stream))


def typed(text: str, ink: str = "0 g", x: float = 2) -> bytes:
    """Write one line, as a viewer draws it."""
    return f"/Tx BMC q BT {ink} /F0 10 Tf {x} 7 Td ({text}) Tj ET Q EMC".encode("cp1252")


def fill(pdf: Pdf, name: str = "surname", text: str = SURNAME, drawn: bytes | None = None) -> None:
    """Fill a text field and draw it."""
    node = fields(pdf)[name]
    node.V = String(text)
    node.AP = look(pdf, typed(text) if drawn is None else drawn)


def plain(pdf: Pdf) -> None:
    """Fill the form as it should be."""
    fill(pdf)
    fill(pdf, "cap", "20121")
    press(pdf)


def press(pdf: Pdf) -> None:
    """Tick the box and choose the first of the choice."""
    tick, choice = fields(pdf)["privacy"], fields(pdf)["customer"]
    tick.V = tick.AS = Name("/Yes")
    choice.V = Name("/domestic")
    for kid in choice.Kids:
        kid.AS = Name("/domestic") if "/domestic" in kid.AP.N else Name.Off


def with_pypdf(content: bytes, **values: str) -> bytes:
    """Fill as pypdf does, with its own appearances."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.update_page_form_field_values(writer.pages[0], values, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def note(pdf: Pdf, kind: str, rect: tuple[float, ...], drawing: bytes | None = b"", **more: object) -> None:
    """Put an annotation over the page; ``drawing`` None leaves it without appearance."""
    entry = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array(list(rect)), F=4)
    if drawing is not None:
        entry.AP = look(pdf, drawing, rect[2] - rect[0], rect[3] - rect[1])
    for key, value in more.items():
        entry[f"/{key}"] = value
    pdf.pages[0].Annots.append(pdf.make_indirect(entry))


def hide(flags: int) -> Edit:
    """Set the flags of the surname's widget."""

    def edit(pdf: Pdf) -> None:
        plain(pdf)
        fields(pdf)["surname"].F = flags

    return edit


def move(*rect: float) -> Edit:
    """Put the surname's widget elsewhere."""

    def edit(pdf: Pdf) -> None:
        plain(pdf)
        fields(pdf)["surname"].Rect = Array(list(rect))

    return edit


def draw(drawing: bytes, text: str = SURNAME) -> Edit:
    """Let the surname look otherwise than its value."""

    def edit(pdf: Pdf) -> None:
        plain(pdf)
        fill(pdf, text=text, drawn=drawing)

    return edit


def layer_off(pdf: Pdf) -> None:
    """Put the surname on a layer that is switched off."""
    plain(pdf)
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("dati")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer])))
    fields(pdf)["surname"].OC = layer


def over(kind: str, drawing: bytes | None = b"1 g 0 0 300 30 re f", **more: object) -> Edit:
    """Lay an annotation over the filled surname."""

    def edit(pdf: Pdf) -> None:
        plain(pdf)
        note(pdf, kind, PLACE, drawing, **more)

    return edit


def second_view(drawing: bytes) -> Edit:
    """Make ``again`` another widget of the surname, which draws something of its own."""

    def edit(pdf: Pdf) -> None:
        plain(pdf)
        first, again = fields(pdf)["surname"], fields(pdf)["again"]
        parent = Dictionary(FT=Name.Tx, T=String("surname"), V=String(SURNAME), Kids=Array([first, again]))
        parent = pdf.make_indirect(parent)
        for kid in (first, again):
            for key in ("/T", "/V", "/FT"):
                if key in kid:
                    del kid[key]
            kid.Parent = parent
        again.AP = look(pdf, drawing)
        others = [n for n in pdf.Root.AcroForm.Fields if "/T" in n]
        pdf.Root.AcroForm.Fields = Array([parent, *others])

    return edit


def two_fields(pdf: Pdf) -> None:
    """Give another field the surname's name, with another value, as merging two forms does."""
    plain(pdf)
    fill(pdf, "again", "Verdi")
    fields(pdf)["again"].T = String("surname")


def radios(pdf: Pdf) -> None:
    """Draw both boxes of the choice as on."""
    plain(pdf)
    for kid in fields(pdf)["customer"].Kids:
        kid.AS = Name(next(key for key in kid.AP.N.keys() if key != "/Off"))  # noqa: SIM118 - a pikepdf dictionary


def tick(value: str, state: str) -> Edit:
    """Let the box's value and its drawn state say each their own."""

    def edit(pdf: Pdf) -> None:
        plain(pdf)
        box = fields(pdf)["privacy"]
        box.V, box.AS = Name(f"/{value}"), Name(f"/{state}")

    return edit


def widgetless(pdf: Pdf) -> None:
    """Take the surname's widget off the page."""
    plain(pdf)
    pdf.pages[0].Annots = Array([a for a in pdf.pages[0].Annots if str(a.get("/T", "")) != "surname"])


def xfa(data: str, *, dynamic: bool = False) -> Edit:
    """Add a second form in XFA with its own data."""

    def edit(pdf: Pdf) -> None:
        plain(pdf)
        space = "http://www.xfa.org/schema/xfa-data/1.0/"
        packet = f'<xfa:datasets xmlns:xfa="{space}"><xfa:data><form1>{data}</form1></xfa:data></xfa:datasets>'
        pdf.Root.AcroForm.XFA = Array([String("datasets"), pdf.make_indirect(Stream(pdf, packet.encode()))])
        if dynamic:
            pdf.Root.NeedsRendering = True

    return edit


def signed(content: bytes) -> bytes:
    """Put a signature into a file: its place in the bytes is right, its certificate is not one."""

    def edit(pdf: Pdf) -> None:
        holder = Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/ETSI.CAdES.detached"),
            ByteRange=Array([0, 1111111111, 2222222222, 3333333333]),
            Contents=String(b"\x01" * 64),
        )
        field = Dictionary(
            FT=Name.Sig, T=String("firma"), V=pdf.make_indirect(holder), Type=Name.Annot, Subtype=Name.Widget
        )
        field.Rect, field.F = Array([0, 0, 0, 0]), 132
        field = pdf.make_indirect(field)
        pdf.Root.AcroForm.Fields.append(field)
        pdf.Root.AcroForm.SigFlags = 3
        pdf.pages[0].Annots.append(field)

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        edit(pdf)
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    raw = out.getvalue()
    hole = raw.index(b"<" + b"01" * 64 + b">")
    after = hole + 130
    spans = f"0 {hole} {after} {len(raw) - after}".ljust(len("0 1111111111 2222222222 3333333333"))
    return raw.replace(b"0 1111111111 2222222222 3333333333", spans.encode())


def appended(content: bytes, **values: str) -> bytes:
    """Write a later revision behind a file: fields changed, or nothing but a remark."""
    writer = PdfWriter(io.BytesIO(content), incremental=True)
    if values:
        writer.update_page_form_field_values(writer.pages[0], values, auto_regenerate=False)
    else:
        writer.add_metadata({"/Remark": "archived"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pieces(content: bytes, chance: Iterator[int]) -> bytes:
    """Change some bytes of a file at places that ``chance`` names."""
    raw = bytearray(content)
    for place, value in zip(chance, chance, strict=False):
        raw[place % len(raw)] = value % 256
    return bytes(raw)
