from datetime import date
from random import Random

import pypdfium2 as pdfium
import pytest

from samples.papers import NAMES, draw_paper
from samples.situation import Situation, Wish, imagine
from samples.strangers import draw_stranger

STRANGERS = (
    "smart_info",
    "conciliation",
    "supplier_complaint",
    "bonus_application",
    "other_sector",
    "letter",
    "not_a_request",
)


def case_of(procedure: str = "CMOR") -> Situation:
    return imagine(Random(11), procedure, Wish(delegate=True, answered=True, received=date(2026, 9, 1)))


def text_of(pdf: bytes) -> str:
    with pdfium.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize("code", sorted(NAMES))
def test_papers_are_marked_and_the_same_each_time(code: str) -> None:
    assert draw_paper(code, case_of()) == draw_paper(code, case_of())
    assert "FAC-SIMILE" in text_of(draw_paper(code, case_of()))


@pytest.mark.parametrize("kind", STRANGERS)
def test_strangers_are_marked(kind: str) -> None:
    assert "FAC-SIMILE" in text_of(draw_stranger(kind, case_of()))


def test_a_card_shows_who_and_until_when() -> None:
    text = text_of(draw_paper("id_copy_holder", case_of(), expires="2026-08-31"))
    assert "CARTA DI IDENTITÀ" in text
    assert "REPUBBLICA ITALIANA" in text
    assert "31.08.2026" in text
    assert case_of().holder.card_number in text
    assert case_of().holder.tax_code in text


def test_a_paper_card_has_the_old_number() -> None:
    text = text_of(draw_paper("id_copy_holder", case_of(), kind="paper"))
    number = next(word for word in text.split() if len(word) == 9 and word[:2].isalpha() and word[2:].isdigit())
    assert number.startswith("A")


def test_the_papers_of_a_cmor_request_name_the_amount_and_the_operators() -> None:
    case = case_of()
    assert "Corrispettivo CMOR" in text_of(draw_paper("bill_cmor", case))
    assert case.suppliers[1] in text_of(draw_paper("complaint_copy", case))
