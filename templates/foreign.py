"""A blank that somebody else drew: it is what it is, so it must only be the PDF that the places were measured on."""

import hashlib
from pathlib import Path

from pages.page import Unreadable
from pages.pdf import sheet_sizes
from templates.broken import BrokenForm
from templates.form import Form

MOST_BYTES = 20_000_000
"""A blank of scanned sheets is large; beyond this it slows every start."""
SAME_SIZE_MM = 1.0


def check_foreign(form: Form, file: Path, raw: bytes, sha256: str) -> None:
    """Check the finished PDF of a form whose places are given. Raises ``BrokenForm``."""
    if len(raw) > MOST_BYTES:
        raise BrokenForm(file, "", f"is larger than {MOST_BYTES} bytes", "Shrink its pictures and fonts.")
    found = hashlib.sha256(raw).hexdigest()
    if sha256 and found != sha256:
        problem = "is another file than the one that form.toml was measured on"
        remedy = "Put the old file back, make a new edition, or, if it looks the same, write blank_sha256 anew: "
        raise BrokenForm(file, "blank_sha256", problem, f"{remedy}{found}.")
    try:
        sizes = sheet_sizes(raw)
    except Unreadable as error:
        remedy = "Put the finished PDF there, without a password."
        raise BrokenForm(file, "", f"cannot be opened as a PDF ({error.reason})", remedy) from error
    if len(sizes) != form.page_count:
        raise BrokenForm(file, "pages", f"has {len(sizes)} pages, the form {form.page_count}", "Make them equal.")
    for number, (width, height) in enumerate(sizes, 1):
        if abs(width - form.page_width_mm) > SAME_SIZE_MM or abs(height - form.page_height_mm) > SAME_SIZE_MM:
            problem = f"page {number} is {width:.1f} x {height:.1f} mm as it is seen"
            remedy = "Correct page_width_mm and page_height_mm; sheets of another size go into a form of their own."
            raise BrokenForm(file, "", problem, remedy)
