"""Open a document: every sheet as picture and as what it carries besides ink."""

from collections.abc import Iterator
from dataclasses import replace

from intake.filetype import PICTURES, FileType, file_type
from intake.receipt import Document
from pages.codes import find_codes
from pages.form_kind import FormKind, Seal
from pages.limits import DEFAULT, PageLimits
from pages.page import Page
from pages.pdf import PdfSheet, read_pdf
from pages.picture import dark_on_light
from pages.raster import read_image
from pages.refusal import refuse
from pages.written import DPI, write_sheets

_TORN = 0.005
"""The share of damaged rows from which on a clerk looks: some ten rows of a page, a line of small print."""


def open_pages(document: Document, limits: PageLimits = DEFAULT) -> tuple[Page, ...]:
    """Open a PDF or image file, whatever its name says; a text is laid on sheets.

    Raises ``Unreadable`` when it is empty, foreign, encrypted, truncated, damaged, oversize or without pages.
    """
    if not document.content:
        raise refuse("empty")
    if len(document.content) > limits.max_bytes:
        raise refuse("oversize")
    return tuple(_pages(document, limits))


def _pages(document: Document, limits: PageLimits) -> Iterator[Page]:
    digest = document.digest
    if document.media_type == FileType.TEXT:
        yield from _written(document, digest, limits)
        return
    kind = file_type(document.content)
    if kind in PICTURES:
        for number, raster in enumerate(read_image(document.content, limits), 1):
            yield _page(document, digest, number, PdfSheet(raster, scanned=True))
    elif kind is FileType.PDF:
        for number, sheet in enumerate(read_pdf(document.content, limits), 1):
            yield _page(document, digest, number, sheet)
    else:
        raise refuse("foreign")


def _written(document: Document, digest: str, limits: PageLimits) -> Iterator[Page]:
    text = document.content.decode("utf-8", errors="replace")
    for number, sheet in enumerate(write_sheets(text, limits), 1):
        page = Page(document.name, digest, number, sheet.picture, DPI, DPI, sheet.words, scanned=False)
        yield replace(page, form_kind=FormKind.FLAT)


def _page(document: Document, digest: str, number: int, sheet: PdfSheet) -> Page:
    raster = sheet.raster
    picture = dark_on_light(raster.picture) if sheet.scanned else raster.picture
    return Page(
        file=document.name,
        digest=digest,
        number=number,
        picture=picture,
        dpi_x=raster.dpi_x,
        dpi_y=raster.dpi_y,
        words=sheet.words,
        values=sheet.values,
        codes=find_codes(picture, raster.dpi_x, raster.dpi_y),
        scanned=sheet.scanned,
        form_kind=sheet.form_kind,
        seal=Seal.SIGNED if document.signed and sheet.seal is Seal.NONE else sheet.seal,
        doubts=(*sheet.doubts, *_torn(raster.damaged, number)),
    )


def _torn(share: float, number: int) -> tuple[str, ...]:
    """Tell a clerk of a fax that came damaged: what stands in the damaged rows may be missing or wrong."""
    if share < _TORN:
        return ()
    lost = max(1, round(share * 100))
    said = f"Pagina {number}: la trasmissione del fax è disturbata (righe danneggiate: {lost} %). "
    return (f"{said}Confrontare i dati con l'immagine; se non si leggono, chiedere di rimandare la pagina.",)
