"""Door to zxing-cpp: the codes on a sheet."""

import cv2
import numpy as np
import zxingcpp

from pages.page import Code, Picture

FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
"""What our blanks carry. Looking for DataMatrix as well takes three times as long."""
LINEAR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.Code39Std])
"""What separator sheets carry beside QR; looked for only on a sheet that is no form page."""
COARSE_DPI = 140.0
FINE_DPI = 400.0
"""Twice a fine fax's resolution: measured 100 % of codes with modules of 0.5 mm on standard fax."""

_GAP_MM = 1.1
"""Two modules: a code with a wider gap has lost more than its correction makes up for."""
_INK = 128
_SOFT_PX = 0.8
_STANDARD_DPI = 110.0
_EMPTY = 0.001
_GOES_ON = 0.4


def find_codes(picture: Picture, dpi_x: float, dpi_y: float) -> tuple[Code, ...]:
    """Find QR codes: first on the sheet as it is or reduced by a whole factor, then enlarged and smoothed.

    The second look is what a fax needs, whose pixels are not square; then at a fax whose line dropped rows, and
    at a coarse fax larger and softer still. Corners are in pixels of ``picture``.
    """
    if min(picture.shape) < 40:
        return ()
    across, down = (max(1, int(dpi / COARSE_DPI)) for dpi in (dpi_x, dpi_y))
    rows, columns = picture.shape
    whole = picture[: rows - rows % down, : columns - columns % across]
    found = _read(_resized(whole, 1 / across, 1 / down), across, down)
    if found or min(dpi_x, dpi_y) > 210:
        return found
    found = _enlarged(picture, dpi_x, dpi_y)
    mended = None if found else _mended(picture, max(1, round(dpi_y * _GAP_MM / 25.4)))
    if mended is not None:
        found = _enlarged(mended, dpi_x, dpi_y)
    if found or min(dpi_x, dpi_y) > _STANDARD_DPI:
        return found
    return _enlarged(picture, dpi_x, dpi_y, 1.5 * FINE_DPI, 1.5 * _SOFT_PX)


def _enlarged(
    picture: Picture, dpi_x: float, dpi_y: float, to_dpi: float = FINE_DPI, soft_px: float = _SOFT_PX
) -> tuple[Code, ...]:
    scale_x, scale_y = to_dpi / dpi_x, to_dpi / dpi_y
    # A standard fax's rows are twice as tall as its columns are wide: less blur along them.
    soft = cv2.GaussianBlur(picture, (0, 0), soft_px, sigmaY=soft_px * min(1.0, scale_x / scale_y))
    return _read(_resized(np.asarray(soft, dtype=np.uint8), scale_x, scale_y), 1 / scale_x, 1 / scale_y)


def _mended(picture: Picture, most: int) -> Picture | None:
    """Fill gaps of at most so many white rows between rows that go on below as they were above; None without a gap.

    A telephone line that drops a row leaves it white: across a code's corner marks that is enough to hide the code,
    whose own correction would make up for the modules that are lost.
    """
    ink = picture < _INK
    empty = ink.mean(axis=1) < _EMPTY
    edges = np.flatnonzero(np.diff(np.concatenate(([False], empty, [False])).astype(np.int8)))
    out: Picture | None = None
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        if top == 0 or bottom == len(ink) or bottom - top > most:
            continue
        above, below = ink[top - 1], ink[bottom]
        if (above & below).sum() < _GOES_ON * min(above.sum(), below.sum()):
            continue
        out = picture.copy() if out is None else out
        middle = (top + bottom + 1) // 2
        out[top:middle], out[middle:bottom] = picture[top - 1], picture[bottom]
    return out


def find_linear(picture: Picture, dpi_x: float, dpi_y: float) -> tuple[str, ...]:
    """Read the bar codes (Code 128, Code 39) on a sheet: their texts."""
    if min(picture.shape) < 40:
        return ()
    tall = _resized(picture, 1.0, max(1.0, dpi_x / dpi_y))
    found = zxingcpp.read_barcodes(np.ascontiguousarray(tall), formats=LINEAR, try_invert=False)
    return tuple(barcode.text for barcode in found if barcode.valid)


def _resized(picture: Picture, factor_x: float, factor_y: float) -> Picture:
    if factor_x == factor_y == 1.0:
        return picture
    size = (max(1, round(picture.shape[1] * factor_x)), max(1, round(picture.shape[0] * factor_y)))
    way = cv2.INTER_LINEAR if factor_x > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, size, interpolation=way), dtype=np.uint8)


def _read(view: Picture, back_x: float, back_y: float) -> tuple[Code, ...]:
    found = zxingcpp.read_barcodes(np.ascontiguousarray(view), formats=FORMATS, try_downscale=False, try_invert=False)
    return tuple(_code(barcode, back_x, back_y) for barcode in found if barcode.valid)


def _code(barcode: zxingcpp.Barcode, fx: float, fy: float) -> Code:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return Code(barcode.text, barcode.format.name, tuple((c.x * fx, c.y * fy) for c in corners))
