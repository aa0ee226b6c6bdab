"""A picture of a sheet together with the true way from the paper's millimetres to the picture's pixels.

Every step of a channel takes a ``Traced`` and answers another one, so that what registration finds can be measured
against what was really done. Pixel (0, 0) is the centre of the first pixel, as in ``templates.plane``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import MM_PER_INCH, Picture
from templates.plane import Homography, Points, apply, resized, scale_to, shifted

A4_MM = (210.0, 297.0)
Bend = Callable[[Points], Points]
"""Where points [n, 2] go."""
Floats = npt.NDArray[np.float32]
GRID_PX = 16
"""A bend is worked out at every so many pixels and interpolated between: it is smooth."""
UNBEND_ROUNDS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The true way of every point of the paper: mm from its top left corner to pixels. One bend after the other."""

    bends: tuple[Bend, ...]

    def at(self, points_mm: Points) -> Points:
        """Answer where points [n, 2] of the paper lie in the picture."""
        points = points_mm
        for bend in self.bends:
            points = bend(points)
        return points

    def then(self, bend: Bend) -> "Way":
        """Answer the way that goes on with one more bend."""
        return Way((*self.bends, bend))


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """A grey picture of a sheet, its dots per inch (x, y), and the true way from the paper to it."""

    picture: Picture = field(repr=False)
    dpi: tuple[float, float]
    way: Way = field(repr=False)

    def seen(self, picture: Picture) -> "Traced":
        """Answer the same sheet with other grey values; nothing has moved."""
        if picture.shape != self.picture.shape:
            raise ValueError(f"a picture of {picture.shape} in place of one of {self.picture.shape} would move points")
        return Traced(picture, self.dpi, self.way)


def on_paper(picture: Picture, size_mm: tuple[float, float] = A4_MM) -> Traced:
    """Begin with a clean drawing of a whole sheet of this size (width, height)."""
    rows, columns = picture.shape
    dpi = columns / size_mm[0] * MM_PER_INCH, rows / size_mm[1] * MM_PER_INCH
    return Traced(picture, dpi, Way((straight(scale_to(*dpi)),)))


def straight(matrix: Homography) -> Bend:
    """Give a homography as a bend."""
    return lambda points: apply(matrix, points)


def warped(sheet: Traced, matrix: Homography, size: tuple[int, int] | None = None, fill: int = 255) -> Traced:
    """Move a picture by a homography (pixels to pixels) onto a canvas of this size (width, height)."""
    size = size or (sheet.picture.shape[1], sheet.picture.shape[0])
    drawn = cv2.warpPerspective(sheet.picture, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(float(fill),))
    return Traced(np.asarray(drawn, dtype=np.uint8), sheet.dpi, sheet.way.then(straight(matrix)))


def brought_to(sheet: Traced, dpi_x: float, dpi_y: float | None = None) -> Traced:
    """Bring a picture to another resolution by area averaging."""
    rows, columns = sheet.picture.shape
    wanted = dpi_x, dpi_x if dpi_y is None else dpi_y
    size = (round(columns / sheet.dpi[0] * wanted[0]), round(rows / sheet.dpi[1] * wanted[1]))
    factors = size[0] / columns, size[1] / rows
    small = np.asarray(cv2.resize(sheet.picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return Traced(small, wanted, sheet.way.then(straight(resized(*factors))))


def placed(sheet: Traced, left: int, top: int, size: tuple[int, int], fill: int = 255) -> Traced:
    """Lay a picture onto a canvas (width, height) at whole pixels; negative places cut off its edge."""
    canvas = np.full((size[1], size[0]), fill, dtype=np.uint8)
    part = sheet.picture[max(0, -top) : size[1] - top, max(0, -left) : size[0] - left]
    canvas[max(0, top) : max(0, top) + part.shape[0], max(0, left) : max(0, left) + part.shape[1]] = part
    return Traced(canvas, sheet.dpi, sheet.way.then(straight(shifted(left, top))))


def quartered(sheet: Traced, quarters: int) -> Traced:
    """Turn a picture clockwise by quarter turns."""
    quarters %= 4
    rows, columns = sheet.picture.shape
    turn = {
        0: np.eye(3),
        1: np.array([[0, -1, rows - 1], [1, 0, 0], [0, 0, 1]]),
        2: np.array([[-1, 0, columns - 1], [0, -1, rows - 1], [0, 0, 1]]),
        3: np.array([[0, 1, 0], [-1, 0, columns - 1], [0, 0, 1]]),
    }[quarters]
    picture = np.ascontiguousarray(np.rot90(sheet.picture, -quarters))
    dpi = sheet.dpi if quarters % 2 == 0 else (sheet.dpi[1], sheet.dpi[0])
    return Traced(picture, dpi, sheet.way.then(straight(np.asarray(turn, dtype=np.float64))))


def bent(
    sheet: Traced, bend: Bend, size: tuple[int, int] | None = None, near: Homography | None = None, fill: int = 255
) -> Traced:
    """Move a picture by a smooth bend of its pixels; ``near`` is a homography that does roughly the same."""
    size = size or (sheet.picture.shape[1], sheet.picture.shape[0])
    across, down = sources(bend, size, np.eye(3) if near is None else near)
    drawn = cv2.remap(sheet.picture, across, down, cv2.INTER_CUBIC, borderValue=(float(fill),))
    return Traced(np.asarray(drawn, dtype=np.uint8), sheet.dpi, sheet.way.then(bend))


def sources(bend: Bend, size: tuple[int, int], near: Homography) -> tuple[Floats, Floats]:
    """Answer for every pixel of a canvas (width, height) which place of the old picture it shows."""
    columns, rows = (-(-side // GRID_PX) + 2 for side in size)
    across, down = ((np.arange(n) - 0.5) * GRID_PX - 0.5 for n in (columns, rows))
    grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    found = _unbent(bend, grid, near).reshape(rows, columns, 2).astype(np.float32)
    whole = cv2.resize(found, (columns * GRID_PX, rows * GRID_PX), interpolation=cv2.INTER_LINEAR)
    part = np.asarray(whole[GRID_PX : GRID_PX + size[1], GRID_PX : GRID_PX + size[0]], dtype=np.float32)
    return np.ascontiguousarray(part[..., 0]), np.ascontiguousarray(part[..., 1])


def _unbent(bend: Bend, ends: Points, near: Homography) -> Points:
    """Find the points that a bend takes to ``ends``, by improving a rough answer again and again."""
    back = np.asarray(np.linalg.inv(near), dtype=np.float64)
    goal = apply(back, ends)
    points = goal
    for _ in range(UNBEND_ROUNDS):
        points = points + goal - apply(back, bend(points))
    return points
