"""Door to PDFium: the sheets of a PDF, as pictures and with their text and form values.

PDFium draws form fields only if the form environment exists before the first page is loaded: otherwise a filled
form looks blank. It is not safe for threads, and it aborts the process on some broken files: run it in a child.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from logging import ERROR, getLogger

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfImage, PdfiumError, PdfPage

from pages.acroform import FormFields, form_fields
from pages.embedded import PageArt, page_art
from pages.form_kind import CHANGED_SENTENCE, FormKind, Seal
from pages.frame import MM_PER_POINT, Frame
from pages.limits import PageLimits
from pages.page import POINTS_PER_INCH, FormValue, Word
from pages.pdfform import Note, Seen, has_drawn_annotations, notes, seen_widgets
from pages.picture import PLAUSIBLE_MM, as_grey, is_sheet, resolution, turn, within_resolution
from pages.raster import Raster
from pages.refusal import refuse
from pages.sight import Sight, readable
from pages.textlayer import read_words
from pages.underprint import Underprint
from pages.values import merge

# It tells on standard error of every XFA form how to build a PDFium that draws them: we do not, and say so ourselves.
getLogger("pypdfium2").setLevel(ERROR)

PASSWORD_NEEDED = pdfium.FPDF_ERR_PASSWORD
END_WITHIN = 2048
"""The end mark stands within the last bytes; what is cut off before it is lost, even if PDFium opens the rest."""
FAULTS = (PdfiumError, ValueError, OSError, MemoryError, OverflowError, RuntimeError)


@dataclass(frozen=True, slots=True, eq=False)
class PdfSheet:
    """One page of a PDF."""

    raster: Raster
    scanned: bool
    words: tuple[Word, ...] = ()
    values: tuple[FormValue, ...] = field(default=())
    form_kind: FormKind = FormKind.PICTURE
    seal: Seal = Seal.NONE
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Over:
    """What PDFium found on a page (from 0) before its annotations were drawn into it, and what lies under them."""

    index: int
    seen: tuple[Seen, ...]
    notes: tuple[Note, ...]
    drawn: bool
    under: Underprint


def read_pdf(content: bytes, limits: PageLimits) -> tuple[PdfSheet, ...]:
    """Read every page of a PDF. Raises ``Unreadable`` for files that cannot be opened, or not wholly."""
    pdf = open_pdf(content)
    try:
        if len(pdf) > limits.max_pages:
            raise refuse("oversize")
        if len(pdf) == 0:
            raise refuse("no_pages")
        fields = form_fields(content)
        if fields.dynamic:
            raise refuse("xfa")
        return tuple(_sheets(pdf, content, fields, limits))
    except FAULTS as fault:
        raise refuse("damaged") from fault
    finally:
        pdf.close()


def render(content: bytes, number: int, dpi: float) -> Raster:
    """Draw one page (from 1) of a PDF that is known to be sound, such as a blank form."""
    pdf = PdfDocument(content)
    try:
        pdf.init_forms()
        page = pdf[number - 1]
        return _render(page, frame_of(page), dpi)
    finally:
        pdf.close()


def words_of(content: bytes, number: int) -> tuple[Word, ...]:
    """Read the printed words of one page (from 1) of a PDF that is known to be sound."""
    pdf = PdfDocument(content)
    try:
        page = pdf[number - 1]
        return read_words(page.get_textpage(), frame_of(page))
    finally:
        pdf.close()


def sheet_sizes(content: bytes) -> tuple[tuple[float, float], ...]:
    """Measure the sheets of a PDF as they are seen (width, height in mm), cropped and turned. Raises ``Unreadable``."""
    pdf = open_pdf(content)
    try:
        frames = [frame_of(pdf[index]) for index in range(len(pdf))]
        return tuple((frame.width_pt * MM_PER_POINT, frame.height_pt * MM_PER_POINT) for frame in frames)
    except FAULTS as fault:
        raise refuse("damaged") from fault
    finally:
        pdf.close()


def open_pdf(content: bytes) -> PdfDocument:
    """Open a PDF with its form environment. Raises ``Unreadable``."""
    try:
        pdf = PdfDocument(content)
        pdf.init_forms()
    except PdfiumError as fault:
        if getattr(fault, "err_code", None) == PASSWORD_NEEDED:
            raise refuse("encrypted") from fault
        raise refuse("damaged" if _has_end(content) else "truncated") from fault
    if not _has_end(content):
        pdf.close()
        raise refuse("truncated")
    return pdf


def _has_end(content: bytes) -> bool:
    return b"%%EOF" in content[-END_WITHIN:]


def _sheets(pdf: PdfDocument, content: bytes, fields: FormFields, limits: PageLimits) -> Iterator[PdfSheet]:
    with closing(Underprint(content)) as under:
        for index in range(len(pdf)):
            page = pdf[index]
            frame = frame_of(page)
            over = _Over(index, seen_widgets(page), notes(page), has_drawn_annotations(page), under)
            if over.drawn:
                # Drawing the annotations into the page lets the text reader see what the customer saw.
                pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
                page.close()
                page = pdf[index]
            yield _sheet(page, frame, limits, fields, over)
            page.close()


def _sheet(page: PdfPage, frame: Frame, limits: PageLimits, fields: FormFields, over: _Over) -> PdfSheet:
    art = page_art(page, frame, limits)
    text = page.get_textpage()
    raster = _picture(page, frame, art, limits, covered=over.drawn)
    layer = read_words(text, frame, invisible=art.invisible_text) if over.drawn or not art.scanned else ()
    words = readable(layer, raster)
    sight = Sight(
        frame,
        words,
        text_in=lambda rect: text.get_text_bounded(*rect),
        printed_in=lambda rect: over.under.text_in(over.index, rect),
        notes=over.notes,
    )
    widgets = fields.pages.get(over.index, ())
    values = merge(widgets, over.seen, sight, fields.xfa_values, known=fields.readable)
    return PdfSheet(
        raster,
        art.scanned,
        words=() if art.scanned else (*words, *_undrawn(over.notes, frame)),
        values=values,
        form_kind=_kind(art, over.notes, fillable=bool(values), xfa=fields.xfa, text=bool(text.count_chars())),
        seal=fields.seal,
        doubts=(CHANGED_SENTENCE,) if fields.seal is Seal.CHANGED else (),
    )


def _kind(art: PageArt, over: tuple[Note, ...], *, fillable: bool, xfa: bool, text: bool) -> FormKind:
    """Say how a sheet carries its writing, by the strongest evidence first."""
    if fillable:
        return FormKind.XFA if xfa else FormKind.ACROFORM
    if art.scanned:
        return FormKind.OCR_LAYER if text else FormKind.PICTURE
    if any(note.typed for note in over):
        return FormKind.TYPEWRITER
    return FormKind.FLAT if text else FormKind.OUTLINES


def _undrawn(over: tuple[Note, ...], frame: Frame) -> Iterator[Word]:
    """Read typewriter notes of which the file does not say how they look: every viewer draws them its own way."""
    for note in over:
        if note.typed and not note.drawn and note.rect[0] < note.rect[2] and note.rect[1] < note.rect[3]:
            yield Word(note.typed, frame.box(*note.rect))


def frame_of(page: PdfPage) -> Frame:
    """Give the visible rectangle of a page. Raises ``Unreadable`` for one without extent."""
    left, bottom, right, top = page.get_bbox()
    if not (right - left >= 1 and top - bottom >= 1):
        raise refuse("damaged")
    return Frame(left, bottom, right, top, page.get_rotation())


def _picture(page: PdfPage, frame: Frame, art: PageArt, limits: PageLimits, *, covered: bool) -> Raster:
    if art.lone is not None and not covered:
        return _taken_out(art.lone, frame, limits)
    dpi = min(max(art.image_dpi, limits.render_dpi), limits.keep_dpi) if art.scanned else limits.render_dpi
    return _render(page, frame, float(dpi))


def _taken_out(image: PdfImage, frame: Frame, limits: PageLimits) -> Raster:
    bitmap = image.get_bitmap(render=False)
    # The copy outlives the bitmap, whose memory PDFium frees with it.
    picture = turn(as_grey(bitmap.to_numpy()).copy(), frame.rotation // 90)
    rows, columns = picture.shape
    stated = (columns / frame.width_pt * POINTS_PER_INCH, rows / frame.height_pt * POINTS_PER_INCH)
    return Raster(*within_resolution(picture, resolution(columns, rows, stated), limits.keep_dpi))


def _render(page: PdfPage, frame: Frame, dpi: float) -> Raster:
    longest_mm = max(frame.width_pt, frame.height_pt) / POINTS_PER_INCH * 25.4
    # A sheet larger than any paper (a JPEG without a resolution gives 900 mm) is drawn as if it were A4.
    scale = dpi / POINTS_PER_INCH * (297.0 / longest_mm if longest_mm > 1.2 * PLAUSIBLE_MM[1] else 1.0)
    bitmap = page.render(scale=scale, grayscale=True)
    picture = as_grey(bitmap.to_numpy()).copy()
    bitmap.close()
    rows, columns = picture.shape
    stated = (columns / frame.width_pt * POINTS_PER_INCH, rows / frame.height_pt * POINTS_PER_INCH)
    # What was drawn here has the size that the file states, however small; only a giant has none.
    return Raster(picture, *(stated if is_sheet(columns, rows, stated) else resolution(columns, rows, None)))
