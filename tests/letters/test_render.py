"""The PDF of a letter: tagged, titled, in Italian, its address in the window, its number on every page."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from letters.faxed import as_fax
from letters.letter import LetterCode
from letters.markup import as_mail, blocks
from letters.render import as_html, as_pdf, printed
from letters.returns import filled_in, return_sheet
from letters.segnatura import Segnatura, joined, stamp
from letters.words import Words, asked
from pages.page import POINTS_PER_INCH
from templates.load import load_forms
from tests.letters.conftest import HOUSE
from tests.letters.test_words import FAX, TO, letter, matter

ON = date(2026, 11, 23)
MARK = Segnatura(HOUSE.name, "2026/0000124", ON)
MM = POINTS_PER_INCH / 25.4


def made(text: str = "", window: str = "right") -> bytes:
    about = matter("no-specifics")
    words = letter(LetterCode.INTEGRATION, about)
    words = replace(words, text=text) if text else words
    return as_pdf(printed(words, about, TO, replace(HOUSE, window=window), ON))


def pages_of(raw: bytes) -> list[str]:
    with pypdfium2.PdfDocument(raw) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_a_letter_is_tagged_titled_and_in_italian_also_when_it_is_stamped() -> None:
    raw = stamp(made(), MARK)
    with pikepdf.open(BytesIO(raw)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "it"
        assert "/StructTreeRoot" in document.Root
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as told:
            assert str(MARK) in str(told["dc:title"])
            assert "Richiesta di integrazione" in str(told["dc:title"])
            assert str(told["pdfuaid:part"]) == "1"
        for page in document.pages:
            fonts = page.Resources.Font
            assert all("/FontFile2" in f.DescendantFonts[0].FontDescriptor for f in fonts.values())


def test_half_a_picture_is_still_refused_after_a_letter_was_set() -> None:
    """WeasyPrint lets all of Pillow take them, unsaid: a form that breaks off would be read as a whole one."""
    whole = BytesIO()
    Image.effect_noise((300, 300), 60).save(whole, "JPEG")
    made()
    with pytest.raises(OSError, match="truncated"):
        Image.open(BytesIO(whole.getvalue()[:3000])).load()


def test_every_page_bears_the_mark_its_number_and_the_notice() -> None:
    pages = pages_of(stamp(made("parola " * 900), MARK))
    assert len(pages) >= 2
    for at, page in enumerate(pages, 1):
        assert str(MARK) in page
        assert f"Pagina {at} di {len(pages)}" in page
        assert HOUSE.notice in page


@pytest.mark.parametrize(("window", "left", "right"), [("right", 100, 190), ("left", 20, 110)])
def test_the_address_stands_clear_of_the_edges_of_the_window(window: str, left: float, right: float) -> None:
    with pypdfium2.PdfDocument(made(window=window)) as document:
        page = document[0].get_textpage()
        for line in (TO.name, *TO.lines):
            found, boxes = page.search(line), []
            while (at := found.get_next()) is not None:
                boxes.append(page.get_rect(page.count_rects(*at) - 1))
            inside = [b for b in boxes if b[0] / MM >= left and b[2] / MM <= right]
            assert any(297 - b[3] / MM >= 45 and 297 - b[1] / MM <= 90 for b in inside), line


def test_a_stamped_letter_is_the_same_each_time() -> None:
    raw = made()
    assert stamp(raw, MARK) == stamp(raw, MARK)


@pytest.mark.parametrize("hostile", ["<script>x</script>", "<img src=file:///etc/passwd>", "{{ 7*7 }}", "</style><b>"])
def test_what_a_clerk_types_is_only_ever_text(hostile: str) -> None:
    about = matter("complete")
    html = as_html(printed(Words("T", "S", hostile), about, TO, replace(HOUSE, notice=hostile), ON))
    assert hostile not in html.replace("{{ 7*7 }}", "") or hostile == "{{ 7*7 }}"
    assert "<script>" not in html
    assert "<img" not in html
    assert html.count("</style>") == 1


@given(st.text(max_size=300))
def test_no_word_of_a_text_is_lost_in_a_mail(text: str) -> None:
    kept = "".join("".join(block.lines) for block in blocks(text))
    signs = text.replace("### ", "").replace("## ", "").replace("- ", "")
    assert len("".join(kept.split())) >= len("".join(signs.split())) - text.count("#") - text.count("-")
    assert as_mail(text).endswith("\n")


def test_a_sheet_names_the_customer_on_paper_and_nobody_on_a_fax() -> None:
    about, form = matter("no-specifics"), load_forms().get("CMOR", "2026-01")
    sheet = return_sheet(about, form, asked(about, form, TO.way), bytes(32))
    assert sheet is not None
    (paper,), (fax,) = pages_of(filled_in(sheet, about, TO)), pages_of(filled_in(sheet, about, FAX))
    assert about.person("holder") in paper
    assert about.person("holder") not in fax
    assert about.number in fax
    for text in (paper, fax):
        assert "FAC-SIMILE – modello sintetico, non ufficiale" in text


def test_what_goes_on_paper_and_by_fax_has_letter_and_sheet() -> None:
    about, form = matter("no-specifics"), load_forms().get("CMOR", "2026-01")
    sheet = return_sheet(about, form, asked(about, form, TO.way), bytes(32))
    assert sheet is not None
    whole = joined((made(), filled_in(sheet, about, TO)))
    count = len(pages_of(whole))
    tiff, pages = as_fax(whole)
    assert pages == count >= 2
    assert tiff[:2] in {b"II", b"MM"}
