"""Check that a sheet carries the words of the form it was taken for: forms share whole sections, not their titles."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pages.page import Picture, Word
from templates.plane import apply, as_points
from templates.register import Laid
from templates.template import Template
from templates.views import FINE_DPI, Views, warp

DPI = FINE_DPI
PRESENT = 0.45
"""Correlation from which a printed word counts as there; measured .7-.95 on words that are, below .3 on others."""
SAME_PLACE_MM = 2.0
MOST_WORDS = 60
"""So many words, spread over the page, tell as much as all of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """How well a template's printed words are found: the share of all, the share and mean likeness of its own.

    Its own are the words that no other form has at that place: its title, its footer, its questions. ``count`` is how
    many of them could be looked for.
    """

    words: float
    own: float
    likeness: float
    count: int


Spot = tuple[str, int, int]


class OwnWords:
    """The words of each page that no page of another form has at the same place."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self._forms: dict[Spot, set[str]] = {}
        for template in templates:
            for word in template.words:
                self._forms.setdefault(_spot(word), set()).add(template.form.key)
        self._own = {t: tuple(w for w in t.words if self._is_own(t, w)) for t in templates}

    def of(self, template: Template) -> tuple[Word, ...]:
        """Give those of one page."""
        return self._own[template]

    def _is_own(self, template: Template, word: Word) -> bool:
        text, x, y = _spot(word)
        near = ((text, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        return len(word.text) > 1 and all(self._forms.get(spot, set()) <= {template.form.key} for spot in near)


def _spot(word: Word) -> Spot:
    return word.text, round(word.box.left / SAME_PLACE_MM), round(word.box.top / SAME_PLACE_MM)


def tell(views: Views, laid: Laid, template: Template, own: Sequence[Word]) -> Told:
    """Look for a template's words on a sheet that was laid over it."""
    picture = warp(views.at(DPI), laid.to_picture, template.form, DPI)
    every = _likenesses(picture, views, laid, template, _spread([w for w in template.words if len(w.text) > 2]))
    owned = _likenesses(picture, views, laid, template, _spread(own))
    likeness = float(np.mean(owned)) if owned else 1.0
    return Told(_present(every), _present(owned), likeness, len(owned))


def _spread(words: Sequence[Word]) -> Sequence[Word]:
    return words[:: -(-len(words) // MOST_WORDS)] if words else words


def _likenesses(picture: Picture, views: Views, laid: Laid, template: Template, words: Sequence[Word]) -> list[float]:
    return [_likeness(picture, template.plain, word, shift) for word, shift in _on_sheet(views, laid, words)]


def _on_sheet(views: Views, laid: Laid, words: Sequence[Word]) -> list[tuple[Word, tuple[int, int]]]:
    """Leave out words beyond the edge of a crooked or cropped picture; say how far warped paper moves the others."""
    if not words:
        return []
    rows, columns = views.page.picture.shape
    corners = np.vstack([as_points([(w.box.left, w.box.top), (w.box.right, w.box.bottom)]) for w in words])
    shifts = np.zeros_like(corners) if laid.warp is None else laid.warp.shift(corners)
    places = apply(laid.to_picture, corners + shifts).reshape(-1, 4)
    inside = (places.min(axis=1) >= 0) & (places[:, ::2].max(axis=1) < columns) & (places[:, 1::2].max(axis=1) < rows)
    moved = np.rint(shifts.reshape(-1, 2, 2).mean(axis=1) / 25.4 * DPI).astype(int)
    return [(w, (int(dx), int(dy))) for w, (dx, dy), seen in zip(words, moved, inside, strict=True) if seen]


def _present(likenesses: Sequence[float]) -> float:
    return float(np.mean([value >= PRESENT for value in likenesses])) if likenesses else 1.0


def _likeness(picture: Picture, blank: Picture, word: Word, shift: tuple[int, int]) -> float:
    rows, columns = picture.shape
    box = word.box.inset(-0.4)
    top, left = max(2, round(box.top / 25.4 * DPI)), max(2, round(box.left / 25.4 * DPI))
    bottom, right = min(rows - 2, round(box.bottom / 25.4 * DPI)), min(columns - 2, round(box.right / 25.4 * DPI))
    if bottom - top < 4 or right - left < 4:
        return 1.0
    dx, dy = shift
    area = picture[max(0, top + dy - 2) : bottom + dy + 2, max(0, left + dx - 2) : right + dx + 2]
    if area.shape[0] < bottom - top or area.shape[1] < right - left:
        return 0.0
    return float(cv2.matchTemplate(area, blank[top:bottom, left:right], cv2.TM_CCOEFF_NORMED).max())
