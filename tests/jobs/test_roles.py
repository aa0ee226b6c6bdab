import numpy as np
import pytest

from jobs.roles import repeated
from pages.page import Page
from parsers.reading import Paper

BILL = (
    "Fattura\nIntestatario: Lucia Lo Presti\nPunto di fornitura: POD IT001E93245949\nBolletta n. B19421242\n"
    "Periodo di fatturazione 24/04/2026 - 23/06/2026\nTotale da pagare € 82,22\nScadenza 18/07/2026"
)


def sheet(file: str, grey: int) -> Page:
    return Page(file, file, 1, np.full((20, 20), grey, np.uint8), 100, 100)


@pytest.mark.parametrize(("code", "again"), [("bill_old", 1), ("bill_new", 0)])
def test_two_bills_that_share_their_words_are_two_where_they_are_named_differently(code: str, again: int) -> None:
    one, other = sheet("vecchia.pdf", 200), sheet("nuova.pdf", 201)
    papers = {
        one: Paper("bill_old", "vecchia.pdf", 1, 0.95, text=BILL),
        other: Paper(code, "nuova.pdf", 1, 0.95, text=BILL),
    }
    assert len(repeated([one, other], papers)) == again
