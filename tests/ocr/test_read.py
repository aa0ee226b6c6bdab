import io
from collections.abc import Callable
from random import Random
from typing import Protocol

import numpy as np
import pikepdf
import pytest

from intake.receipt import Document
from ocr.ink import Ink, Presence, Source
from ocr.read import Reader
from pages.open import open_pages
from samples.degrade import draw_pages, fax, fax_setting, scan, scan_setting
from samples.files import fax_tiff, scan_pdf
from templates.form import Form

Read = Callable[[bytes], dict[str, Ink]]
Wrong = Callable[[dict[str, str | bool], dict[str, Ink]], list[str]]


class Filled(Protocol):
    """What the fixture ``filled`` gives."""

    form: Form
    truth: dict[str, str | bool]
    flat: bytes
    fillable: Callable[[str], bytes]


def scanned(pdf: bytes, dpi: int) -> bytes:
    rng = Random(dpi)
    return scan_pdf([scan(p, scan_setting(rng, dpi), i) for i, p in enumerate(draw_pages(pdf, dpi))], dpi, 75)


def faxed(pdf: bytes, *, fine: bool) -> bytes:
    rng = Random(7)
    setting = fax_setting(rng, fine=fine)
    pictures = [fax(p, 300, setting, i) for i, p in enumerate(draw_pages(pdf, 300))]
    return fax_tiff(pictures, setting.dpi_y, "Da: 0612345678")


@pytest.mark.parametrize("style", ["bare", "drawn", "pypdf"])
def test_a_fillable_form_is_read_exactly_with_and_without_appearances(
    filled: Filled, read: Read, wrong: Wrong, style: str
) -> None:
    inks = read(filled.fillable(style))
    assert wrong(filled.truth, inks) == []
    assert inks["holder_surname"].source is Source.ACROFORM
    assert inks["holder_surname"].presence is Presence.INK
    assert inks["mailing_street"].presence is Presence.EMPTY


def test_a_flattened_form_is_read_exactly(filled: Filled, read: Read, wrong: Wrong) -> None:
    inks = read(filled.flat)
    assert wrong(filled.truth, inks) == []
    assert inks["holder_surname"].source is Source.TEXT


@pytest.mark.parametrize("dpi", [200, 300])
def test_a_typed_scan_is_read(filled: Filled, read: Read, wrong: Wrong, dpi: int) -> None:
    inks = read(scanned(filled.flat, dpi))
    assert len(wrong(filled.truth, inks)) <= 2, wrong(filled.truth, inks)
    assert inks["holder_tax_code"].source is Source.OCR
    assert inks["holder_tax_code"].lattice is not None
    assert inks["signature_present"].mark is True
    assert inks["supply_pod"].others, "a code without a check digit has a second reader"


@pytest.mark.parametrize(("fine", "slips"), [(True, 3), (False, 8)])
def test_a_typed_fax_is_read(filled: Filled, read: Read, wrong: Wrong, slips: int, *, fine: bool) -> None:
    inks = read(faxed(filled.flat, fine=fine))
    assert len(wrong(filled.truth, inks)) <= slips, wrong(filled.truth, inks)
    ticks = {zone for zone, true in filled.truth.items() if isinstance(true, bool)}
    assert [zone for zone in ticks if inks[zone].mark is not filled.truth[zone]] == []


def test_a_blank_form_on_paper_is_empty_everywhere(filled: Filled, read: Read) -> None:
    for content in (filled.form.blank, scanned(filled.form.blank, 200), faxed(filled.form.blank, fine=True)):
        inks = read(content)
        assert {zone for zone, ink in inks.items() if ink.presence is not Presence.EMPTY} == set()
        assert not any(ink.mark or ink.text for ink in inks.values())


def test_ink_on_a_printed_fillable_form_is_read_from_the_picture(filled: Filled, read: Read, wrong: Wrong) -> None:
    out = io.BytesIO()
    scan_file = scanned(filled.flat, 200)
    with pikepdf.open(io.BytesIO(filled.form.blank)) as pdf, pikepdf.open(io.BytesIO(scan_file)) as paper:
        for page, sheet in zip(pdf.pages, paper.pages, strict=True):
            page.add_overlay(sheet)
        pdf.save(out)
    inks = read(out.getvalue())
    assert len(wrong(filled.truth, inks)) <= 3, wrong(filled.truth, inks)
    assert inks["holder_surname"].source is Source.OCR


def test_a_value_that_the_eye_does_not_see_is_doubtful(filled: Filled, read: Read) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(filled.fillable("drawn"))) as pdf:
        for node in pdf.Root.AcroForm.Fields:
            if str(node.T) == "holder_surname":
                node.F = 2
            if str(node.T) == "holder_given_name":
                node.V = pikepdf.String("Tutt'altro")
        pdf.save(out)
    inks = read(out.getvalue())
    assert inks["holder_surname"].presence is Presence.DOUBTFUL
    assert inks["holder_given_name"].presence is Presence.DOUBTFUL
    assert inks["holder_municipality"].presence is Presence.INK


def test_every_ink_says_where_it_stands_and_who_read_it(filled: Filled, read: Read) -> None:
    inks = read(scanned(filled.flat, 200))
    surname = inks["holder_surname"]
    assert (surname.file, surname.page, surname.box) == ("modulo", 1, filled.form.fields["holder_surname"].box)
    assert surname.engine.startswith("lines-2 (")
    assert "tesseract" in surname.engine
    assert all(np.isfinite(ink.confidence) for ink in inks.values())


def test_a_loose_sheet_is_read_as_text(filled: Filled, reader: Reader) -> None:
    typed = open_pages(Document("a", "", filled.flat))[0]
    paper = open_pages(Document("a", "", scanned(filled.flat, 200)))[0]
    for page in (typed, paper):
        text = reader.read_text(page)
        assert "Corrispettivo di morosità" in text
        assert "Dati del cliente" in text
