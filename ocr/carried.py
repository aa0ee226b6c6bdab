"""What a sheet carries besides ink: form values and typed words, brought to the zones of its form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np

from ocr.ink import Presence
from pages.page import Box, FormValue, Page, Word
from templates.form import Field, Match, Option
from templates.plane import Homography, Points, apply, as_points, scale_to
from templates.template import template_of
from templates.widgets import own_values

SAME_MM = 1.0
BESIDE_MM = 0.3
LEAST_MM = 0.01
TRUE_STATES = frozenset({"Yes", "On", "1", "true"})
OVERLAID = 0.3
"""Words that share this much of the smaller one's surface lie one on another; the next letter's serif shares less."""
LINE_SHARE = 0.5
"""Words whose middles lie within this share of their height are on one line."""


@dataclass(frozen=True)
class Carried:
    """The form values by name, and the typed words with boxes in mm on the template."""

    values: dict[str, FormValue] = field(default_factory=dict)
    words: tuple[Word, ...] = ()

    @classmethod
    def by(cls, page: Page, match: Match) -> Self:
        """Collect what a sheet carries, without the words that the blank has at the same place."""
        return cls.of(page, match, page.words)

    @classmethod
    def of(cls, page: Page, match: Match, seen: Sequence[Word]) -> Self:
        """Collect the form values of a sheet, and words that were seen on it (mm on the sheet)."""
        values = {value.name: value for value in own_values(page.values, match.form)}
        if not seen:
            return cls(values)
        to_template = np.linalg.inv(match.to_picture) @ scale_to(page.dpi_x, page.dpi_y)
        printed: dict[str, list[Box]] = {}
        for word in template_of(match.form, match.page).words:
            printed.setdefault(word.text, []).append(word.box)
        moved = _moved(seen, np.asarray(to_template, dtype=np.float64))
        words = tuple(word for word in moved if not any(_same(word.box, box) for box in printed.get(word.text, ())))
        return cls(values, words)

    @cached_property
    def _middles(self) -> Points:
        boxes = [word.box for word in self.words]
        return as_points([(box.left + box.width / 2, box.top + box.height / 2) for box in boxes])

    def _inside(self, box: Box) -> list[Word]:
        """List the words whose middle lies in a box, or hardly beside it."""
        if not self.words:
            return []
        edge = box.inset(-BESIDE_MM)
        x, y = self._middles.T
        near = (x >= edge.left) & (x <= edge.right) & (y >= edge.top) & (y <= edge.bottom)
        return [self.words[place] for place in np.flatnonzero(near).tolist()]

    @property
    def filled(self) -> bool:
        """Tell whether any form value is filled in."""
        return any(value.text or value.on for value in self.values.values())

    def overlaid(self, box: Box) -> bool:
        """Tell whether words in a box lie one on another: one of them was meant to replace the other."""
        inside = [word.box for word in self._inside(box)]
        return any(_overlap(one, other) > OVERLAID for i, one in enumerate(inside) for other in inside[:i])

    def in_box(self, box: Box, *, cells: int = 0) -> str:
        """Read the words whose middle lies in a box: line by line, or without gaps from character cells."""
        inside = self._inside(box)
        if cells:
            return "".join(word.text for word in sorted(inside, key=lambda word: word.box.left))
        return "\n".join(" ".join(word.text for word in line) for line in _lines(inside))


def _moved(words: Sequence[Word], way: Homography) -> list[Word]:
    """Take all words at once: a sheet has hundreds, and a call for each costs more than the reckoning."""
    corners = [point for word in words for point in ((word.box.left, word.box.top), (word.box.right, word.box.bottom))]
    ends = apply(way, as_points(corners)).reshape(-1, 2, 2)
    near, far = ends.min(axis=1), ends.max(axis=1)
    extent = np.maximum(far - near, LEAST_MM)
    return [
        Word(word.text, Box(*corner, *size))
        for word, corner, size in zip(words, near.tolist(), extent.tolist(), strict=True)
    ]


def _same(one: Box, other: Box) -> bool:
    return abs(one.left - other.left) < SAME_MM and abs(one.top - other.top) < SAME_MM


def _overlap(one: Box, other: Box) -> float:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(across, 0.0) * max(down, 0.0) / min(one.width * one.height, other.width * other.height)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.bottom):
        last = lines[-1][-1].box if lines else None
        if last is not None and word.box.bottom - last.bottom < LINE_SHARE * max(word.box.height, last.height):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.box.left) for line in lines]


def state_of(values: dict[str, FormValue], item: Field, option: Option | None) -> bool | None:
    """Say whether a button is on by its form value; None when the file has no such button.

    An enum is a radio group named as its field; ticks are check boxes named ``field.option``.
    """
    own = values.get(f"{item.name}.{option.value}" if option else item.name)
    if own is not None and own.on is not None:
        return own.on in TRUE_STATES or (option is not None and own.on == option.value)
    group = values.get(item.name)
    if option is None or group is None or group.on is None:
        return None
    return group.on == option.value


def agreement(value: FormValue) -> Presence:
    """Say whether a form value is what its sender saw: the rooms before have compared it with the drawn page."""
    return Presence.INK if value.doubt is None else Presence.DOUBTFUL
