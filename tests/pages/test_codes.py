"""Codes on sheets that came over a bad telephone line."""

import numpy as np
import pytest
import segno

from pages.codes import find_codes
from pages.page import Picture

TEXT = "SR1/YORKP/26.13787/AAEIAAAAQAFAAAAA/KWBP5QJOVN"
TOP, LEFT, MODULE = 200, 1300, 5


def faxed(rows_apart: int) -> tuple[Picture, tuple[float, float], int]:
    """Draw a sheet with a code as a fine fax (1) or a standard fax (2) has it; also give the rows of the code."""
    code = np.array([list(row) for row in segno.make(TEXT, error="m", boost_error=False).matrix], dtype=np.uint8)
    drawn = np.kron(code, np.ones((MODULE, MODULE), dtype=np.uint8))
    sheet = np.full((2324, 1728), 255, dtype=np.uint8)
    sheet[TOP : TOP + len(drawn), LEFT : LEFT + len(drawn)][drawn > 0] = 0
    return np.ascontiguousarray(sheet[::rows_apart]), (204.0, 196.0 / rows_apart), len(drawn) // rows_apart


@pytest.mark.parametrize(("rows_apart", "dropped"), [(1, 2), (1, 4), (2, 1), (2, 2)])
def test_rows_that_the_line_dropped_hide_no_code(rows_apart: int, dropped: int) -> None:
    sheet, dpi, rows = faxed(rows_apart)
    places = range(0, rows - dropped, 3)
    read = 0
    for at in places:
        spoiled = sheet.copy()
        spoiled[TOP // rows_apart + at : TOP // rows_apart + at + dropped] = 255
        read += [code.text for code in find_codes(spoiled, *dpi)] == [TEXT]
    assert read >= 0.95 * len(places)


def test_a_sheet_of_lines_of_writing_has_no_code() -> None:
    sheet = np.full((1162, 1728), 255, dtype=np.uint8)
    for row in range(60, 1100, 18):
        sheet[row : row + 8, 200:1500:3] = 0
    assert find_codes(sheet, 204.0, 98.0) == ()
