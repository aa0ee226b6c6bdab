"""Fill the fields of a blank PDF, as different viewers do: with appearances, and without.

Some viewers store only the values and leave the drawing to whoever opens the file; a reader that renders the page
without building the fields then sees an empty form. Both ways are among the samples.
"""

from collections.abc import Iterator
from io import BytesIO
from random import Random

import pikepdf
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from parsers.reading import Content
from samples.appearance import draw_text
from samples.layer import lay_over
from samples.pen import MM, Sheet, sign
from samples.writing import marks, write
from templates.form import Form, Kind

STYLES = ("bare", "drawn", "pypdf")
"""``bare``: values only; ``drawn``: appearances of our own; ``pypdf``: appearances by pypdf."""

_RADIO = 1 << 15


def fill_acroform(
    form: Form, values: dict[str, Content], rng: Random, *, style: str = "drawn", raw: dict[str, str] | None = None
) -> bytes:
    """Fill the form's blank; ticks and choices are set, the signature is drawn onto the page by pen."""
    written = {name: write(f, values.get(name), rng) for name, f in form.fields.items()} | (raw or {})
    texts = {form.fields[name].widget or name: text for name, text in written.items() if text and text != "---"}
    pressed = _pressed(form, values)
    with pikepdf.open(BytesIO(form.blank)) as document:
        _sign(document, form, values, rng)
        for name, widget in _terminals(document.Root.AcroForm.Fields, ""):
            if name in pressed and widget.get("/FT") == "/Btn":
                _switch(widget, pressed[name])
        if style == "bare":
            _type_bare(document, texts)
        elif style == "drawn":
            _type_drawn(document, texts)
        out = BytesIO()
        document.save(out, deterministic_id=True)
    return _type_pypdf(out.getvalue(), texts) if style == "pypdf" else out.getvalue()


def _terminals(fields: pikepdf.Object, prefix: str) -> Iterator[tuple[str, pikepdf.Object]]:
    """Walk to every field that holds a value, with its full name."""
    for field in fields:
        name = ".".join(part for part in (prefix, str(field.get("/T", ""))) if part)
        kids = field.get("/Kids")
        if kids is not None and "/FT" not in field:
            yield from _terminals(kids, name)
        else:
            yield name, field


def _pressed(form: Form, values: dict[str, Content]) -> dict[str, str | None]:
    """Name the buttons that are set, each with the state to set: None for the only one that it has."""
    pressed: dict[str, str | None] = {}
    for name, field in form.fields.items():
        if field.kind is Kind.TICK and values.get(name) is True:
            pressed[field.widget or name] = None
        for value in marks(field, values.get(name)):
            option = next((o for o in field.options if o.value == value), None)
            state = option.state if option and option.state else None
            own = option.widget if option else ""
            pressed[own or f"{name}.{value}"] = state
            # A radio group has the field's name, and its options as states.
            pressed[field.widget or name] = state or value
    return pressed


def _switch(field: pikepdf.Object, state: str | None) -> None:
    for widget in field.get("/Kids", [field]):
        names = [key for key in widget.AP.N.keys() if key != "/Off"]  # noqa: SIM118 - a pikepdf dictionary
        on = [key for key in names if state is None or key == f"/{state}"]
        widget.AS = pikepdf.Name(on[0] if on else "/Off")
        if on:
            field.V = pikepdf.Name(on[0])


def _type_bare(document: pikepdf.Pdf, texts: dict[str, str]) -> None:
    for name, field in _terminals(document.Root.AcroForm.Fields, ""):
        if name in texts:
            field.V = pikepdf.String(texts[name])
            for widget in field.get("/Kids", [field]):
                if "/AP" in widget:
                    del widget.AP
    document.Root.AcroForm.NeedAppearances = True


def _type_drawn(document: pikepdf.Pdf, texts: dict[str, str]) -> None:
    for name, field in _terminals(document.Root.AcroForm.Fields, ""):
        if name in texts:
            field.V = pikepdf.String(texts[name])
            flags, cells = int(field.get("/Ff", 0)), int(field.get("/MaxLen", 0))
            for widget in field.get("/Kids", [field]):
                widget.AP = pikepdf.Dictionary(N=draw_text(document, widget, texts[name], flags, cells))


def _type_pypdf(pdf: bytes, texts: dict[str, str]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, texts, auto_regenerate=False)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _sign(document: pikepdf.Pdf, form: Form, values: dict[str, Content], rng: Random) -> None:
    """Draw the signatures onto the pages, as a viewer's pen does."""
    for field in form.fields.values():
        if field.kind is Kind.INK and values.get(field.name) is True:
            layer = BytesIO()
            canvas = Canvas(layer, pagesize=(form.page_width_mm * MM, form.page_height_mm * MM), invariant=1)
            sign(Sheet(canvas, form.page_height_mm), field.box, rng)
            canvas.save()
            with pikepdf.open(layer) as ink:
                lay_over(document, document.pages[field.page - 1], ink.pages[0])
