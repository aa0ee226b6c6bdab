"""Born-digital sheets: exact, and told by their words."""

import io

import numpy as np
import pikepdf
import pytest

from intake.receipt import Document
from pages.open import open_pages
from pages.page import Page
from templates.form import Match
from templates.identify import Identifier
from templates.load import load_forms
from templates.plane import apply, as_points, scale_to

LIBRARY = load_forms()
IDENTIFIER = Identifier(LIBRARY)
CODES = [form.code for form in LIBRARY]


def pages_of(content: bytes) -> tuple[Page, ...]:
    return open_pages(Document("modulo.pdf", "application/pdf", content))


def edited(content: bytes, *, fields: bool = True, turn: int = 0, scale: float = 1.0) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            if not fields and "/Annots" in page:
                del page.Annots
            if turn:
                page.rotate(turn, relative=False)
            if scale != 1.0:
                page.contents_add(f"{scale} 0 0 {scale} 0 0 cm".encode(), prepend=True)
        if not fields:
            del pdf.Root.AcroForm
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("code", CODES)
def test_a_fillable_form_is_known_by_its_fields_and_lies_exactly(code: str) -> None:
    form = LIBRARY.get(code, "2026-01")
    for page in pages_of(form.blank):
        match = IDENTIFIER.lay(page)
        assert isinstance(match, Match)
        assert (match.form.key, match.page, match.how, match.residual_mm) == (form.key, page.number, "acroform", 0.0)
        assert np.allclose(match.to_picture, scale_to(page.dpi_x, page.dpi_y))


@pytest.mark.parametrize("code", CODES)
def test_a_flattened_form_is_known_by_its_print(code: str) -> None:
    form = LIBRARY.get(code, "2026-01")
    for page in pages_of(edited(form.blank, fields=False)):
        match = IDENTIFIER.lay(page)
        assert isinstance(match, Match)
        assert (match.form.key, match.page, match.residual_mm) == (form.key, page.number, 0.0)
        assert match.quality > 0.95


def test_a_form_printed_smaller_is_followed() -> None:
    form = LIBRARY.get("CMOR", "2026-01")
    for page in pages_of(edited(form.blank, fields=False, scale=0.95)):
        match = IDENTIFIER.lay(page)
        assert isinstance(match, Match)
        assert (match.form.key, match.page) == (form.key, page.number)
        at = apply(match.to_picture, as_points([(105.0, 100.0)]))[0]
        true_mm = 105.0 * 0.95, 297 - (297 - 100.0) * 0.95
        assert at[0] / page.dpi_x * 25.4 == pytest.approx(true_mm[0], abs=0.4)
        assert at[1] / page.dpi_y * 25.4 == pytest.approx(true_mm[1], abs=0.4)


def test_words_alone_tell_the_sister_forms_apart() -> None:
    for form in LIBRARY:
        for page in pages_of(edited(form.blank, fields=False)):
            bare = Page("x", "", 1, page.picture, page.dpi_x, page.dpi_y, words=page.words, scanned=False)
            match = IDENTIFIER.lay(bare)
            assert isinstance(match, Match)
            assert (match.form.key, match.page, match.how) == (form.key, page.number, "text")
