"""Check that a sheet carries the words of the form it was taken for: forms share whole sections, not their titles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pages.page import Page, Picture, Word
from templates.plane import apply, as_points
from templates.register import Laid, reduce, warp
from templates.template import Template

DPI = 100.0
PRESENT = 0.45
"""Correlation from which a printed word counts as there; measured .7-.95 on words that are, below .3 on others."""
SAME_PLACE_MM = 2.0


@dataclass(frozen=True, slots=True)
class Told:
    """How well a template's printed words are found: the share of all, the share and mean likeness of its own.

    Its own are the words that no other form has at that place: its title, its footer, its questions.
    """

    words: float
    own: float
    likeness: float


def own_words(template: Template, others: Sequence[Template]) -> tuple[Word, ...]:
    """Pick the words that no page of another form has at the same place."""
    elsewhere = {spot for other in others if other.form.key != template.form.key for spot in _spots(other)}
    return tuple(word for word in template.words if len(word.text) > 1 and _spot(word) not in elsewhere)


def _spots(template: Template) -> Iterator[tuple[str, int, int]]:
    for word in template.words:
        text, x, y = _spot(word)
        yield from ((text, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def _spot(word: Word) -> tuple[str, int, int]:
    return word.text, round(word.box.left / SAME_PLACE_MM), round(word.box.top / SAME_PLACE_MM)


def tell(page: Page, laid: Laid, template: Template, own: Sequence[Word]) -> Told:
    """Look for a template's words on a sheet that was laid over it."""
    picture = warp(reduce(page, DPI), laid.to_picture, template, DPI)
    blank = np.asarray(cv2.resize(template.sharp, picture.shape[::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
    every = [_likeness(picture, blank, word) for word in _on_sheet(page, laid, template.words) if len(word.text) > 2]
    owned = [_likeness(picture, blank, word) for word in _on_sheet(page, laid, own)]
    return Told(_present(every), _present(owned), float(np.mean(owned)) if owned else 1.0)


def _on_sheet(page: Page, laid: Laid, words: Sequence[Word]) -> list[Word]:
    """Leave out the words that lie beyond the edge of a crooked or cropped picture."""
    if not words:
        return []
    rows, columns = page.picture.shape
    corners = [as_points([(w.box.left, w.box.top), (w.box.right, w.box.bottom)]) for w in words]
    places = apply(laid.to_picture, np.vstack(corners)).reshape(-1, 4)
    inside = (places.min(axis=1) >= 0) & (places[:, ::2].max(axis=1) < columns) & (places[:, 1::2].max(axis=1) < rows)
    return [word for word, seen in zip(words, inside, strict=True) if seen]


def _present(likenesses: Sequence[float]) -> float:
    return float(np.mean([value >= PRESENT for value in likenesses])) if likenesses else 1.0


def _likeness(picture: Picture, blank: Picture, word: Word) -> float:
    rows, columns = blank.shape
    box = word.box.inset(-0.4)
    top, left = max(2, round(box.top / 25.4 * DPI)), max(2, round(box.left / 25.4 * DPI))
    bottom, right = min(rows - 2, round(box.bottom / 25.4 * DPI)), min(columns - 2, round(box.right / 25.4 * DPI))
    if bottom - top < 4 or right - left < 4:
        return 1.0
    area = picture[top - 2 : bottom + 2, left - 2 : right + 2]
    return float(cv2.matchTemplate(area, blank[top:bottom, left:right], cv2.TM_CCOEFF_NORMED).max())
