"""Which picture a PDF page consists of: a scan is taken out of its PDF instead of being drawn again."""

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium
from pypdfium2 import PdfImage, PdfObject, PdfPage

from pages.frame import Frame
from pages.limits import PageLimits
from pages.refusal import refuse

COVERS = 0.95
LARGE = 0.6
"""Pictures over this share of the sheet make it a scan, whose text layer is someone's old OCR. Some scanners cut a
page into strips, so their shares are added up."""


@dataclass(frozen=True, slots=True, eq=False)
class PageArt:
    """What is painted on a page: its lone page-size image, if that is all, and the share that its pictures cover.

    ``invisible_text`` tells that text lies there to be found only, as text recognition puts it under a scan.
    """

    lone: PdfImage | None
    covered_share: float
    image_dpi: float
    invisible_text: bool = False

    @property
    def scanned(self) -> bool:
        """Tell whether the sheet is a picture of paper."""
        return self.covered_share >= LARGE


def page_art(page: PdfPage, frame: Frame, limits: PageLimits) -> PageArt:
    """Look at the objects of a page. Raises ``Unreadable`` when an image on it exceeds the pixel limit."""
    painted = list(page.get_objects(max_depth=6))
    objects = [item for item in painted if not _is_invisible(item)]
    images = [item for item in objects if isinstance(item, PdfImage)]
    for image in images:
        width, height = image.get_px_size()
        if width * height > limits.max_pixels:
            raise refuse("oversize")
    shares = [(_share(image, frame), image) for image in images]
    largest = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    lone = images[0] if len(objects) == 1 and len(images) == 1 and _fills(images[0], frame) else None
    dpi = _dpi(largest[1]) if largest[1] is not None else 0.0
    return PageArt(lone, sum(share for share, _ in shares), dpi, len(objects) < len(painted))


def _is_invisible(item: PdfObject) -> bool:
    if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
        return bool(pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
    return False


def _share(image: PdfImage, frame: Frame) -> float:
    left, bottom, right, top = image.get_bounds()
    across = min(right, frame.right) - max(left, frame.left)
    up = min(top, frame.top) - max(bottom, frame.bottom)
    return float(max(across, 0.0) * max(up, 0.0)) / (frame.width_pt * frame.height_pt)


def _fills(image: PdfImage, frame: Frame) -> bool:
    """Tell whether an image stands upright on the page itself and covers it without reaching far beyond."""
    if image.level != 0:
        return False
    a, b, c, d, _, _ = image.get_matrix().get()
    upright = a > 0 and d > 0 and abs(b) < 1e-3 * a and abs(c) < 1e-3 * d
    return upright and all(COVERS <= span <= 1 / COVERS for span in _spans(image, frame))


def _spans(image: PdfImage, frame: Frame) -> Iterator[float]:
    left, bottom, right, top = image.get_bounds()
    yield (right - left) / (frame.right - frame.left)
    yield (top - bottom) / (frame.top - frame.bottom)


def _dpi(image: PdfImage) -> float:
    left, _, right, _ = image.get_bounds()
    return float(image.get_px_size()[0]) / max(float(right - left), 1.0) * 72
