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

    def takes(self, left: float, bottom: float, top: float) -> bool:
        """Tell whether a character at this place goes on with the word."""
        height = max(self.top - self.bottom, top - bottom)
        same_line = min(self.top, top) - max(self.bottom, bottom) > 0
        return same_line and -height < left - self.right < GAP * height

    def add(self, sign: str, box: tuple[float, float, float, float]) -> None:
        """Append a character."""
        self.text += sign
        self.left, self.bottom = min(self.left, box[0]), min(self.bottom, box[1])
        self.right, self.top = max(self.right, box[2]), max(self.top, box[3])


def read_words(page: PdfTextPage, frame: Frame) -> tuple[Word, ...]:
    """Read all words in the order of the file, with boxes in mm on the sheet."""
    return tuple(Word(run.text, frame.box(run.left, run.bottom, run.right, run.top)) for run in _runs(page))


def _runs(page: PdfTextPage) -> Iterator[_Run]:
    run: _Run | None = None
    edges = tuple(ctypes.c_double() for _ in range(4))
    pointers = tuple(ctypes.byref(edge) for edge in edges)
    for index in range(page.count_chars()):
        sign = _sign(page, index)
        known = bool(sign) and pdfium.FPDFText_GetCharBox(
            page, index, pointers[0], pointers[1], pointers[2], pointers[3]
        )
        left, right, bottom, top = (edge.value for edge in edges)
        if not known or not run or not run.takes(left, bottom, top):
            if run:
                yield run
            run = _Run(sign, left, bottom, right, top) if known else None
        else:
            run.add(sign, (left, bottom, right, top))
    if run:
        yield run


def _sign(page: PdfTextPage, index: int) -> str:
    """Answer a visible character, or "" for white space and the separators that PDFium makes up."""
    code = pdfium.FPDFText_GetUnicode(page, index)
    if code <= 32 and chr(code) != HYPHEN:
        return ""
    sign = "-" if chr(code) == HYPHEN else chr(code)
    return "" if sign.isspace() or 0xD800 <= code < 0xE000 else sign
