"""Clean one cell before it is read: remains of its frame, scraps of its neighbours, dust."""

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import Picture

FRAME_SHARE = 0.12
FULL_ROW = 0.55
EDGE_SHARE = 0.20
DUST_SHARE = 0.004
SCRAP_OF_LARGEST = 0.15
SCRAP_SIDE = 0.08

Mask = npt.NDArray[np.bool_]


def clean(cell: Picture) -> Picture:
    """Paint paper over what is not the character: frame lines and scraps in the outer parts of a cell, and dust."""
    _, ink = cv2.threshold(cell, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    kept = _without_frame(np.asarray(ink > 0))
    kept = _without_scraps(kept)
    dropped = cv2.dilate((np.asarray(ink > 0) & ~kept).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    dropped &= ~(cv2.dilate(kept.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    if not dropped.any() or not kept.any():
        return cell
    paper = np.uint8(np.median(cell[~np.asarray(ink > 0)])) if (ink == 0).any() else np.uint8(255)
    return np.asarray(np.where(dropped, paper, cell), dtype=np.uint8)


def _without_frame(ink: Mask) -> Mask:
    kept = ink.copy()
    rows, columns = ink.shape
    for axis, size in ((1, rows), (0, columns)):
        outer = max(1, round(FRAME_SHARE * size))
        full = ink.mean(axis=axis) > FULL_ROW
        full[outer : size - outer] = False
        if axis == 1:
            kept[full] = False
        else:
            kept[:, full] = False
    return kept


def _without_scraps(ink: Mask) -> Mask:
    count, labels, stats, middles = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    if count < 2:
        return ink
    largest = int(stats[1:, cv2.CC_STAT_AREA].max())
    keep = [False, *(not _is_scrap(stats[i], middles[i], largest, ink.shape) for i in range(1, count))]
    return np.asarray(np.array(keep)[labels])


def _is_scrap(
    stat: npt.NDArray[np.int32], middle: npt.NDArray[np.float64], largest: int, shape: tuple[int, ...]
) -> bool:
    rows, columns = shape
    left, top, width, height, area = (int(v) for v in stat[:5])
    if area < DUST_SHARE * rows * columns:
        return True
    x, y = float(middle[0]) / columns, float(middle[1]) / rows
    if not (min(x, 1 - x) < EDGE_SHARE or min(y, 1 - y) < EDGE_SHARE):
        return False
    touches = left == 0 or top == 0 or left + width == columns or top + height == rows
    thin = width < SCRAP_SIDE * columns or height < SCRAP_SIDE * rows
    return touches or (area < SCRAP_OF_LARGEST * largest and thin)
