"""Patches of a blank form that can be found again, and finding them: normalised cross-correlation (NCC)."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import Picture
from templates.plane import Points

FLAT = 12.0
"""Least eigenvalue of the structure tensor below which a patch has nothing to hold on to in one direction."""
HALF = 2
"""Where to cut is decided at half the resolution, four times as fast."""


@dataclass(frozen=True, slots=True)
class Grain:
    """How patches are cut and sought at one scale. Sizes in pixels of ``dpi``; ``window`` is the reach each way."""

    dpi: float
    rows: int
    columns: int
    half_width: int
    half_height: int
    window: int
    least_peak: float
    blur: float


COARSE = Grain(dpi=40, rows=7, columns=5, half_width=36, half_height=18, window=30, least_peak=0.25, blur=0.8)
NEAR = 13
"""A narrower window for the first look, in its pixels: 8 mm, at a quarter of the time."""
FINE = Grain(dpi=100, rows=8, columns=5, half_width=50, half_height=24, window=10, least_peak=0.4, blur=0.7)
DENSE = Grain(dpi=100, rows=20, columns=10, half_width=28, half_height=14, window=8, least_peak=0.5, blur=0.7)


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """The patches of one page: their centres [n, 2] in pixels of the grain, and their pictures."""

    grain: Grain
    centres: Points
    pictures: tuple[Picture, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Where patches were found: their numbers, places [n, 2] in pixels of the grain, and the height of the peaks."""

    numbers: npt.NDArray[np.intp]
    places: Points
    peaks: npt.NDArray[np.float64]


def cut(picture: Picture, grain: Grain) -> Patches:
    """Choose in each cell of a grid the patch with most structure in both directions; leave flat cells out."""
    smooth = np.asarray(cv2.GaussianBlur(picture, (0, 0), grain.blur), dtype=np.uint8)
    strength = _structure(smooth, grain)
    rows, columns = (side - side % HALF for side in smooth.shape)
    centres: list[tuple[int, int]] = []
    for r in range(grain.rows):
        for c in range(grain.columns):
            y0, y1 = _range(r, grain.rows, rows, grain.half_height)
            x0, x1 = _range(c, grain.columns, columns, grain.half_width)
            cell = strength[y0 // HALF : y1 // HALF, x0 // HALF : x1 // HALF]
            if cell.size and cell.max() > FLAT:
                y, x = np.unravel_index(int(cell.argmax()), cell.shape)
                centres.append((HALF * int(x) + x0, HALF * int(y) + y0))
    w, h = grain.half_width, grain.half_height
    pictures = tuple(smooth[y - h : y + h, x - w : x + w] for x, y in centres)
    return Patches(grain, np.asarray(centres, dtype=np.float64).reshape(-1, 2), pictures)


def _range(index: int, count: int, size: int, half: int) -> tuple[int, int]:
    step = size / count
    return max(half, int(index * step)), min(size - half, int((index + 1) * step))


def _structure(picture: Picture, grain: Grain) -> npt.NDArray[np.float32]:
    """Answer the least eigenvalue of the structure tensor, averaged over a patch around every second pixel."""
    rows, columns = picture.shape
    picture = np.asarray(cv2.resize(picture, (columns // HALF, rows // HALF), interpolation=cv2.INTER_AREA), np.uint8)
    dx, dy = cv2.Sobel(picture, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(picture, cv2.CV_32F, 0, 1, ksize=3)
    size = (2 * grain.half_width // HALF, 2 * grain.half_height // HALF)
    xx, yy, xy = (cv2.boxFilter(product, cv2.CV_32F, size) for product in (dx * dx, dy * dy, dx * dy))
    least = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    return np.asarray(np.sqrt(np.maximum(least, 0)), dtype=np.float32)


def find(patches: Patches, padded: Picture, window: int) -> Found:
    """Seek every patch near its place in a sheet that was warped into the frame, padded by the window all round."""
    grain = patches.grain
    smooth = np.asarray(cv2.GaussianBlur(padded, (0, 0), grain.blur), dtype=np.uint8)
    numbers, places, peaks = [], [], []
    for number, (x, y) in enumerate(patches.centres.astype(int)):
        reach = 2 * window
        area = smooth[
            y - grain.half_height : y + grain.half_height + reach, x - grain.half_width : x + grain.half_width + reach
        ]
        scores = cv2.matchTemplate(area, patches.pictures[number], cv2.TM_CCOEFF_NORMED)
        peak = _peak(np.asarray(scores, dtype=np.float32), grain)
        if peak is not None:
            numbers.append(number)
            places.append((x + peak[0] - window, y + peak[1] - window))
            peaks.append(peak[2])
    return Found(
        np.asarray(numbers, dtype=np.intp),
        np.asarray(places, dtype=np.float64).reshape(-1, 2),
        np.asarray(peaks, dtype=np.float64),
    )


def _peak(scores: npt.NDArray[np.float32], grain: Grain) -> tuple[float, float, float] | None:
    """Find the highest score to a fraction of a pixel; None when it is low or at the edge of the window."""
    _, best, _, (x, y) = cv2.minMaxLoc(scores)
    rows, columns = scores.shape
    inside = 0 < x < columns - 1 and 0 < y < rows - 1
    if not inside or not best >= grain.least_peak:
        return None
    across = _vertex(*scores[y, x - 1 : x + 2].tolist())
    down = _vertex(*scores[y - 1 : y + 2, x].tolist())
    return x + across, y + down, float(best)


def _vertex(before: float, at: float, after: float) -> float:
    bend = before - 2 * at + after
    return 0.0 if bend >= 0 else max(-0.5, min(0.5, (before - after) / (2 * bend)))
