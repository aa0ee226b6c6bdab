"""Cut writing out of its surroundings: trim to the ink, and part a block into lines."""

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import Picture

MARGIN_PX = 6
ROW_MARGIN_PX = 8
EDGE_PX = 10
LEAST_HEIGHT_PX = 42
"""Capitals alone are lower than a line with descenders: enlarging them more would only cost time (a sixth of it)."""
LEAST_LINE_PX = 8
PAD_PX = 6


def dark_pixels(picture: Picture) -> npt.NDArray[np.bool_]:
    """Part ink from paper by Otsu's threshold on a slightly smoothed picture."""
    smooth = cv2.GaussianBlur(picture, (3, 3), 0)
    threshold, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(smooth <= threshold)


def trim(picture: Picture) -> Picture:
    """Cut a line to its ink, with a margin: rows and columns with more than one dark pixel.

    A line reader takes small letters in a high crop for lower case; a crop as high as its letters has a true size.
    """
    dark = dark_pixels(picture)
    across = _span(dark.sum(axis=0) > 1, MARGIN_PX)
    down = _span(dark.sum(axis=1) > 1, ROW_MARGIN_PX, LEAST_HEIGHT_PX)
    return picture[down, across]


def trim_across(picture: Picture) -> Picture:
    """Cut a line to its ink from left to right, and leave its height: a far speck is no part of it."""
    return picture[:, _span(dark_pixels(picture).sum(axis=0) > 1, EDGE_PX)]


def padded(picture: Picture) -> Picture:
    """Put paper around a crop: a reader loses what touches the edge of the picture that it is given."""
    paper = int(np.median(picture)) if picture.size else 255
    framed = cv2.copyMakeBorder(picture, PAD_PX, PAD_PX, PAD_PX, PAD_PX, cv2.BORDER_CONSTANT, value=paper)
    return np.asarray(framed, dtype=np.uint8)


def _span(inked: npt.NDArray[np.bool_], margin: int, least: int = 0) -> slice:
    places = np.flatnonzero(inked)
    if not places.size:
        return slice(None)
    start, stop = int(places[0]) - margin, int(places[-1]) + 1 + margin
    more = max(0, least - (stop - start))
    return slice(max(0, start - more // 2), stop + more - more // 2)


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
