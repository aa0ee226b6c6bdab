"""Door to PDFium's form reader: the second opinion on every AcroForm value, and what lies over the page."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

BUTTONS = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
NO_VALUES = (pdfium.FPDF_FORMFIELD_PUSHBUTTON, pdfium.FPDF_FORMFIELD_SIGNATURE)
NOT_DRAWN = (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)
HARMLESS = (*NOT_DRAWN, pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE, pdfium.FPDF_ANNOT_SQUIGGLY)
"""Marks that leave what is under them readable and valid."""
HIDDEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """One widget as PDFium understands it. ``on`` is None for text; for buttons the state, "" when off."""

    name: str
    text: str
    on: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation besides widgets that shows on the page; ``rect`` in points (left, bottom, right, top).

    ``typed`` is the text of a typewriter note, ``drawn`` tells that the file says how it looks, ``covers`` that it
    changes what is read under it.
    """

    rect: Rect
    typed: str
    drawn: bool
    covers: bool


def seen_widgets(page: PdfPage) -> tuple[Seen, ...]:
    """Read the widgets of a page that was loaded after ``init_forms``; nothing without a form environment."""
    if not page.formenv:
        return ()
    return tuple(seen for _, annotation in _annotations(page) if (seen := _seen(page, annotation)) is not None)


def notes(page: PdfPage) -> tuple[Note, ...]:
    """List what was put on the page besides its form fields."""
    return tuple(
        _note(subtype, annotation)
        for subtype, annotation in _annotations(page)
        if subtype not in (pdfium.FPDF_ANNOT_WIDGET, *NOT_DRAWN) and not pdfium.FPDFAnnot_GetFlags(annotation) & HIDDEN
    )


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


def _note(subtype: int, annotation: object) -> Note:
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect))
    typed = ""
    if subtype == pdfium.FPDF_ANNOT_FREETEXT:
        typed = _string(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
    left, right = sorted((rect.left, rect.right))
    bottom, top = sorted((rect.bottom, rect.top))
    drawn = bool(pdfium.FPDFAnnot_HasKey(annotation, b"AP"))
    return Note((left, bottom, right, top), _lines(typed), drawn, subtype not in HARMLESS)


def _seen(page: PdfPage, annotation: object) -> Seen | None:
    form = page.formenv
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind <= pdfium.FPDF_FORMFIELD_UNKNOWN or kind in NO_VALUES:
        return None
    name = _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldName(form, annotation, buffer, size))
    if kind in BUTTONS:
        state = _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldExportValue(form, annotation, buffer, size))
        return Seen(name, "", state if pdfium.FPDFAnnot_IsChecked(form, annotation) else "")
    text = _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))
    return Seen(name, _lines(text), None)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _string(fill: Callable[[object, int], int]) -> str:
    size = int(fill(None, 0))
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    fill(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
