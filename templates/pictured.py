"""A blank of which only a picture is left: its paper made white, and its printed words as shapes without letters."""

import cv2
import numpy as np

from pages.page import MM_PER_INCH, Box, Picture, Word

INK = 170
GAP_MM = 1.3
HEIGHT_MM = (1.0, 9.0)
WIDTH_MM = (3.0, 80.0)
MOST_WORDS = 400


def whitened(picture: Picture) -> Picture:
    """Make uneven paper white, so that faint print and shadow part."""
    small = cv2.resize(picture, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 9)
    spread = cv2.resize(paper, picture.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(picture, np.maximum(spread, 1), scale=250.0), dtype=np.uint8)


def cleaned(picture: Picture) -> Picture:
    """Give a scanned blank the look of a drawn one: white paper without grain, print as it is."""
    white = whitened(picture)
    return np.asarray(np.where(white > 225, 255, white), dtype=np.uint8)


def ink_of(picture: Picture) -> Picture:
    """Give 255 where there is print on whitened paper, else 0."""
    return np.asarray((picture < INK).astype(np.uint8) * 255, dtype=np.uint8)


def shapes(picture: Picture, dpi: float) -> tuple[Word, ...]:
    """Find what looks like printed words. Their texts are no words, and no two are alike on any form."""
    gap = max(1, round(GAP_MM / MM_PER_INCH * dpi))
    joined = cv2.morphologyEx(ink_of(picture), cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    mm = MM_PER_INCH / dpi
    boxes = [Box(left * mm, top * mm, width * mm, height * mm) for left, top, width, height, _ in stats[1:].tolist()]
    fitting = [
        box for box in boxes if HEIGHT_MM[0] <= box.height <= HEIGHT_MM[1] and WIDTH_MM[0] <= box.width <= WIDTH_MM[1]
    ]
    return tuple(
        Word(f"shape {box.left:.1f} {box.top:.1f} {box.width:.1f} {box.height:.1f}", box)
        for box in fitting[:MOST_WORDS]
    )
