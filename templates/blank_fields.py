"""Door to pikepdf: turns a drawn blank into a fillable PDF, with a field of the same name on each field's box."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from pages.page import Box
from templates.blank_tags import Piece, tag
from templates.form import Field, Form, Kind
from templates.load import DIGEST_KEY
from templates.typeface import MM

MULTILINE, COMB, RADIO = 1 << 12, 1 << 24, 1 << 15
PRINT = 4
TEXT_LOOK = "/Helv 10 Tf 0 g"
MARK_LOOK = "/ZaDb 0 Tf 0 g"
ON = "Yes"
"""The state of a check box that is on."""


def make_fillable(drawn: bytes, form: Form, pieces: Sequence[Piece], said: str) -> bytes:
    """Add fields, structure tree, title and language; ``said`` is the digest of the definition."""
    with pikepdf.open(BytesIO(drawn)) as document:
        widgets = _Widgets(document, form)
        fields = [made for field in form.fields.values() for made in widgets.of(field)]
        document.Root.AcroForm = document.make_indirect(
            Dictionary(Fields=Array(fields), DA=String(TEXT_LOOK), DR=Dictionary(Font=_fonts(document)))
        )
        tag(document, pieces, widgets.made)
        _describe(document, form, said)
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def tooltip(form: Form, field: Field, option: str = "") -> str:
    """Say in Italian what is written or ticked here, for who cannot see the sheet."""
    title = next(s.title for s in form.sections if s.letter == field.section)
    parts = [f"{field.section} {title}", field.label, option]
    if field.kind is Kind.DATE and field.cells:
        parts.append("giorno, mese e anno in otto cifre")
    elif field.hint:
        parts.append(field.hint.rstrip("."))
    return ": ".join(part for part in parts if part)


class _Widgets:
    """Makes the fields; ``made`` collects (zone, page, widget) for the structure tree."""

    def __init__(self, document: Pdf, form: Form) -> None:
        self._document, self._form = document, form
        self.made: list[tuple[str, int, pikepdf.Object]] = []

    def of(self, field: Field) -> Iterator[pikepdf.Object]:
        """Make the AcroForm field of a form's field; ink has none, it is for a pen."""
        if field.kind is Kind.ENUM:
            yield self._group(field, Dictionary(FT=Name.Btn, Ff=RADIO, V=Name.Off))
        elif field.kind is Kind.TICKS:
            yield self._group(field, Dictionary())
        elif field.kind is Kind.TICK:
            box = self._button(field.box, ON)
            box |= {"T": String(field.name), "TU": String(tooltip(self._form, field))}
            yield self._put(field.name, field.page, Dictionary(FT=Name.Btn, V=Name.Off, **box))
        elif field.kind is not Kind.INK:
            yield self._text(field)

    def _text(self, field: Field) -> pikepdf.Object:
        widget = self._widget(field.box) | {
            "FT": Name.Tx,
            "T": String(field.name),
            "TU": String(tooltip(self._form, field)),
            "DA": String(TEXT_LOOK),
            "Ff": (MULTILINE if field.lines > 1 else 0) | (COMB if field.cells else 0),
            # Each its own: pypdf 7.1 writes into the stream that it finds, and a shared one would show in every field.
            "AP": Dictionary(N=self._drawing("", field.box.width * MM, field.box.height * MM)),
        }
        if field.max_length:
            widget["MaxLen"] = field.max_length
        return self._put(field.name, field.page, Dictionary(**widget))

    def _group(self, field: Field, head: Dictionary) -> pikepdf.Object:
        group = self._document.make_indirect(head)
        group.T = String(field.name)
        group.TU = String(tooltip(self._form, field))
        kids = []
        for option in field.options:
            own = self._button(option.box, option.value if field.kind is Kind.ENUM else ON)
            kid = Dictionary(Parent=group, TU=String(tooltip(self._form, field, option.label)), **own)
            if field.kind is Kind.TICKS:
                kid.FT, kid.V, kid.T = Name.Btn, Name.Off, String(option.value)
            kids.append(self._put(f"{field.name}.{option.value}", option.page, kid))
        group.Kids = Array(kids)
        return group

    def _button(self, box: Box, on: str) -> dict[str, Any]:
        side, low = box.width * MM, 3.2
        high = side - low
        cross = f"q 1.4 w 1 J {low} {low} m {high} {high} l {low} {high} m {high} {low} l S Q"
        looks = Dictionary({f"/{on}": self._drawing(cross, side, side), "/Off": self._drawing("", side, side)})
        return self._widget(box) | {
            "DA": String(MARK_LOOK),
            "MK": Dictionary(CA=String("8")),
            "AP": Dictionary(N=looks),
            "AS": Name.Off,
        }

    def _widget(self, box: Box) -> dict[str, Any]:
        high = self._form.page_height_mm
        corners = (box.left, high - box.bottom, box.right, high - box.top)
        return {
            "Type": Name.Annot,
            "Subtype": Name.Widget,
            "F": PRINT,
            "Rect": Array([round(mm * MM, 3) for mm in corners]),
        }

    def _put(self, zone: str, page: int, widget: Dictionary) -> pikepdf.Object:
        """Hang a widget into its page."""
        made = self._document.make_indirect(widget)
        sheet = self._document.pages[page - 1]
        made.P = sheet.obj
        if "/Annots" not in sheet:
            sheet.Annots = Array()
        sheet.Annots.append(made)
        self.made.append((zone, page, made))
        return made

    def _drawing(self, content: str, width: float, height: float) -> pikepdf.Object:
        stream = self._document.make_stream(content.encode())
        stream.Type, stream.Subtype = Name.XObject, Name.Form
        stream.BBox = Array([0, 0, round(width, 3), round(height, 3)])
        stream.Resources = Dictionary()
        return stream


def _fonts(document: Pdf) -> Dictionary:
    plain = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    marks = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    return Dictionary(Helv=document.make_indirect(plain), ZaDb=document.make_indirect(marks))


def _describe(document: Pdf, form: Form, said: str) -> None:
    title = f"{form.title} – {form.notice}" if form.notice else form.title
    document.docinfo[DIGEST_KEY] = String(said)
    document.docinfo["/Title"] = String(title)
    document.docinfo["/Subject"] = String(f"{form.code}, edizione {form.edition}")
    document.Root.Lang = String("it-IT")
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = {"it-IT"}
