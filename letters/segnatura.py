"""Segnatura: body, register, number and date on every page of a letter, stamped when the number is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf
from reportlab.pdfgen.canvas import Canvas

from templates.typeface import MM, load_faces

_LEFT_MM: Final = 25.0
_UP_MM: Final = 16.4
_SIZE: Final = 8.5
_FACE: Final = "SourceSansProSemibold"


@dataclass(frozen=True, slots=True)
class Segnatura:
    """The mark of the protocol register on a letter that goes out."""

    body: str
    number: str
    on: date

    def __str__(self) -> str:
        return f"{self.body} · Protocollo {self.number} del {self.on:%d/%m/%Y} · in uscita"


def stamp(raw: bytes, mark: Segnatura) -> bytes:
    """Put the mark on every page, and into the title that a screen reader speaks. The same letter gives the same bytes.

    The mark is drawn as an artifact, so that it does not break the order in which the letter is read aloud.
    """
    with pikepdf.open(BytesIO(raw)) as letter, pikepdf.open(BytesIO(_drawn(str(mark), _size(raw)))) as drawn:
        form = letter.copy_foreign(drawn.pages[0].as_form_xobject())
        for page in letter.pages:
            _put(letter, page, form)
        with letter.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
            title = f"{told.get('dc:title', '')} – {mark}"
            told["dc:title"] = title
        letter.docinfo["/Title"] = pikepdf.String(title)
        out = BytesIO()
        letter.save(out, deterministic_id=True)
        return out.getvalue()


def _put(letter: Pdf, page: Page, form: pikepdf.Object) -> None:
    name = page.add_resource(form, Name.XObject, Name("/Segnatura"))
    page.contents_add(letter.make_stream(b"q"), prepend=True)
    page.contents_add(letter.make_stream(f"Q /Artifact BMC q {name} Do Q EMC".encode()))


def _size(raw: bytes) -> tuple[float, float]:
    with pikepdf.open(BytesIO(raw)) as letter:
        left, bottom, right, top = (float(side) for side in letter.pages[0].mediabox)
        return right - left, top - bottom


@cache
def _drawn(text: str, size: tuple[float, float]) -> bytes:
    load_faces()
    out = BytesIO()
    # Without a font of ours to begin with, reportlab names Helvetica on the page, which is not embedded.
    canvas = Canvas(out, pagesize=size, invariant=1, initialFontName=_FACE, initialFontSize=_SIZE)
    canvas.setFont(_FACE, _SIZE)
    canvas.drawString(_LEFT_MM * MM, _UP_MM * MM, text)
    canvas.save()
    return out.getvalue()


def joined(parts: Iterator[bytes] | tuple[bytes, ...]) -> bytes:
    """Lay several PDFs behind one another, for paper: what could be filled on a computer is only drawn."""
    whole = pikepdf.new()
    for part in parts:
        with pikepdf.open(BytesIO(part)) as document:
            _flatten(document)
            whole.pages.extend(document.pages)
    whole.Root.Lang = pikepdf.String("it-IT")
    whole.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    whole.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
    out = BytesIO()
    whole.save(out, deterministic_id=True)
    return out.getvalue()


def _flatten(document: Pdf) -> None:
    if "/AcroForm" in document.Root:
        del document.Root.AcroForm
    for page in document.pages:
        if "/Annots" in page:
            del page.Annots
