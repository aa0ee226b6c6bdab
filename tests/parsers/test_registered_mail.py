"""Numbers of registered letters are taken where something backs them, and nowhere else."""

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from jobs.loose import what_it_is
from pages.page import Page
from parsers.registered_mail import registered_numbers

S10 = "RR473124829IT"


@pytest.mark.parametrize(
    ("text", "codes", "found"),
    [
        ("", [S10], [S10]),
        ("", ["153456789012"], ["153456789012"]),
        ("Raccomandata RR 473 124 829 IT", [], [S10]),
        ("Raccomandata RR473124820IT", [], []),
        ("Raccomandata A/R n. 15345-6789012", [], ["153456789012"]),
        ("Codice cliente 153456789012", [], []),
        ("Raccomandata del 12/10/2026", [], []),
        (f"Raccomandata {S10}", [S10], [S10]),
        ("", ["SMARTHELP|CMOR|2026-01|1", "00123456789012"], []),
    ],
)  # fmt: skip
def test_numbers_on_a_sheet(text: str, codes: list[str], found: list[str]) -> None:
    assert list(registered_numbers(text, codes)) == found


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3))
def test_whatever_stands_on_a_sheet_numbers_are_well_formed(text: str, codes: list[str]) -> None:
    assert all(len(number) in {12, 13} and number.isalnum() for number in registered_numbers(text, codes))


def test_the_bar_code_of_an_envelope_is_read() -> None:
    sheet = np.full((1600, 1200), 255, np.uint8)
    made = zxingcpp.create_barcode(S10, zxingcpp.BarcodeFormat.Code128)
    bars = cv2.resize(np.asarray(zxingcpp.write_barcode_to_image(made)), (700, 160), interpolation=cv2.INTER_NEAREST)
    sheet[300:460, 200:900] = bars
    cv2.putText(sheet, "Sportello per il consumatore", (150, 800), cv2.FONT_HERSHEY_SIMPLEX, 2, 0, 3)
    paper = what_it_is(Page("busta.png", "0" * 64, 1, sheet, 150.0, 150.0, scanned=True), lambda _page: "")
    assert paper.posted == (S10,)
