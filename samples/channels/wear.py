"""What hands and machines leave on a sheet: holes, staples, folds, black borders, a lost edge."""

from random import Random

import cv2
import numpy as np
from numpy.random import Generator, default_rng

from pages.page import MM_PER_INCH, Picture
from samples.channels.trace import Bend, Traced, bent, placed
from templates.plane import Points

Sides = tuple[float, float, float, float]
"""Left, top, right, bottom in mm."""


def bordered(sheet: Traced, sides_mm: Sides, seed: int, dark: int = 20) -> Traced:
    """Scan with the lid open: the sheet lies in a black frame."""
    left, top, right, bottom = _px(sheet, sides_mm)
    rows, columns = sheet.picture.shape
    wide = placed(sheet, left, top, (columns + left + right, rows + top + bottom), fill=dark)
    frame = np.ones(wide.picture.shape, np.bool_)
    frame[top : top + rows, left : left + columns] = False
    picture = wide.picture.copy()
    picture[frame] = default_rng(seed).integers(0, max(2, 2 * dark), int(frame.sum())).astype(np.uint8)
    return wide.seen(picture)


def blackened(sheet: Traced, sides_mm: Sides, dark: int = 15) -> Traced:
    """Paint black borders over the sheet's own edges."""
    left, top, right, bottom = _px(sheet, sides_mm)
    rows, columns = sheet.picture.shape
    picture = np.full_like(sheet.picture, dark)
    inner = slice(top, rows - bottom), slice(left, columns - right)
    picture[inner] = sheet.picture[inner]
    return sheet.seen(picture)


def cropped(sheet: Traced, sides_mm: Sides) -> Traced:
    """Cut off edges of the picture."""
    left, top, right, bottom = _px(sheet, sides_mm)
    rows, columns = sheet.picture.shape
    return placed(sheet, -left, -top, (columns - left - right, rows - top - bottom))


def punched(sheet: Traced, rng: Random) -> Traced:
    """Punch two holes for a binder into the left edge; they scan dark."""
    picture = sheet.picture.copy()
    middle = sheet.picture.shape[0] / 2 / sheet.dpi[1] * MM_PER_INCH + rng.uniform(-4, 4)
    inset, grey = rng.uniform(9, 14), rng.choice((10, 30, 205))
    for y in (middle - 40, middle + 40):
        _blot(picture, sheet, (inset, y), 3.0, grey)
    return sheet.seen(picture)


def stapled(sheet: Traced, rng: Random) -> Traced:
    """Staple the top left corner: a dark wire of 12 mm with its shadow, or the holes that it left."""
    picture = sheet.picture.copy()
    x, y, angle = rng.uniform(6, 14), rng.uniform(5, 12), rng.uniform(-1.2, 1.2)
    ends = [(x + k * 6 * np.cos(angle), y + k * 6 * np.sin(angle)) for k in (-1, 1)]
    if rng.random() < 0.5:
        for end in ends:
            _blot(picture, sheet, end, 0.5, 20)
        return sheet.seen(picture)
    start, stop = (_at(sheet, end) for end in ends)
    thick = max(1, round(0.6 / MM_PER_INCH * sheet.dpi[0]))
    cv2.line(picture, (start[0] + thick, start[1] + thick), (stop[0] + thick, stop[1] + thick), (150.0,), 2 * thick)
    cv2.line(picture, start, stop, (40.0,), thick)
    return sheet.seen(picture)


def folded(sheet: Traced, seed: int, *, count: int = 2, most_mm: float = 0.8) -> Traced:
    """Fold a sheet for its envelope: at each fold a line, and print that is drawn together by up to ``most_mm``."""
    noise = default_rng(seed)
    rows = len(sheet.picture)
    folds = [rows * (k + 1) / (count + 1) + float(noise.uniform(-0.03, 0.03)) * rows for k in range(count)]
    pulled = bent(sheet, _pull(folds, most_mm / MM_PER_INCH * sheet.dpi[1], rows, noise))
    picture = pulled.picture.copy()
    for fold in folds:
        _crease(picture, fold, sheet.dpi[1] / MM_PER_INCH, noise)
    return pulled.seen(picture)


def inverted(sheet: Traced) -> Traced:
    """Make white print on black paper of it."""
    return sheet.seen(255 - sheet.picture)


def _pull(folds: list[float], most_px: float, rows: int, noise: Generator) -> Bend:
    pulls = [(fold, float(noise.uniform(0.4, 1.0)) * most_px, rows * 0.06) for fold in folds]

    def bend(points: Points) -> Points:
        off = np.zeros(len(points))
        for fold, size, reach in pulls:
            away = (points[:, 1] - fold) / reach
            off -= size * away * np.exp(0.5 - away**2 / 2)
        return np.column_stack([points[:, 0], points[:, 1] + off])

    return bend


def _crease(picture: Picture, fold: float, per_mm: float, noise: Generator) -> None:
    columns = picture.shape[1]
    slant = float(noise.uniform(-0.4, 0.4)) * per_mm
    ends = (0, round(fold - slant)), (columns, round(fold + slant))
    layer = np.zeros(picture.shape, np.uint8)
    cv2.line(layer, *ends, (255.0,), max(1, round(0.4 * per_mm)))
    strength = cv2.GaussianBlur(layer, (0, 0), 0.3 * per_mm).astype(np.float32) / 255
    tint = float(noise.choice([90.0, 140.0, 255.0]))
    picture[:] = np.clip(picture * (1 - 0.7 * strength) + tint * 0.7 * strength, 0, 255).astype(np.uint8)


def _blot(picture: Picture, sheet: Traced, at_mm: tuple[float, float], radius_mm: float, grey: int) -> None:
    axes = tuple(max(1, round(radius_mm / MM_PER_INCH * dpi)) for dpi in sheet.dpi)
    cv2.ellipse(picture, _at(sheet, at_mm), axes, 0, 0, 360, (float(grey),), -1)


def _at(sheet: Traced, mm: tuple[float, float]) -> tuple[int, int]:
    return round(mm[0] / MM_PER_INCH * sheet.dpi[0]), round(mm[1] / MM_PER_INCH * sheet.dpi[1])


def _px(sheet: Traced, sides_mm: Sides) -> tuple[int, int, int, int]:
    dpi_x, dpi_y = sheet.dpi
    left, top, right, bottom = (
        round(mm / MM_PER_INCH * dpi) for mm, dpi in zip(sides_mm, (dpi_x, dpi_y, dpi_x, dpi_y), strict=True)
    )
    return left, top, right, bottom
