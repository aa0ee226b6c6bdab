"""A blank is proved before it is used, and its costly places are named."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from pages.page import Box
from templates.advice import advise
from templates.form import Field, Form, Kind, Option, Section
from templates.load import load_forms
from templates.proving import TRIALS, over_print, prove, tried
from templates.template import template_of
from tests.templates.foreign_blanks import BLANKS, content


def form_of(blank: bytes, *fields: Field, code: str = "PROVA") -> Form:
    section = Section("A", "Dati", fields or (Field("nome", "Nome", Kind.NAME, "A", 1, Box(50, 52, 80, 8)),))
    return Form(code, "1", "Prova", date(2026, 1, 1), None, False, 1, 210.0, 297.0, (section,), blank=blank)


@pytest.mark.parametrize("name", ["dotted", "scanned"])
def test_a_blank_with_words_of_its_own_is_known_again_after_every_trial(name: str) -> None:
    form = form_of(content(BLANKS[name]()))
    other = form_of(content(BLANKS["columns"]()), code="ALTRO")
    assert list(prove(form, [form, other])) == []


def test_a_blank_with_hardly_any_print_is_not_known_again() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(200, 400, "Firma")
    canvas.save()
    remarks = list(prove(form_of(out.getvalue()), [form_of(out.getvalue())]))
    assert len(remarks) == len(TRIALS)
    assert all(remark.grave and "not known again" in remark.sentence for remark in remarks)


def test_a_form_and_its_copy_look_alike() -> None:
    blank = content(BLANKS["columns"]())
    first, second = form_of(blank), form_of(blank, code="COPIA")
    assert any("COPIA/1 page 1" in remark.sentence for remark in prove(first, [second, first]))


def test_a_scanned_blank_is_known_by_the_shapes_of_its_words_outside_the_zones() -> None:
    form = form_of(content(BLANKS["scanned"]()))
    template = template_of(form, 1)
    assert len(template.words) >= 8
    assert len({word.text for word in template.words}) == len(template.words)
    assert (template.sharp == 255).mean() > 0.9
    other = template_of(
        form_of(content(BLANKS["scanned"]()), Field("x", "X", Kind.TEXT, "A", 1, Box(55, 20, 100, 12))), 1
    )
    assert len(other.words) < len(template.words)


def test_a_trial_knows_its_true_way() -> None:
    template = template_of(form_of(content(BLANKS["dotted"]())), 1)
    page, way = tried(template, TRIALS[1])
    assert page.picture.shape == (round(297 / 25.4 * 200), round(210 / 25.4 * 200))
    assert way[2, 2] == pytest.approx(1.0)


def test_zones_over_printed_words_are_told() -> None:
    blank = content(BLANKS["dotted"]())
    on_label = Field("nome", "Nome", Kind.NAME, "A", 1, Box(25, 50, 80, 8))
    on_dots = Field("nome", "Nome", Kind.NAME, "A", 1, Box(75, 48, 80, 7.2))
    assert "sottoscritto" in next(over_print(form_of(blank, on_label))).sentence
    assert list(over_print(form_of(blank, on_dots))) == []


def field(kind: Kind, box: Box, **more: int) -> Field:
    return Field("campo", "Campo", kind, "A", 1, box, **more)


TICKS = (Option("a", "A", 1, Box(60, 100, 4, 4)), Option("b", "B", 1, Box(66, 100, 4, 4)))
COSTLY = {
    "cells are 3.1 mm wide": field(Kind.TAX_CODE, Box(40, 50, 49.6, 6), cells=16),
    "cells are 4.0 mm high": field(Kind.TAX_CODE, Box(40, 50, 96, 4), cells=16),
    "no cells for a tax_code": field(Kind.TAX_CODE, Box(40, 50, 96, 8)),
    "this line is 5.0 mm high": field(Kind.TEXT, Box(40, 50, 96, 5)),
    "its lines are 4.0 mm high": field(Kind.LONG_TEXT, Box(40, 50, 96, 16), lines=4),
    "a email needs 60 mm": field(Kind.EMAIL, Box(40, 50, 40, 8)),
    "without a check": field(Kind.TEXT, Box(40, 50, 20, 8)),
    "a signature has 30 x 6 mm": field(Kind.INK, Box(40, 50, 30, 6)),
    "2.0 mm from the edge": field(Kind.TEXT, Box(2, 50, 96, 8)),
    "a tick box of 2.2 mm": field(Kind.TICK, Box(40, 60, 2.2, 2.2)),
    "mm from text: leave": field(Kind.TICK, Box(20.5, 49.5, 4, 3.9)),
    "tick boxes 2.0 mm apart": replace(field(Kind.ENUM, Box(60, 100, 10, 4)), options=TICKS),
}


@pytest.mark.parametrize("sentence", COSTLY)
def test_a_costly_place_is_named_with_its_measure(sentence: str) -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(25 / 25.4 * 72, (297 - 53) / 25.4 * 72, "Consenso")
    canvas.save()
    assert any(sentence in advice.sentence for advice in advise(form_of(out.getvalue(), COSTLY[sentence])))


def test_zones_that_touch_are_named_together() -> None:
    one, two = field(Kind.TEXT, Box(40, 50, 60, 8)), replace(field(Kind.TEXT, Box(40, 58.2, 60, 8)), name="altro")
    found = advise(form_of(content(BLANKS["dotted"]()), one, two))
    assert any("touches that of altro" in advice.sentence for advice in found)


def test_our_own_forms_are_kind_to_their_readers() -> None:
    cells = [a for form in load_forms() for a in advise(form) if "cells are" in a.sentence or "edge" in a.sentence]
    assert cells == []
