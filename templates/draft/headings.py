"""Tell headings and the title from labels and small print."""

import re
from collections.abc import Sequence
from statistics import median

from templates.draft.labels import clean
from templates.draft.place import Phrase, Sheet

NUMBERED = re.compile(r"(?:(?i:sezione|quadro|parte|sez\.)\s+\w+|(?:[A-Z]|\d{1,2}|[IVX]{1,4})\s*[.)–-]\s)")
LARGE = 1.18
TITLE_SHARE = 0.45


def headings(sheet: Sheet, labels: Sequence[Phrase]) -> list[Phrase]:
    """List the phrases that head sections, in the order of the sheet; what labels a place heads none."""
    used = {id(phrase) for phrase in labels}
    usual = median(p.height for p in sheet.phrases) if sheet.phrases else 3.0
    return [p for p in sheet.phrases if id(p) not in used and _heads(p, usual) and not _level_with_place(p, sheet)]


def _heads(phrase: Phrase, usual: float) -> bool:
    text = clean(phrase.text)
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 4 or len(text) > 90:
        return False
    upper = sum(c.isupper() for c in letters) > 0.75 * len(letters)
    marks = (upper, phrase.bold, phrase.height > LARGE * usual, NUMBERED.match(text) is not None)
    return sum(marks) >= (1 if marks[0] or marks[1] or marks[3] else 2)


def _level_with_place(phrase: Phrase, sheet: Sheet) -> bool:
    middle = phrase.box.top + phrase.box.height / 2
    return any(
        place.box.top <= middle <= place.box.bottom and place.box.left - phrase.box.right < 80
        for place in sheet.places
        if place.box.left >= phrase.box.left and not place.box.covers(phrase.box.left + 1, middle)
    )


def title_of(sheet: Sheet) -> str:
    """Give the largest words in the upper part of the first page, "" when it has none."""
    upper = [p for p in sheet.phrases if p.box.top < TITLE_SHARE * sheet.height_mm and re.search(r"\w{3}", p.text)]
    if not upper:
        return ""
    return clean(max(upper, key=lambda p: (round(p.height, 1), p.bold, -p.box.top)).text)
