"""Bring the crop of a line to the shape that our own reader was trained on. Training cuts by these same functions."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.lines import dark_pixels
from pages.page import Picture

HEIGHT = 32
LEAST_WIDTH = 16
MOST_WIDTH = 1600
ROW_MARGIN_PX = 4
COLUMN_MARGIN_PX = 6
LEAST_HEIGHT_PX = 36
"""Capitals alone, or a line of dashes, keep the size that they have in a line of text."""
LEAST_CONTRAST = 20
PAPER_RANK, INK_RANK = 0.8, 0.01

Levels = npt.NDArray[np.uint8]


def shaped(picture: Picture) -> Levels | None:
    """Cut a line (grey, about 200 dpi) to its ink and scale it: [32, width], 0 = paper, 255 = ink; None without ink."""
    crop = _cut(picture)
    if min(crop.shape) < 4:
        return None
    width = int(np.clip(round(crop.shape[1] * HEIGHT / crop.shape[0]), LEAST_WIDTH, MOST_WIDTH))
    way = cv2.INTER_AREA if crop.shape[0] > HEIGHT else cv2.INTER_LINEAR
    line = np.asarray(cv2.resize(crop, (width, HEIGHT), interpolation=way), dtype=np.float32)
    ordered = np.sort(line, axis=None)
    paper, ink = ordered[int(PAPER_RANK * (ordered.size - 1))], ordered[int(INK_RANK * (ordered.size - 1))]
    if paper - ink < LEAST_CONTRAST:
        return None
    return np.asarray(np.clip((paper - line) * (255 / (paper - ink)), 0, 255), dtype=np.uint8)


def _cut(picture: Picture) -> Picture:
    dark = dark_pixels(picture)
    across = _span(dark.sum(axis=0) > 1, COLUMN_MARGIN_PX)
    down = _span(dark[:, across].sum(axis=1) > 1, ROW_MARGIN_PX, LEAST_HEIGHT_PX)
    return picture[down, across]


def _span(inked: npt.NDArray[np.bool_], margin: int, least: int = 0) -> slice:
    places = np.flatnonzero(inked)
    if not places.size:
        return slice(0, 0)
    start, stop = int(places[0]) - margin, int(places[-1]) + 1 + margin
    more = max(0, least - (stop - start))
    return slice(max(0, start - more // 2), max(0, stop + more - more // 2))
