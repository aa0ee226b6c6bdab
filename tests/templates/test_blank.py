"""Blanks: fillable by any of three readers, in the places that the form states, tagged, and with a code that reads."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader, PdfWriter

from pages.page import Box
from templates.blank import MARKS, draw_blank
from templates.form import Form, Kind
from templates.load import digest, load_forms
from templates.soundness import SYNTHETIC
from templates.typeface import MM

FORMS = load_forms().forms
BY_KEY = [pytest.param(form, id=form.code) for form in FORMS]


def drawn(form: Form, page: int, dpi: float = 200) -> Image.Image:
    document = pypdfium2.PdfDocument(form.blank)
    try:
        return document[page - 1].render(scale=dpi / 72, grayscale=True, may_draw_forms=False).to_pil()
    finally:
        document.close()


def widgets(form: Form) -> dict[str, tuple[int, Box]]:
    """Every widget by zone, its box in mm from the top left corner."""
    found = {}
    with pikepdf.open(BytesIO(form.blank)) as document:
        for number, page in enumerate(document.pages, 1):
            high = float(page.mediabox[3])
            for widget in page.get("/Annots", []):
                x0, y0, x1, y1 = (float(n) for n in widget.Rect)
                box = Box(x0 / MM, (high - y1) / MM, (x1 - x0) / MM, (y1 - y0) / MM)
                found[_zone(widget)] = (number, box)
    return found


def _zone(widget: pikepdf.Object) -> str:
    own = [str(widget.T)] if "/T" in widget else []
    if "/Parent" not in widget:
        return own[0]
    state = own or [key[1:] for key in widget.AP.N.keys() if key != "/Off"]  # noqa: SIM118
    return f"{widget.Parent.T}.{state[0]}"


def zones(form: Form) -> dict[str, tuple[int, Box]]:
    fields = form.fields.values()
    plain = {f.name: (f.page, f.box) for f in fields if not f.options and f.kind is not Kind.INK}
    return plain | {f"{f.name}.{o.value}": (o.page, o.box) for f in fields for o in f.options}


@pytest.mark.parametrize("form", BY_KEY)
def test_each_widget_lies_on_the_box_of_its_field(form: Form) -> None:
    made, stated = widgets(form), zones(form)
    assert made.keys() == stated.keys()
    for name, (page, box) in stated.items():
        assert made[name][0] == page
        there = made[name][1]
        for side in ("left", "top", "right", "bottom"):
            assert getattr(there, side) == pytest.approx(getattr(box, side), abs=0.2)


@pytest.mark.parametrize("form", BY_KEY)
def test_field_names_are_those_of_the_form(form: Form) -> None:
    fields = PdfReader(BytesIO(form.blank)).get_fields() or {}
    top = {name.partition(".")[0] for name in fields}
    assert top == {name for name, f in form.fields.items() if f.kind is not Kind.INK}
    for name, field in form.fields.items():
        if field.cells:
            assert fields[name]["/Ff"] & (1 << 24)
    assert all(fields[name].get("/TU") for name in top)


@pytest.mark.parametrize("form", BY_KEY)
def test_a_comb_has_as_many_cells_as_the_field(form: Form) -> None:
    with pikepdf.open(BytesIO(form.blank)) as document:
        texts = {str(f.T): f for f in document.Root.AcroForm.Fields if f.get("/FT") == "/Tx"}
    for name, field in form.fields.items():
        if field.cells:
            assert int(texts[name].MaxLen) == field.cells


def test_what_pypdf_fills_in_reads_back() -> None:
    form = load_forms().get("CMOR", "2026-01")
    written = {
        "holder_surname": "D'Angelò",
        "holder_birth_date": "01021970",
        "supply_service": "/both",
        "heir_request": "/Yes",
        "attachment_ticks.bill_cmor": "/Yes",
        "description": "Prima riga\nseconda riga",
    }
    writer = PdfWriter(clone_from=PdfReader(BytesIO(form.blank)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, written, auto_regenerate=False)
    out = BytesIO()
    writer.write(out)
    fields = PdfReader(BytesIO(out.getvalue())).get_fields() or {}
    assert {name: fields[name]["/V"] for name in written} == written
    assert fields["attachment_ticks.complaint_copy"]["/V"] == "/Off"


def test_a_choice_can_be_cleared_and_excludes_itself() -> None:
    form = load_forms().get("CMOR", "2026-01")
    with pikepdf.open(BytesIO(form.blank)) as document:
        group = next(f for f in document.Root.AcroForm.Fields if f.T == "customer_type")
        assert int(group.Ff) & (1 << 15)
        assert not int(group.Ff) & (1 << 14)
        states = [next(k for k in kid.AP.N.keys() if k != "/Off") for kid in group.Kids]  # noqa: SIM118
        assert states == ["/domestic", "/non_domestic"]


@pytest.mark.parametrize("form", BY_KEY)
def test_pdfium_opens_it_and_every_page_says_facsimile(form: Form) -> None:
    document = pypdfium2.PdfDocument(form.blank)
    document.init_forms()
    try:
        assert len(document) == form.page_count
        for number, page in enumerate(document, 1):
            text = page.get_textpage().get_text_bounded()
            assert SYNTHETIC in text
            assert form.title in text
            assert f"Pagina {number} di {form.page_count}" in text
            assert f"{form.code} · edizione {form.edition}" in text
    finally:
        document.close()


@pytest.mark.parametrize("form", BY_KEY)
def test_the_printed_words_hold_the_anchors_and_every_label(form: Form) -> None:
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(form.blank)).pages).split())
    for anchor in form.anchors:
        assert anchor in text
    for field in form.fields.values():
        assert field.label in text


@pytest.mark.parametrize("form", BY_KEY)
def test_the_code_reads_from_a_scan_and_from_a_coarse_fax(form: Form) -> None:
    for page in range(1, form.page_count + 1):
        picture = drawn(form, page)
        coarse = picture.resize((1728, round(picture.height * 98 / 200)), Image.Resampling.BOX).point(_threshold)
        square = coarse.resize((coarse.width, coarse.height * 2), Image.Resampling.BICUBIC)
        for view in (picture, square):
            assert [code.text for code in zxingcpp.read_barcodes(np.asarray(view))] == [
                f"SH1|{form.code}|{form.edition}|{page}"
            ]


def _threshold(grey: int) -> int:
    return 255 if grey > 140 else 0


@pytest.mark.parametrize("form", BY_KEY)
def test_nothing_is_printed_inside_writing_areas(form: Form) -> None:
    scale = 200 / 25.4
    for page in range(1, form.page_count + 1):
        picture = np.asarray(drawn(form, page))
        for name, (where, box) in (zones(form) | signatures(form)).items():
            if where != page:
                continue
            field = form.fields[name.partition(".")[0]]
            for cell in box.split(field.cells or 1):
                inner = cell.inset(0.8)
                rows = slice(round(inner.top * scale), round(inner.bottom * scale))
                columns = slice(round(inner.left * scale), round(inner.right * scale))
                assert picture[rows, columns].min() > 250, name


def signatures(form: Form) -> dict[str, tuple[int, Box]]:
    return {f.name: (f.page, f.box) for f in form.fields.values() if f.kind is Kind.INK}


def test_corner_marks_tell_which_way_is_up() -> None:
    form = FORMS[0]
    picture, scale = np.asarray(drawn(form, 1)), 200 / 25.4
    for box in MARKS:
        middle = (round((box.top + box.height / 2) * scale), round((box.left + box.width / 2) * scale))
        assert picture[middle] < 30
        turned = picture[::-1, ::-1]
        assert (turned[middle] < 30) == (box.width == 5)


@pytest.mark.parametrize("form", BY_KEY)
def test_a_screen_reader_finds_title_language_and_every_field(form: Form) -> None:
    with pikepdf.open(BytesIO(form.blank)) as document:
        root = document.Root
        assert str(root.Lang) == "it-IT"
        assert bool(root.MarkInfo.Marked)
        assert form.title in str(document.docinfo["/Title"])
        elements = list(root.StructTreeRoot.K[0].K)
        kinds = [str(e.S) for e in elements]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == len(form.sections)
        reached = [e.K.Obj.objgen for e in elements if e.S == "/Form"]
        on_pages = [w.objgen for page in document.pages for w in page.Annots]
        assert sorted(reached) == sorted(on_pages)
        assert all(page.Tabs == "/S" for page in document.pages)


@pytest.mark.parametrize("form", BY_KEY)
def test_every_word_belongs_to_the_structure_or_is_decoration(form: Form) -> None:
    with pikepdf.open(BytesIO(form.blank)) as document:
        for page in document.pages:
            depth, known = 0, set()
            for operands, operator in pikepdf.parse_content_stream(page):
                name = str(operator)
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
                if name == "BDC":
                    known.add(int(operands[1].MCID))
                assert name != "Tj" or depth == 1
            owners = document.Root.StructTreeRoot.ParentTree.Nums[2 * int(page.StructParents) + 1]
            assert known == set(range(len(owners)))
            assert depth == 0


@pytest.mark.parametrize("form", BY_KEY)
def test_fonts_of_the_sheet_are_embedded(form: Form) -> None:
    with pikepdf.open(BytesIO(form.blank)) as document:
        for page in document.pages:
            used = {str(ops[0]) for ops, op in pikepdf.parse_content_stream(page) if str(op) == "Tf"}
            for name in used:
                font = page.Resources.Font[name]
                shown = str(font.BaseFont)
                assert "SourceSansPro" in shown or shown == "/Helvetica"


def test_the_same_form_gives_the_same_bytes_and_its_digest() -> None:
    form = load_forms().get("DELEGA", "2026-01")
    assert draw_blank(form) == draw_blank(form)
    with pikepdf.open(BytesIO(form.blank)) as document:
        assert str(document.docinfo["/FormDigest"]) == digest(form)


def test_a_form_with_given_places_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="was not laid out"):
        draw_blank(replace(FORMS[0], printed=()))
