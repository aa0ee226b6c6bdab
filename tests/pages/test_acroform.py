import io
from collections.abc import Callable

import numpy as np
import pikepdf
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from intake.receipt import Document
from pages.open import open_pages
from pages.page import FormValue, Page

MM = 72 / 25.4


def blank() -> bytes:
    out = io.BytesIO()
    pdf = canvas.Canvas(out, pagesize=A4)
    form = pdf.acroForm
    form.textfield(name="holder_surname", x=20 * MM, y=A4[1] - 60 * MM, width=80 * MM, height=8 * MM, fontSize=10)
    form.textfield(name="notes", x=20 * MM, y=A4[1] - 90 * MM, width=80 * MM, height=8 * MM, fontSize=10)
    form.checkbox(name="subcases.a", x=20 * MM, y=A4[1] - 110 * MM, size=4 * MM)
    form.radio(name="customer_type", value="domestic", x=20 * MM, y=A4[1] - 130 * MM, size=4 * MM)
    form.radio(name="customer_type", value="non_domestic", x=40 * MM, y=A4[1] - 130 * MM, size=4 * MM)
    pdf.showPage()
    pdf.save()
    return out.getvalue()


def change(content: bytes, edit: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        edit(pdf)
        pdf.save(out)
    return out.getvalue()


def fields_of(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    return {str(node.T): node for node in pdf.Root.AcroForm.Fields}


def fill(pdf: pikepdf.Pdf) -> None:
    fields = fields_of(pdf)
    fields["holder_surname"].V = pikepdf.String("Bianchi D'Amicò")
    tick = fields["subcases.a"]
    tick.V = tick.AS = pikepdf.Name("/Yes")
    choice = fields["customer_type"]
    choice.V = pikepdf.Name("/domestic")
    for kid in choice.Kids:
        kid.AS = pikepdf.Name("/domestic") if "/domestic" in kid.AP.N else pikepdf.Name.Off
    pdf.Root.AcroForm.NeedAppearances = True
    del fields["holder_surname"]["/AP"]


def opened(content: bytes) -> Page:
    (page,) = open_pages(Document("modulo.pdf", "application/pdf", content))
    return page


def values(content: bytes) -> dict[str, FormValue]:
    return {value.name: value for value in opened(content).values}


def dark_in(page: Page, value: FormValue) -> int:
    assert value.box is not None
    inner = value.box.inset(1.0)
    top, bottom = (round(y / 25.4 * page.dpi_y) for y in (inner.top, inner.bottom))
    left, right = (round(x / 25.4 * page.dpi_x) for x in (inner.left, inner.right))
    return int((page.picture[top:bottom, left:right] < 128).sum())


def test_an_untouched_form_has_empty_values_in_their_places() -> None:
    found = values(blank())
    assert set(found) == {"holder_surname", "notes", "subcases.a", "customer_type"}
    assert found["holder_surname"] == FormValue("holder_surname", box=found["holder_surname"].box, shown="")
    assert found["subcases.a"].on == ""
    assert found["customer_type"].on == ""
    box = found["holder_surname"].box
    assert box is not None
    assert (box.left, box.bottom, box.width) == (
        pytest.approx(20, abs=0.1),
        pytest.approx(60, abs=0.1),
        pytest.approx(80, abs=0.1),
    )


def test_values_without_appearance_are_read_and_seen() -> None:
    content = change(blank(), fill)
    page, found = opened(content), values(content)
    assert found["holder_surname"].text == "Bianchi D'Amicò"
    assert found["holder_surname"].shown == "Bianchi D'Amicò"
    assert found["subcases.a"].on == "Yes"
    assert found["customer_type"].on == "domestic"
    assert found["subcases.a"].shown is None
    assert dark_in(page, found["holder_surname"]) > 200, "a filled form must not look blank"
    assert dark_in(page, found["notes"]) == 0
    assert "Bianchi" in {word.text for word in page.words}


def test_an_appearance_that_says_something_else_is_shown() -> None:
    def forge(pdf: pikepdf.Pdf) -> None:
        look = pikepdf.Stream(pdf, b"BT /Helv 10 Tf 2 6 Td (Rossi) Tj ET")
        look.update(
            pikepdf.Dictionary(
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=[0, 0, 220, 22],
                Resources=pikepdf.Dictionary(
                    Font=pikepdf.Dictionary(
                        Helv=pikepdf.Dictionary(
                            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                        )
                    )
                ),
            )
        )
        node = fields_of(pdf)["holder_surname"]
        node.V = pikepdf.String("Bianchi")
        node.AP = pikepdf.Dictionary(N=pdf.make_indirect(look))
        choice = fields_of(pdf)["customer_type"]
        choice.V = pikepdf.Name("/domestic")

    found = values(change(blank(), forge))
    assert (found["holder_surname"].text, found["holder_surname"].shown) == ("Bianchi", "Rossi")
    assert (found["customer_type"].on, found["customer_type"].shown) == ("domestic", "")


def test_a_hidden_value_shows_nothing() -> None:
    def hide(pdf: pikepdf.Pdf) -> None:
        fill(pdf)
        fields_of(pdf)["holder_surname"].F = 2

    found = values(change(blank(), hide))
    assert (found["holder_surname"].text, found["holder_surname"].shown) == ("Bianchi D'Amicò", "")


@pytest.mark.filterwarnings("ignore:This document has:pikepdf.PageCopyWarning")
def test_hierarchies_orphans_and_streams_are_read() -> None:
    def nest(pdf: pikepdf.Pdf) -> None:
        fill(pdf)
        fields = fields_of(pdf)
        leaf = fields["holder_surname"]
        leaf.T = pikepdf.String("surname")
        parent = pdf.make_indirect(pikepdf.Dictionary(T=pikepdf.String("holder"), Kids=pikepdf.Array([leaf])))
        fields["notes"].V = pikepdf.Stream(pdf, b"\xfe\xff" + "riga più lunga".encode("utf-16-be"))
        pdf.Root.AcroForm.Fields = pikepdf.Array([parent, fields["subcases.a"], fields["customer_type"]])

    found = values(change(blank(), nest))
    assert found["holder.surname"].text == "Bianchi D'Amicò", "named by its parent's kids, without a /Parent of its own"
    assert found["notes"].text == "riga più lunga", "an orphan widget with its value in a stream"


@pytest.mark.filterwarnings("ignore:This document has:pikepdf.PageCopyWarning")
def test_a_form_without_a_form_dictionary_is_still_read() -> None:
    def orphan(pdf: pikepdf.Pdf) -> None:
        fill(pdf)
        del pdf.Root["/AcroForm"]

    assert values(change(blank(), orphan))["holder_surname"].text == "Bianchi D'Amicò"


def test_loops_in_the_field_tree_end() -> None:
    def loop(pdf: pikepdf.Pdf) -> None:
        node = fields_of(pdf)["holder_surname"]
        node.Parent = node
        node.Kids = pikepdf.Array([node])

    assert opened(change(blank(), loop)).picture.size


def test_the_text_of_an_annotation_is_part_of_the_sheet() -> None:
    def annotate(pdf: pikepdf.Pdf) -> None:
        look = pikepdf.Stream(pdf, b"0 0 0 rg 0 0 50 20 re f")
        look.update(pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 50, 20]))
        stamp = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=[300, 300, 350, 320],
            F=4,
            AP=pikepdf.Dictionary(N=pdf.make_indirect(look)),
        )
        pdf.pages[0].Annots.append(pdf.make_indirect(stamp))

    before, after = opened(blank()).picture, opened(change(blank(), annotate)).picture
    assert np.count_nonzero(before != after) > 5000
