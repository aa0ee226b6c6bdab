"""Turn clean pages into post: what a scanner and a fax machine do to a sheet.

All pictures are grey, [rows, columns] of 8 bits, 0 = black. Randomness comes only from the given generator.
The channels themselves, with the true way of every point, are in ``samples.channels``; here are their short forms.
"""

import numpy as np
import pypdfium2 as pdfium

from pages.page import MM_PER_INCH, POINTS_PER_INCH, Picture
from samples.channels.fax import FAX_DPI_X, FAX_WIDTH_PX, FINE_DPI_Y, STANDARD_DPI_Y, Fax, fax_setting, faxed
from samples.channels.scan import Scan, bilevel, scan_setting, scanned
from samples.channels.trace import Traced, on_paper

__all__ = [
    "FAX_DPI_X",
    "FAX_WIDTH_PX",
    "FINE_DPI_Y",
    "STANDARD_DPI_Y",
    "Fax",
    "Scan",
    "bilevel",
    "draw_pages",
    "fax",
    "fax_setting",
    "scan",
    "scan_setting",
]


def draw_pages(pdf: bytes, dpi: float) -> list[Picture]:
    """Render every page of a PDF, form values included (grey)."""
    with pdfium.PdfDocument(pdf) as document:
        document.init_forms()
        pictures = []
        for page in document:
            bitmap = page.render(scale=dpi / POINTS_PER_INCH, grayscale=True, may_draw_forms=True)
            pictures.append(np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, bitmap.width)).copy())
            page.close()
        return pictures


def scan(picture: Picture, setting: Scan, seed: int) -> Picture:
    """Scan one clean picture that was drawn at ``setting.dpi``."""
    return scanned(_drawn(picture, setting.dpi), setting, seed).picture


def fax(picture: Picture, dpi: float, setting: Fax, seed: int) -> Picture:
    """Fax one clean picture drawn at ``dpi``: 1728 columns of 204 dpi, rows of 196 or 98, only 0 and 255."""
    return faxed(_drawn(picture, dpi), setting, seed).picture


def _drawn(picture: Picture, dpi: float) -> Traced:
    rows, columns = picture.shape
    return on_paper(picture, (columns / dpi * MM_PER_INCH, rows / dpi * MM_PER_INCH))
