"""Lay a text without sheets of its own (a Word letter, a text file) on sheets, as its text layer and as its picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
from font_source_sans_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont

from pages.limits import PageLimits
from pages.page import MM_PER_INCH, Box, Picture, Word
from pages.picture import A4_HEIGHT_MM, A4_WIDTH_MM

DPI = 150.0
_MARGIN_MM = 20.0
_LINE_MM = 5.5
_FONT_PX = 23
_LONGEST_WORD = 60
"""Characters: longer ones are cut, so that each stands on the sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class WrittenSheet:
    """A sheet that was written here: its picture at ``DPI`` and its words."""

    picture: Picture
    words: tuple[Word, ...]


def write_sheets(text: str, limits: PageLimits) -> Iterator[WrittenSheet]:
    """Lay a text on A4 sheets, at most ``limits.max_pages``; the words of a sheet are exactly what stands on it."""
    lines = _lines(text)
    each = int((A4_HEIGHT_MM - 2 * _MARGIN_MM) / _LINE_MM)
    for _ in range(limits.max_pages):
        on_this = list(islice(lines, each))
        if not on_this:
            return
        yield _sheet(on_this)


def _lines(text: str) -> Iterator[list[str]]:
    """Break a text into lines that fit between the margins."""
    room = (A4_WIDTH_MM - 2 * _MARGIN_MM) / MM_PER_INCH * DPI
    for paragraph in text.splitlines():
        line: list[str] = []
        for word in _words(paragraph):
            if line and _font().getlength(" ".join([*line, word])) > room:
                yield line
                line = []
            line.append(word)
        yield line


def _words(paragraph: str) -> Iterator[str]:
    for word in paragraph.split():
        for start in range(0, len(word), _LONGEST_WORD):
            yield word[start : start + _LONGEST_WORD]


def _sheet(lines: list[list[str]]) -> WrittenSheet:
    size = (round(A4_WIDTH_MM / MM_PER_INCH * DPI), round(A4_HEIGHT_MM / MM_PER_INCH * DPI))
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    words: list[Word] = []
    for row, line in enumerate(lines):
        top = _MARGIN_MM + row * _LINE_MM
        left = _MARGIN_MM
        for word in line:
            width = max(_font().getlength(word) / DPI * MM_PER_INCH, 0.5)
            draw.text((left / MM_PER_INCH * DPI, top / MM_PER_INCH * DPI), word, fill=0, font=_font())
            words.append(Word(word, Box(left, top, width, _LINE_MM * 0.8)))
            left += width + _font().getlength(" ") / DPI * MM_PER_INCH
    return WrittenSheet(np.asarray(image, dtype=np.uint8), tuple(words))


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_files_ttf["SourceSansPro"], _FONT_PX)
