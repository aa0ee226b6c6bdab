"""Door to WeasyPrint (70): an HTML page that needs nothing from outside but our fonts -> a PDF of a given standard."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from font_source_sans_pro import font_files_ttf
from jinja2 import Environment, PackageLoader, StrictUndefined

_FACES: Final = (("SourceSansPro", 400), ("SourceSansProSemibold", 600), ("SourceSansProBold", 700))
_MONTHS: Final = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


def typeset(html: str, variant: Literal["pdf/ua-1", "pdf/a-2a"], identifier: bytes = b"") -> bytes:
    """Set a page. With an ``identifier`` of its own the same page gives the same bytes.

    WeasyPrint and the libraries behind it are loaded with the first page: no other command waits for them, nor falls
    when Pango is missing.
    """
    weasyprint = import_module("weasyprint")
    urls, fonts = import_module("weasyprint.urls"), import_module("weasyprint.text.fonts")
    fetcher = urls.URLFetcher(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    colours = {"our_rgb": _colours()} if variant == "pdf/a-2a" else {}
    raw: bytes = page.write_pdf(
        pdf_variant=variant,
        pdf_identifier=identifier or None,
        font_config=fonts.FontConfiguration(),
        color_profiles=colours,
        output_intent=next(iter(colours), None),
    )
    return raw


def _colours() -> object:
    """Give WeasyPrint's own sRGB profile, read to its end: by itself it leaves the file open."""
    raw = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
    profile = import_module("weasyprint.css").ColorProfile
    return profile(BytesIO(raw), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def faces() -> Sequence[dict[str, str]]:
    """Give the faces of our type for a style sheet, each with its file and weight."""
    return [{"url": Path(font_files_ttf[name]).as_uri(), "weight": str(w), "style": "normal"} for name, w in _FACES]


def long_date(day: date) -> str:
    """Write a day in full.

    >>> long_date(date(2026, 11, 1))
    '1° novembre 2026'
    """
    return f"{'1°' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


@cache
def looks() -> Environment:
    """Give the templates of what is printed; every word that is put in is escaped."""
    return Environment(loader=PackageLoader("letters", "looks"), undefined=StrictUndefined, autoescape=True)
