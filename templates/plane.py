"""Ways between millimetres of a template, pixels of a frame, and pixels of a sheet's picture: 3 x 3 matrices.

Pixel (0, 0) is the centre of the first pixel, half a pixel in from the paper's edge; every matrix keeps that.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pages.page import MM_PER_INCH, Page

Homography = npt.NDArray[np.float64]
"""3 x 3: takes (x mm, y mm, 1) of the template to (x px, y px, w) of the sheet's picture."""

Points = npt.NDArray[np.float64]
"""[n, 2]"""


def scale_to(dpi_x: float, dpi_y: float | None = None) -> Homography:
    """Take mm on upright paper to pixels at this resolution."""
    kx, ky = dpi_x / MM_PER_INCH, (dpi_x if dpi_y is None else dpi_y) / MM_PER_INCH
    return np.array([[kx, 0, -0.5], [0, ky, -0.5], [0, 0, 1]], dtype=np.float64)


def resized(factor_x: float, factor_y: float) -> Homography:
    """Take pixels of a picture to pixels of the same picture after resizing."""
    return np.array(
        [[factor_x, 0, factor_x / 2 - 0.5], [0, factor_y, factor_y / 2 - 0.5], [0, 0, 1]],
        dtype=np.float64,
    )


def shifted(x: float, y: float) -> Homography:
    """Move by (x, y)."""
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], dtype=np.float64)


def turned(degrees: float) -> Homography:
    """Turn clockwise about the origin, on paper whose y axis points down."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]], dtype=np.float64)


def apply(matrix: Homography, points: Points) -> Points:
    """Take points [n, 2] through a homography."""
    stacked = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(stacked[:, :2] / stacked[:, 2:], dtype=np.float64)


def centred(page: Page, width_mm: float, height_mm: float, degrees: float = 0.0, scale: float = 1.0) -> Homography:
    """Lay a template's middle on the sheet's middle, the sheet having been turned clockwise by ``degrees``."""
    to_sheet = shifted(page.width_mm / 2, page.height_mm / 2) @ turned(degrees)
    to_sheet = to_sheet @ np.diag([scale, scale, 1.0]) @ shifted(-width_mm / 2, -height_mm / 2)
    return np.asarray(scale_to(page.dpi_x, page.dpi_y) @ to_sheet, dtype=np.float64)


def fitted(start: Points, end: Points) -> Homography:
    """Find the affine way that takes ``start`` to ``end`` with the least squared error (3 points or more)."""
    design = np.column_stack([start, np.ones(len(start))])
    solution, *_ = np.linalg.lstsq(design, end, rcond=None)
    return np.vstack([solution.T, [0.0, 0.0, 1.0]])


def similar(start: Points, end: Points) -> Homography:
    """Find the turn, even scale and shift that take ``start`` to ``end`` (2 points or more)."""
    a, b = start - start.mean(axis=0), end - end.mean(axis=0)
    norm = float((a**2).sum()) or 1.0
    c = float((a * b).sum()) / norm
    s = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / norm
    linear = np.array([[c, -s], [s, c]])
    shift = end.mean(axis=0) - linear @ start.mean(axis=0)
    return np.array([[c, -s, shift[0]], [s, c, shift[1]], [0, 0, 1]], dtype=np.float64)


def sane(matrix: Homography, like: Homography, slack: float = 1.35) -> bool:
    """Tell whether a way scales areas about as much as the one that it started from, without mirroring."""
    found, expected = (float(np.linalg.det(m[:2, :2])) for m in (matrix, like))
    tilt = float(np.abs(matrix[2, :2]).max())
    return expected != 0 and 1 / slack**2 < found / expected < slack**2 and tilt < 2e-3


def as_points(pairs: Sequence[tuple[float, float]]) -> Points:
    """Make an array of points [n, 2]."""
    return np.asarray(pairs, dtype=np.float64).reshape(-1, 2)
