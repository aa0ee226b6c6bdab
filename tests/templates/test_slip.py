"""Return sheets: their code cannot be forged, makes its own template, and is read on every channel."""

import io
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from intake.receipt import Document
from jobs.look import engines
from pages.open import open_pages
from pages.page import Picture
from parsers.extract import extract
from parsers.reading import Content
from samples.acroform import STYLES, fill_acroform
from samples.degrade import FAX_DPI_X, FINE_DPI_Y, STANDARD_DPI_Y, draw_pages, fax, fax_setting
from samples.typed import draw_hand, print_form
from templates.form import Form, Match, Unlaid
from templates.load import load_forms
from templates.slip import Slip, asked_of, is_genuine, read_slip, write_slip
from templates.slip_form import TooMuch, slip_form

KEY = bytes(range(32))
LIBRARY = load_forms()
CMOR = LIBRARY.get("CMOR", "2026-01")
VALUES: dict[str, Content] = {
    "holder_tax_code": "RSSMRA80A01H501U",
    "holder_birth_province": "NA",
    "supply_pod": "IT001E12345678",
    "complaint_means": "registered_letter",
    "cmor_amount": "1234.56",
    "cmor_bill_date": "2026-03-04",
    "privacy_acknowledged": True,
    "signature_present": True,
}
SLIP = write_slip(CMOR, (2026, 123), [*VALUES, "complaint_copy"], KEY)


def sheet() -> Form:
    form = slip_form(SLIP, LIBRARY)
    assert form is not None
    return form


def read(content: bytes, kind: str = "application/pdf") -> dict[str, Content]:
    identifier, reader = engines()
    (page,) = open_pages(Document("foglio", kind, content))
    match = identifier.lay(page)
    assert isinstance(match, Match)
    assert match.form.edition == SLIP.text
    found = extract(match.form, reader.read(page, match), date(2026, 11, 20))
    return {name: value.value for name, value in found.items()}


def tiff(picture: Picture, dpi_y: float) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).convert("1").save(out, "TIFF", compression="group4", dpi=(FAX_DPI_X, dpi_y))
    return out.getvalue()


@given(
    code=st.sampled_from([form.code for form in LIBRARY]),
    year=st.integers(2000, 2099),
    number=st.integers(1, 9_999_999),
    data=st.data(),
)
def test_a_code_says_what_was_written_into_it(code: str, year: int, number: int, data: st.DataObject) -> None:
    form = LIBRARY.get(code, "2026-01")
    names = [*form.fields, *(paper.code for paper in form.attachments)]
    wanted = data.draw(st.sets(st.sampled_from(names), min_size=1))
    slip = write_slip(form, (year, number), wanted, KEY)
    again = read_slip(slip.text)
    assert again == slip
    assert is_genuine(slip, KEY)
    assert slip.case == f"{year}/{number:07}"
    asked = asked_of(slip, LIBRARY)
    assert asked is not None
    assert asked.form is form
    assert {f.name for f in asked.fields} | {p.code for p in asked.papers} == wanted


@given(st.text(max_size=80) | st.from_regex(r"SR1/[A-Z2-7]{5}/[0-9]{2}\.[0-9]{1,12}/[A-Z2-7]*/[A-Z2-7]{10}"))
def test_no_text_is_taken_for_a_genuine_code(text: str) -> None:
    slip = read_slip(text)
    assert slip is None or not is_genuine(slip, KEY)


@given(st.integers(0, len(SLIP.text) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567/."))
def test_a_changed_code_is_not_genuine(at: int, sign: str) -> None:
    changed = SLIP.text[:at] + sign + SLIP.text[at + 1 :]
    slip = read_slip(changed)
    assert changed == SLIP.text or slip is None or not is_genuine(slip, KEY)


def test_a_code_of_another_key_or_without_one_is_not_genuine() -> None:
    assert not is_genuine(SLIP, b"another key")
    assert not is_genuine(SLIP, b"")


def test_a_code_needs_a_key_and_fields_of_its_form() -> None:
    with pytest.raises(KeyError, match="no_such_field"):
        write_slip(CMOR, (2026, 1), ["no_such_field"], KEY)
    with pytest.raises(ValueError, match="key"):
        write_slip(CMOR, (2026, 1), ["supply_pod"], b"")
    with pytest.raises(ValueError, match="ask"):
        write_slip(CMOR, (2026, 1), [], KEY)


def test_the_same_code_gives_the_same_sheet_of_one_page() -> None:
    one, other = sheet(), slip_form(Slip(SLIP.tag, SLIP.year, SLIP.number, SLIP.bits, SLIP.seal), LIBRARY)
    assert other is not None
    assert one.blank == other.blank
    assert one.page_count == 1
    assert set(one.fields) == set(VALUES)
    assert "non ufficiale" in one.notice


def test_what_takes_more_than_a_page_is_no_sheet() -> None:
    slip = write_slip(CMOR, (2026, 123), list(CMOR.fields), KEY)
    with pytest.raises(TooMuch):
        slip_form(slip, LIBRARY)


def test_a_sheet_of_an_unknown_definition_goes_to_a_clerk() -> None:
    strange = Slip("AAAAA", SLIP.year, SLIP.number, SLIP.bits, SLIP.seal)
    assert slip_form(strange, LIBRARY) is None
    identifier, _ = engines()
    (page,) = open_pages(Document("foglio.pdf", "application/pdf", sheet().blank))
    code = replace(page.codes[0], text=strange.text)
    found = identifier.lay(replace(page, codes=(code,)))
    assert isinstance(found, Unlaid)
    assert found.reason == "edition"


@pytest.mark.parametrize("style", STYLES)
def test_a_sheet_filled_on_a_computer_is_read_exactly(style: str) -> None:
    found = read(fill_acroform(sheet(), VALUES, Random(1), style=style))
    assert {name: found[name] for name in VALUES} == VALUES


@pytest.mark.parametrize("fine", [True, False])
def test_a_printed_sheet_is_read_from_a_fax(fine: bool) -> None:  # noqa: FBT001
    rng = Random(3)
    paper = print_form(sheet(), VALUES, draw_hand(rng), rng)
    picture = fax(draw_pages(paper, 300)[0], 300, fax_setting(rng, fine=fine), 3)
    found = read(tiff(np.asarray(picture), FINE_DPI_Y if fine else STANDARD_DPI_Y), "image/tiff")
    right = sum(found[name] == value for name, value in VALUES.items())
    wrong = [n for n, v in VALUES.items() if found[n] not in (v, None, False)]
    assert not wrong
    assert right >= len(VALUES) - 1


@settings(max_examples=10)
@given(st.sets(st.sampled_from(list(CMOR.fields)), min_size=1, max_size=6))
def test_any_few_fields_make_a_sheet(wanted: set[str]) -> None:
    form = slip_form(write_slip(CMOR, (2026, 7), wanted, KEY), LIBRARY)
    assert form is not None
    assert set(form.fields) == wanted
