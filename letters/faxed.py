"""Faxed: a PDF as a fine fax: 1728 columns of 204 dpi, rows of 196, black and white, one TIFF with a frame a page."""

from io import BytesIO
from typing import Final

import pypdfium2
from PIL import Image

from pages.page import POINTS_PER_INCH

_DPI: Final = (204, 196)
_COLUMNS: Final = 1728
_THRESHOLD: Final = 160
"""Thin strokes of letters stay whole; the grey of small print becomes black."""


def as_fax(raw: bytes) -> tuple[bytes, int]:
    """Give a PDF as a TIFF with G4 compression, and how many pages it has."""
    frames = []
    with pypdfium2.PdfDocument(raw) as document:
        document.init_forms()
        for page in document:
            drawn = page.render(scale=2 * _DPI[0] / POINTS_PER_INCH, grayscale=True, may_draw_forms=True)
            frames.append(_frame(drawn.to_pil()))
            page.close()
    out = BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression="group4", dpi=_DPI)
    return out.getvalue(), len(frames)


def _frame(drawn: Image.Image) -> Image.Image:
    """Bring a page of 408 dpi to the fax's own pixels: as wide as the line, the rest of the line white."""
    wide, high = drawn.width // 2, round(drawn.height / 2 * _DPI[1] / _DPI[0])
    small = drawn.convert("L").resize((min(wide, _COLUMNS), high), Image.Resampling.BOX)
    line = Image.new("L", (_COLUMNS, high), 255)
    line.paste(small, ((_COLUMNS - small.width) // 2, 0))
    return line.point(lambda grey: 255 if grey > _THRESHOLD else 0).convert("1")
