"""Door to PDFium's text reader: the words of a text layer and where they stand."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium
from pypdfium2 import PdfTextPage

from pages.frame import Frame
from pages.page import Word

GAP = 0.9
"""A gap wider than this share of the letter's height parts two words; PDFium puts a space into smaller ones itself."""
HYPHEN = "\x02"
"""What PDFium reports for a hyphen at the end of a line."""


@dataclass(slots=True)
class _Run:
    """Characters collected for one word, in page points."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    last: float
    """Where the last character begins: those of a ligature ("ffi") all stand in one place."""

    def takes(self, left: float, bottom: float, top: float) -> bool:
        """Tell whether a character at this place goes on with the word."""
        height = max(self.top - self.bottom, top - bottom)
        same_line = min(self.top, top) - max(self.bottom, bottom) > 0
        return same_line and (-height < left - self.right < GAP * height or left == self.last)

    def add(self, sign: str, box: tuple[float, float, float, float]) -> None:
        """Append a character."""
        self.text += sign
        self.last = box[0]
        self.left, self.bottom = min(self.left, box[0]), min(self.bottom, box[1])
        self.right, self.top = max(self.right, box[2]), max(self.top, box[3])


def read_words(page: PdfTextPage, frame: Frame, *, invisible: bool = False) -> tuple[Word, ...]:
    """Read all words in the order of the file, with boxes in mm on the sheet.

    ``invisible`` tells that some text of the page is there to be found and not to be seen: it is left out.
    """
    return tuple(
        Word(run.text, frame.box(run.left, run.bottom, run.right, run.top)) for run in _runs(page, invisible=invisible)
    )


def _runs(page: PdfTextPage, *, invisible: bool) -> Iterator[_Run]:
    run: _Run | None = None
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pointers = tuple(ctypes.byref(edge) for edge in (left, right, bottom, top))
    for index, sign in enumerate(signs(page)):
        unseen = not sign or (invisible and _is_invisible(page, index))
        if unseen or not pdfium.FPDFText_GetCharBox(page, index, *pointers):
            if run:
                yield run
            run = None
        elif run and run.takes(left.value, bottom.value, top.value):
            run.add(sign, (left.value, bottom.value, right.value, top.value))
        else:
            if run:
                yield run
            run = _Run(sign, left.value, bottom.value, right.value, top.value, left.value)
    if run:
        yield run


def _is_invisible(page: PdfTextPage, index: int) -> bool:
    drawn = pdfium.FPDFText_GetTextObject(page, index)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn) if drawn else pdfium.FPDF_TEXTRENDERMODE_UNKNOWN
    return bool(mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def signs(page: PdfTextPage) -> Iterator[str]:
    """Answer every character, or "" for white space and the separators that PDFium makes up.

    Reading all at once is faster by half, but characters beyond 16 bits make the string shorter than the count.
    """
    count = page.count_chars()
    text = page.get_text_range(0, count) if count else ""
    if len(text) == count:
        return (_visible(sign) for sign in text)
    return (_visible(chr(pdfium.FPDFText_GetUnicode(page, index))) for index in range(count))


def _visible(sign: str) -> str:
    if sign == HYPHEN:
        return "-"
    return "" if sign <= " " or sign.isspace() or "\ud800" <= sign < "\ue000" else sign
