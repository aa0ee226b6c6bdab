"""Door to the typeface of the blanks: which styles there are, and how wide words are in them."""

from dataclasses import dataclass
from functools import cache

from font_source_sans_pro import font_files_ttf
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from pages.page import MM_PER_INCH, POINTS_PER_INCH

MM = POINTS_PER_INCH / MM_PER_INCH
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Style:
    """How words look: typeface, size in points, line height in mm, and grey (0 is black)."""

    font: str
    size: float
    leading: float
    grey: float = 0.0


STYLES = {
    "title": Style("SourceSansProBold", 17, 6.6),
    "desk": Style("SourceSansProSemibold", 8.5, 3.8),
    "notice": Style("SourceSansProBold", 8.5, 3.6),
    "instruction": Style("SourceSansPro", 8.5, 3.7),
    "letter": Style("SourceSansProBold", 11, 4.8, 1.0),
    "section": Style("SourceSansProBold", 11, 4.8),
    "heading": Style("SourceSansProSemibold", 8.5, 3.8),
    "note": Style("SourceSansPro", 8, 3.5),
    "label": Style("SourceSansProSemibold", 7.8, 3.4),
    "hint": Style("SourceSansPro", 7.2, 3.4, 0.25),
    "option": Style("SourceSansPro", 9, 3.8),
    "footer": Style("SourceSansPro", 7.5, 3.2),
}


def width_mm(text: str, style: str) -> float:
    """Measure one line of text in a style."""
    load_faces()
    look = STYLES[style]
    return float(pdfmetrics.stringWidth(text, look.font, look.size)) / MM


def wrap(text: str, style: str, room_mm: float) -> tuple[str, ...]:
    """Break a text into lines that fit into a width."""
    load_faces()
    look = STYLES[style]
    return tuple(simpleSplit(text, look.font, look.size, room_mm * MM))


def leading_mm(style: str) -> float:
    """Give the line height of a style."""
    return STYLES[style].leading


@cache
def load_faces() -> None:
    """Make the fonts of the styles known to the drawing library, once."""
    for name in {look.font for look in STYLES.values()}:
        pdfmetrics.registerFont(TTFont(name, font_files_ttf[name]))
