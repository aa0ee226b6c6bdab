"""Door to WeasyPrint: the words of a letter -> a tagged PDF (PDF/UA-1, A4), its address in the window of a DL envelope.

The segnatura is not set here: the register number is taken last, and stamped (``letters.segnatura``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from font_source_sans_pro import font_files_ttf
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from letters.house import House
from letters.markup import blocks
from letters.matter import Matter
from letters.recipient import Recipient, Way
from letters.words import Words

_FACES: Final = (("SourceSansPro", 400), ("SourceSansProSemibold", 600), ("SourceSansProBold", 700))
_MONTHS: Final = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed of one letter: its words, to whom, by whom, on which day, about which case."""

    words: Words
    to: Recipient
    house: House
    on: date
    number: str
    subject: str


def printed(words: Words, matter: Matter, to: Recipient, house: House, on: date) -> Printed:
    """Put together what a letter's PDF shows; ``on`` is its day in Rome."""
    return Printed(words, to, house, on, matter.number, matter.subject)


def as_html(letter: Printed) -> str:
    """Set a letter as one HTML page that needs nothing from outside but our fonts; every word is escaped."""
    view: Mapping[str, Any] = {
        "title": letter.words.title,
        "number": letter.number,
        "subject": letter.subject,
        "house": letter.house,
        "to": _window(letter),
        "date": long_date(letter.on),
        "blocks": blocks(letter.words.text),
        "faces": [_face(name, weight) for name, weight in _FACES],
        "css": _css(letter.house.notice),
    }
    return _environment().get_template("letter.html.j2").render(view)


def as_pdf(letter: Printed) -> bytes:
    """Set a letter as a PDF with tags, title and language.

    WeasyPrint (70) and the libraries behind it are loaded with the first letter: no other command waits for them, nor
    falls when Pango is missing.
    """
    weasyprint = import_module("weasyprint")
    urls, fonts = import_module("weasyprint.urls"), import_module("weasyprint.text.fonts")
    fetcher = urls.URLFetcher(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)
    page = weasyprint.HTML(string=as_html(letter), url_fetcher=fetcher)
    raw: bytes = page.write_pdf(pdf_variant="pdf/ua-1", font_config=fonts.FontConfiguration())
    return raw


def long_date(day: date) -> str:
    """Write a day in full.

    >>> long_date(date(2026, 11, 1))
    '1° novembre 2026'
    """
    return f"{'1°' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def _window(letter: Printed) -> tuple[str, ...]:
    """Give the lines in the window; a fax names nobody, a mail shows the address it goes to."""
    to = letter.to
    if to.way is Way.FAX:
        return (f"Fax {to.to}",)
    return tuple(line for line in (to.name, *to.lines, to.to if not to.lines else "") if line)


def _face(name: str, weight: int) -> dict[str, str]:
    return {"url": Path(font_files_ttf[name]).as_uri(), "weight": str(weight), "style": "normal"}


def _css(notice: str) -> Markup:
    """Give the style sheet, with the notice as a CSS string: what could end the string or the sheet is left out."""
    look = files("letters").joinpath("looks/letter.css").read_text(encoding="utf-8")
    quoted = "".join(c for c in notice if c not in '"\\\\<>' and c.isprintable())
    return Markup(look.replace("string(notice)", f'"{quoted}"'))  # noqa: S704  our own file, and the string made harmless


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("letters", "looks"), undefined=StrictUndefined, autoescape=True)
