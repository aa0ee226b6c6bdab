"""Check that a sheet carries the words of the form it was taken for: forms share whole sections, not their titles."""

import cv2
import numpy as np

from pages.page import Box, Page, Picture, Word
from templates.register import Laid, reduce, warp
from templates.template import Template

DPI = 100.0
PRESENT = 0.45
"""Correlation from which a printed word counts as there; measured .7-.95 on words that are, below .3 on others."""
TITLE = 1.25
"""A word this much taller than the median is part of a heading."""


def words_present(page: Page, laid: Laid, template: Template) -> tuple[float, float]:
    """Answer the share of the blank's words found on the sheet: of all words, and of its headings' words."""
    picture = warp(reduce(page, DPI), laid.to_picture, template, DPI)
    blank = np.asarray(cv2.resize(template.sharp, picture.shape[::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
    words = [word for word in template.words if len(word.text) > 2]
    if not words:
        return 1.0, 1.0
    there = np.array([_is_there(picture, blank, word) for word in words])
    heights = np.array([word.box.height for word in words])
    heading = heights >= TITLE * float(np.median(heights))
    return float(there.mean()), float(there[heading].mean()) if heading.any() else 1.0


def _is_there(picture: Picture, blank: Picture, word: Word) -> bool:
    rows, columns = blank.shape
    box = Box(word.box.left, word.box.top, word.box.width, word.box.height).inset(-0.4)
    top, left = max(2, round(box.top / 25.4 * DPI)), max(2, round(box.left / 25.4 * DPI))
    bottom, right = min(rows - 2, round(box.bottom / 25.4 * DPI)), min(columns - 2, round(box.right / 25.4 * DPI))
    if bottom - top < 4 or right - left < 4:
        return True
    area = picture[top - 2 : bottom + 2, left - 2 : right + 2]
    return float(cv2.matchTemplate(area, blank[top:bottom, left:right], cv2.TM_CCOEFF_NORMED).max()) >= PRESENT
