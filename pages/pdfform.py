"""Door to PDFium's form reader: the second opinion on every AcroForm value."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

BUTTONS = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
NOT_DRAWN = (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)


@dataclass(frozen=True, slots=True)
class Seen:
    """One widget as PDFium understands it. ``on`` is None for text; for buttons the state, "" when off."""

    name: str
    text: str
    on: str | None


def seen_widgets(page: PdfPage) -> tuple[Seen, ...]:
    """Read the widgets of a page that was loaded after ``init_forms``; nothing without a form environment."""
    if not page.formenv:
        return ()
    return tuple(seen for _, annotation in _annotations(page) if (seen := _seen(page, annotation)) is not None)


def has_drawn_annotations(page: PdfPage) -> bool:
    """Tell whether anything besides links lies over the page's own content."""
    return any(subtype not in NOT_DRAWN for subtype, _ in _annotations(page))


def _annotations(page: PdfPage) -> Iterator[tuple[int, object]]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if annotation:
            try:
                yield int(pdfium.FPDFAnnot_GetSubtype(annotation)), annotation
            finally:
                pdfium.FPDFPage_CloseAnnot(annotation)


def _seen(page: PdfPage, annotation: object) -> Seen | None:
    form = page.formenv
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind <= pdfium.FPDF_FORMFIELD_UNKNOWN:
        return None
    name = _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldName(form, annotation, buffer, size))
    if kind in BUTTONS:
        state = _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldExportValue(form, annotation, buffer, size))
        return Seen(name, "", state if pdfium.FPDFAnnot_IsChecked(form, annotation) else "")
    text = _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))
    return Seen(name, text.replace("\r\n", "\n").replace("\r", "\n"), None)


def _string(fill: Callable[[object, int], int]) -> str:
    size = int(fill(None, 0))
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    fill(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
