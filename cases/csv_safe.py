"""Write tables as CSV that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    r"""Give the CSV of a table: semicolons, as Italian spreadsheets expect; decimals with a comma.

    >>> csv_text(("a", "b"), [("=1+1", 2.5)])
    "a;b\r\n'=1+1;2,5\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(name) for name in columns])
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: object) -> str:
    """Write one cell: a text that begins like a formula gets an apostrophe, which spreadsheets do not show."""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    text = str(value)
    begins = text.lstrip(" \u00a0\u200b\ufeff\u202e\u202d")
    return f"'{text}" if isinstance(value, str) and begins.startswith(_FORMULA) else text
