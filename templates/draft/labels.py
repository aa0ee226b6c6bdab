"""Find the words that belong to a place: to its left, above or below it, and to the right of a tick box."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pages.page import Box
from templates.draft.place import Phrase, Place, Shape, Sheet

LEFT_MM = 60.0
ABOVE_MM = 7.5
BELOW_MM = 5.5
BESIDE_TICK_MM = 7.0
ROW_MM = 10.0
WRAPPED_COST = 0.4


@dataclass(frozen=True, slots=True)
class Label:
    """The words of a place, where they were found, and how far off (mm, weighed); "" when there are none."""

    text: str
    where: str = ""
    cost: float = 0.0
    phrase: Phrase | None = None


NONE = Label("")


def label_of(place: Place, sheet: Sheet, *, tick: bool = False) -> Label:
    """Name a place by what is inside it, by its form field's description, or by the nearest words."""
    if place.inner:
        return Label(clean(place.inner), "inside its cell")
    if place.head is not None and not tick:
        return of_head(place, place.head)
    if place.tip:
        return Label(clean(place.tip), "the form field's description")
    found = list(_beside_tick(place, sheet) if tick else _around(place, sheet))
    return min(found, key=lambda label: label.cost, default=NONE)


def of_head(place: Place, head: Phrase) -> Label:
    """Name a place by the cell that names it in its table, with its row where a column has several."""
    text = clean(head.text)
    return Label(f"{text} ({place.row})" if place.row else text, "the cell that names it in its table", phrase=head)


def clean(text: str) -> str:
    """Strip a label of colons, stars, leaders and foot-note marks at its ends."""
    text = re.sub(r"[_.…·|]{3,}", " ", text)
    return re.sub(r"^[\s*:;,.()–-]+|[\s*:;,(–-]+$|\s*\(\*\)$", "", " ".join(text.split()))[:120]


def is_starred(phrase: Phrase | None) -> bool:
    """Tell whether a label says by a star that its field is required."""
    return phrase is not None and re.search(r"\*\s*\)?\s*:?\s*$", phrase.text) is not None


def _around(place: Place, sheet: Sheet) -> Iterator[Label]:
    for phrase in sheet.phrases:
        text = clean(phrase.text)
        if not re.search(r"\w{2}|[€°]|\w\.", text):
            continue
        for where, cost in _costs(phrase.box, place):
            if not _blocked(phrase.box, place, sheet):
                yield Label(text, where, cost, phrase)
    last = _end_of_row_above(place, sheet)
    if last is not None:
        yield Label(clean(last.text), "at the end of the line above", WRAPPED_COST, last)


def _end_of_row_above(place: Place, sheet: Sheet) -> Phrase | None:
    """Give the words that end the row above, where a place begins its own: a running text that was broken there.

    They stand behind other places of their row, which have words of their own, and nothing to write on follows them.
    """
    box = place.box
    others = [item.box for item in sheet.items if item is not place]
    if place.shape is not Shape.LINE or any(b.left < box.left and _level(b, box.bottom) for b in others):
        return None
    above = [p for p in sheet.phrases if 0 < box.bottom - p.box.bottom < ROW_MM and p.box.left > box.right - 2]
    last = max(above, key=lambda p: p.box.right, default=None)
    if last is None:
        return None
    row = [p.box for p in sheet.places if p is not place and _level(p.box, last.box.top + last.box.height / 2)]
    broken = row and all(b.right <= last.box.left + 1 for b in row)
    return last if broken else None


def _level(box: Box, y: float) -> bool:
    return box.top <= y <= box.bottom + 0.5


def _costs(words: Box, place: Place) -> Iterator[tuple[str, float]]:
    box = place.box
    gap = box.left - words.right
    middle = words.top + words.height / 2
    if -1.5 <= gap <= LEFT_MM and box.top - 0.8 <= middle <= box.bottom + 1.2:
        yield "left", max(gap, 0.0) * 0.35
    common = min(words.right, box.right) - max(words.left, box.left)
    off = abs(words.left - box.left)
    rise = box.top - words.bottom
    if -1.0 <= rise <= ABOVE_MM and (off <= 6 or common > 0.5 * min(words.width, box.width)):
        yield "above", max(rise, 0.0) * 1.2 + min(off, 20) * 0.15 + 0.8
    drop = words.top - box.bottom
    low = place.shape in {Shape.LINE, Shape.AREA}
    if low and -0.6 <= drop <= BELOW_MM and common > 0.6 * words.width:
        yield "below", max(drop, 0.0) * 1.2 + 4.5


def _beside_tick(place: Place, sheet: Sheet) -> Iterator[Label]:
    box = place.box
    for phrase in sheet.phrases:
        words = phrase.box
        first_line = abs(words.top + words.height / 2 - box.top - box.height / 2) <= max(2.0, 0.6 * box.height)
        right, left = words.left - box.right, box.left - words.right
        if not first_line or not re.search(r"\w", phrase.text) or _blocked(words, place, sheet):
            continue
        if -0.5 <= right <= BESIDE_TICK_MM:
            yield Label(clean(phrase.text), "right", right, phrase)
        elif -0.5 <= left <= BESIDE_TICK_MM:
            yield Label(clean(phrase.text), "left", left + 2.5, phrase)


def _blocked(words: Box, place: Place, sheet: Sheet) -> bool:
    """Tell whether another place lies between words and a place."""
    left, right = min(words.right, place.box.right), max(words.left, place.box.left)
    top, bottom = min(words.bottom, place.box.bottom), max(words.top, place.box.top)
    for box in (other.box for other in sheet.places if other.box != place.box):
        if right > left + 0.2:
            between = left - 0.5 <= box.left and box.right <= right + 0.5
            beside = box.top < place.box.bottom and box.bottom > place.box.top
        else:
            between = top - 0.6 <= box.top and box.bottom <= bottom + 0.6
            beside = min(box.right, place.box.right, words.right) - max(box.left, place.box.left, words.left) > 0.5
        if between and beside:
            return True
    return False
