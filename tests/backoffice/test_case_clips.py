"""The clippings beside the fields: the zone with a little paper, and never half of a printed label."""

from pathlib import Path

import pypdfium2
import pytest

import templates
from backoffice.case_sheets import paper_label
from backoffice.case_view import around
from templates.form import Form
from templates.load import load_forms

FORMS = tuple(load_forms())
MM = 25.4 / 72


def printed(form: Form) -> dict[int, list[tuple[float, float, float, float]]]:
    """Give the runs of printed text of each page of a blank form: left, top, right, bottom in mm."""
    raw = Path(templates.__file__).parent / "forms" / form.code.lower() / form.edition / "blank.pdf"
    runs: dict[int, list[tuple[float, float, float, float]]] = {}
    with pypdfium2.PdfDocument(raw) as blank:
        for number, page in enumerate(blank, 1):
            text, high = page.get_textpage(), page.get_height()
            boxes = (text.get_rect(at) for at in range(text.count_rects()))
            runs[number] = [(x * MM, (high - up) * MM, to * MM, (high - low) * MM) for x, low, to, up in boxes]
    return runs


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_no_clipping_cuts_a_printed_label(form: Form) -> None:
    runs = printed(form)
    assert all(runs.values())
    for one in form.fields.values():
        clip = around(one)
        assert clip.top < one.box.top
        assert clip.bottom > one.box.bottom
        over = [r for r in runs[one.page] if r[0] < one.box.right and r[2] > one.box.left]
        cut = [r for r in over if r[1] < clip.top - 0.05 and r[3] > clip.top + 0.05 and r[3] <= one.box.top + 0.1]
        assert cut == [], one.name


def test_every_paper_of_every_form_has_an_italian_name_on_any_case() -> None:
    for code in {a.code for form in FORMS for a in form.attachments}:
        assert paper_label(code, None).casefold() != code.replace("_", " ")
