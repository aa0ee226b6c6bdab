"""Grey pictures and their resolution: plain arithmetic on arrays, no file format."""

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import MM_PER_INCH, Picture

A4_WIDTH_MM = 210.0
A4_HEIGHT_MM = 297.0
FAX_WIDTHS = (1728, 2048, 2432)
"""Pixels across of Group 3 and 4 faxes for A4, B4 and A3; all at 8.04 pixels per mm."""
FAX_DPI_X = 204.0
FAX_DPI_STANDARD = 98.0
FAX_DPI_FINE = 196.0
PLAUSIBLE_MM = (130.0, 440.0)
A4_SHAPE_SLACK = 0.03
A4_SIZE_SLACK = 0.14
"""A picture of A4's shape whose stated size is further from A4 than that has a wrong statement: copies are 90-110 %."""
DARK = 110
PALE_INK = 60
"""Grey values: a sheet whose median is darker may be a negative; what differs so much from the ground is print."""


def as_grey(pixels: npt.NDArray[np.generic]) -> Picture:
    """Bring an image array (grey, BGR or BGRA; 8 bits) to grey, with transparency laid on white paper."""
    array = np.asarray(pixels, dtype=np.uint8)
    if array.ndim == 2:
        return np.ascontiguousarray(array)
    if array.shape[2] == 1:
        return np.ascontiguousarray(array[:, :, 0])
    grey = np.asarray(cv2.cvtColor(array[:, :, :3].copy(), cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if array.shape[2] < 4:
        return grey
    alpha = array[:, :, 3].astype(np.float32) / 255
    return np.asarray(np.rint(grey * alpha + 255 * (1 - alpha)), dtype=np.uint8)


def resolution(width_px: int, height_px: int, stated: tuple[float, float] | None) -> tuple[float, float]:
    """Decide the dots per inch (x, y) of a scanned sheet, by its file's statement if that makes a sheet of paper.

    A missing or impossible statement (72 dpi on a phone photo) is replaced by the assumption that the picture is
    as wide as A4 paper, or as high when it lies on its side; a fax width gives the fax's own resolution.
    """
    if stated is not None and not is_sheet(width_px, height_px, stated):
        stated = None
    if width_px in FAX_WIDTHS and (stated is None or stated[0] == stated[1]):
        rows_per_mm_if_fine = height_px / (FAX_DPI_FINE / MM_PER_INCH)
        return FAX_DPI_X, FAX_DPI_FINE if rows_per_mm_if_fine > 200 else FAX_DPI_STANDARD
    if stated is not None and not _is_false_a4(width_px, height_px, stated):
        return stated
    across_mm = A4_WIDTH_MM if height_px >= width_px else A4_HEIGHT_MM
    dpi = max(width_px / across_mm * MM_PER_INCH, 1.0)
    return dpi, dpi


def _is_paper(px: int, dpi: float) -> bool:
    return dpi > 0 and PLAUSIBLE_MM[0] <= px / dpi * MM_PER_INCH <= PLAUSIBLE_MM[1]


def is_sheet(width_px: int, height_px: int, stated: tuple[float, float]) -> bool:
    """Tell whether a picture has, by a statement of its dots per inch, the size of a sheet of paper."""
    return all(_is_paper(px, dpi) for px, dpi in zip((width_px, height_px), stated, strict=True))


def _is_false_a4(width_px: int, height_px: int, stated: tuple[float, float]) -> bool:
    """Tell whether a picture has the shape of A4 and, by its statement, quite another size.

    A5 and A3 have the same shape; to take them for A4 does no harm, their print is found at any size.
    """
    short, long = sorted((width_px / stated[0] * MM_PER_INCH, height_px / stated[1] * MM_PER_INCH))
    shape = short / long / (A4_WIDTH_MM / A4_HEIGHT_MM)
    return abs(shape - 1) < A4_SHAPE_SLACK and abs(short / A4_WIDTH_MM - 1) > A4_SIZE_SLACK


def dark_on_light(picture: Picture) -> Picture:
    """Turn a sheet that came as a negative, light print on dark paper, into what it was.

    A dark photo stays as it is: on it, too, what is finer than the paper is darker than the paper around it.
    """
    sample = picture[::5, ::5]
    if min(picture.shape) < 100 or np.median(sample) > DARK:
        return picture
    off = picture.astype(np.int16) - _ground(picture)
    lighter, darker = np.count_nonzero(off > PALE_INK), np.count_nonzero(off < -PALE_INK)
    return np.asarray(255 - picture, dtype=np.uint8) if lighter > 2 * darker and lighter > 0 else picture


def _ground(picture: Picture) -> Picture:
    """Give the paper around every pixel, print left out: the median of a small view, enlarged again."""
    small = cv2.resize(picture, (picture.shape[1] // 8, picture.shape[0] // 8), interpolation=cv2.INTER_AREA)
    soft = cv2.medianBlur(np.asarray(small, dtype=np.uint8), 15)
    return np.asarray(cv2.resize(soft, picture.shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def within_resolution(picture: Picture, dpi: tuple[float, float], keep_dpi: float) -> tuple[Picture, float, float]:
    """Reduce a picture that is finer than ``keep_dpi``, by area averaging; answer it with its new resolution."""
    factors = [min(1.0, keep_dpi / d) for d in dpi]
    if min(factors) > 0.9:
        return picture, dpi[0], dpi[1]
    rows, columns = picture.shape
    size = (max(1, round(columns * factors[0])), max(1, round(rows * factors[1])))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return small, dpi[0] * size[0] / columns, dpi[1] * size[1] / rows


def turn(picture: Picture, quarters: int) -> Picture:
    """Turn a picture clockwise by quarter turns."""
    return np.ascontiguousarray(np.rot90(picture, -quarters % 4))
