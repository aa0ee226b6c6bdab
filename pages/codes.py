"""Door to zxing-cpp: the two-dimensional codes on a sheet."""

import cv2
import numpy as np
import zxingcpp

from pages.page import Code, Picture

FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix])
COARSE_DPI = 150.0
FINE_DPI = 400.0
"""Twice a fine fax's resolution: measured 100 % of codes with modules of 0.5 mm on standard fax."""


def find_codes(picture: Picture, dpi_x: float, dpi_y: float) -> tuple[Code, ...]:
    """Find QR and DataMatrix codes: first on the sheet reduced to 150 dpi, then enlarged and smoothed.

    The second look is what a fax needs, whose pixels are not square. Corners are in pixels of ``picture``.
    """
    if min(picture.shape) < 20:
        return ()
    return _look(picture, COARSE_DPI / dpi_x, COARSE_DPI / dpi_y, blur=False) or (
        _look(picture, FINE_DPI / dpi_x, FINE_DPI / dpi_y, blur=True) if min(dpi_x, dpi_y) < 210 else ()
    )


def _look(picture: Picture, scale_x: float, scale_y: float, *, blur: bool) -> tuple[Code, ...]:
    size = (max(1, round(picture.shape[1] * scale_x)), max(1, round(picture.shape[0] * scale_y)))
    if blur:
        # A standard fax's rows are twice as tall as its columns are wide: less blur along them.
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8, sigmaY=0.8 * min(1.0, scale_x / scale_y)))
    way = cv2.INTER_LINEAR if scale_x > 1 else cv2.INTER_AREA
    view = np.ascontiguousarray(cv2.resize(picture, size, interpolation=way))
    found = zxingcpp.read_barcodes(view, formats=FORMATS, try_downscale=False, try_invert=False)
    fx, fy = picture.shape[1] / size[0], picture.shape[0] / size[1]
    return tuple(_code(barcode, fx, fy) for barcode in found if barcode.valid)


def _code(barcode: zxingcpp.Barcode, fx: float, fy: float) -> Code:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return Code(barcode.text, barcode.format.name, tuple((c.x * fx, c.y * fy) for c in corners))
