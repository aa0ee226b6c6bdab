"""Cut writing out of its surroundings: trim to the ink, and part a block into lines."""

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import Picture

MARGIN_PX = 9
LEAST_LINE_PX = 8


def dark_pixels(picture: Picture) -> npt.NDArray[np.bool_]:
    """Part ink from paper by Otsu's threshold on a slightly smoothed picture."""
    smooth = cv2.GaussianBlur(picture, (3, 3), 0)
    threshold, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(smooth <= threshold)


def trim(picture: Picture, margin: int = MARGIN_PX) -> Picture:
    """Cut left and right to the ink: columns with more than one dark pixel, and a margin."""
    columns = np.flatnonzero(dark_pixels(picture).sum(axis=0) > 1)
    if not columns.size:
        return picture
    return picture[:, max(0, int(columns[0]) - margin) : int(columns[-1]) + 1 + margin]


def part_lines(picture: Picture) -> list[Picture]:
    """Part a paragraph into its lines, from top to bottom, where rows without ink lie between."""
    inked = dark_pixels(picture).sum(axis=1) > 1
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(np.int8), [0]])))
    spans = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    joined: list[tuple[int, int]] = []
    for top, bottom in spans:
        if joined and top - joined[-1][1] < 3:
            joined[-1] = (joined[-1][0], bottom)
        else:
            joined.append((top, bottom))
    return [picture[max(0, a - 5) : b + 5] for a, b in joined if b - a >= LEAST_LINE_PX]
