"""Door to WeasyPrint (70): an HTML page that needs nothing from outside but our fonts -> PDF/A-2a that is PDF/UA-1."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Final

import pikepdf
from font_source_sans_pro import font_files_ttf
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from PIL import ImageFile
from reportlab.pdfbase.ttfonts import TTFontFile

_FACES: Final = (("SourceSansPro", 400), ("SourceSansProSemibold", 600), ("SourceSansProBold", 700))
_RGB: Final = "our_rgb"
_PDF_UA: Final = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
  <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
   <pdfaProperty:name>part</pdfaProperty:name>
   <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
   <pdfaProperty:category>internal</pdfaProperty:category>
   <pdfaProperty:description>The part of ISO 14289 that the document follows</pdfaProperty:description>
  </rdf:li></rdf:Seq></pdfaSchema:property>
 </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_MONTHS: Final = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


def typeset(html: str, identifier: bytes = b"") -> bytes:
    """Set a page, to be kept (PDF/A-2a) and to be read aloud (PDF/UA-1).

    With an ``identifier`` of its own the same page gives the same bytes.
    WeasyPrint and the libraries behind it are loaded with the first page: no other command waits for them, nor falls
    when Pango is missing.
    """
    weasyprint = _weasyprint()
    urls, fonts = import_module("weasyprint.urls"), import_module("weasyprint.text.fonts")
    fetcher = urls.URLFetcher(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    raw: bytes = page.write_pdf(
        pdf_variant="pdf/a-2a",
        pdf_identifier=identifier or None,
        font_config=fonts.FontConfiguration(),
        color_profiles={_RGB: _colours()},
        output_intent=_RGB,
    )
    return _read_aloud(raw)


def _read_aloud(raw: bytes) -> bytes:
    """Say that a PDF/A is PDF/UA-1, too: WeasyPrint writes the marker of one standard only.

    PDF/A lets stand in the metadata what it knows or what is described there, so the marker is described beside it.
    """
    with pikepdf.open(BytesIO(raw)) as page:
        told, end, rest = page.Root.Metadata.read_bytes().partition(b"</rdf:RDF>")
        page.Root.Metadata.write(told + _PDF_UA + end + rest)
        page.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        out = BytesIO()
        page.save(out, deterministic_id=True)
        return out.getvalue()


def _weasyprint() -> ModuleType:
    """Load WeasyPrint, without what it sets for all of Pillow: that half a picture passes as a whole one, unsaid."""
    strict = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        return import_module("weasyprint")
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = strict


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
    """Give the templates of what is printed; every word that is put in is escaped, and in letters of our type."""
    loader = PackageLoader("letters", "looks")
    return Environment(loader=loader, undefined=StrictUndefined, autoescape=True, finalize=_finished)


def in_our_type(text: str) -> str:
    r"""Write what our type has no letter for by its number; what cannot be seen is left out.

    A strange letter would be a hole, which PDF/A forbids, or come from whatever fonts this machine has.

    >>> in_our_type("Zoe\u0301 \u4f60\u200b!")
    'Zoé (U+4F60)!'
    """
    return "".join(_letter(one) for one in unicodedata.normalize("NFC", text))


def _letter(one: str) -> str:
    kind = unicodedata.category(one)
    if one in "\t\n\r" or (ord(one) in _letters() and kind[0] not in "MC"):
        return one
    return "" if kind in {"Cc", "Cf"} else f"(U+{ord(one):04X})"


@cache
def _letters() -> frozenset[int]:
    """Give the code points that every face of our type has."""
    return frozenset.intersection(*(frozenset(TTFontFile(font_files_ttf[name]).charToGlyph) for name, _ in _FACES))


def _finished(value: object) -> object:
    """Put what is printed into our type; what is markup stays markup, for what stands for a letter needs no escape."""
    if isinstance(value, Markup):
        return Markup(in_our_type(value))  # noqa: S704  it was before
    return in_our_type(value) if isinstance(value, str) else value
