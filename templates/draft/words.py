"""Words and phrases out of letters, and the lines and cells that are typed with underscores, dots and bars."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pages.drawing import Letter, Rule
from pages.page import Box
from templates.draft.place import Phrase, around

LEADERS = frozenset("_.…·‗‥")
BARS = frozenset("|¦│")
BOX_SIGNS = frozenset("□☐❏❐❑❒▢◻◽○◯⃝\uf06f\uf0a8\uf071\uf072\uf0a3\uf0a1\uf099")
"""Signs that are printed as tick boxes, those of Wingdings in their private places among them."""

LEAST_LEADER_MM = 7.0
SAME_LINE = 0.6
WORD_GAP = 0.28
PHRASE_GAP = 1.1
"""Gaps in heights of the letters: wider parts words, or phrases."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What letters on a sheet stand for: phrases, and writing lines, cells and tick boxes that were typed."""

    phrases: tuple[Phrase, ...]
    lines: tuple[Rule, ...]
    combs: tuple[tuple[Box, int], ...]
    ticks: tuple[Box, ...]
    words: tuple[Box, ...]
    """Where whole words stand: a ring or square within one is a letter of a scanned sheet."""


def read_letters(letters: Sequence[Letter], rules: Sequence[Rule] = ()) -> Typed:
    """Part the letters of a sheet into what is to be read and what is to be written on; upright lines part phrases."""
    walls = [rule for rule in rules if not rule.level]
    walls += [Rule(x.box.left, x.box.top, x.box.left, x.box.bottom) for x in letters if x.sign in BOX_SIGNS]
    rows = list(_runs(letters))
    left: list[Letter] = []
    lines: list[Rule] = []
    combs: list[tuple[Box, int]] = []
    ticks = [letter.box for letter in letters if letter.sign in BOX_SIGNS]
    for run in rows:
        text = "".join(letter.sign for letter in run)
        rest = list(run)
        for match in re.finditer(r"(?:[|¦│][_‗ ]{1,4}){2,}[|¦│]?", text):
            part = run[match.start() : match.end()]
            combs.append((_raised(around([x.box for x in part])), len(re.findall(r"[|¦│][_‗ ]+", match[0]))))
            rest = [letter for letter in rest if letter not in part]
        for match in re.finditer(r"[_‗.…·‥]{3,}", text):
            part = run[match.start() : match.end()]
            box = around([x.box for x in part])
            if box.width >= LEAST_LEADER_MM and any(letter in rest for letter in part):
                lines.append(Rule(box.left, box.bottom, box.right, box.bottom))
                rest = [letter for letter in rest if letter not in part]
        left += [*(x for x in rest if x.sign not in BOX_SIGNS and x.sign not in BARS), Letter(" ", Box(0, 0, 1, 1))]
    words = _words(left)
    solid = tuple(word.box for word in words if len(word.text) > 2)
    return Typed(tuple(_phrases(words, walls)), tuple(lines), tuple(combs), tuple(ticks), solid)


def _raised(box: Box) -> Box:
    """Give typed cells the height in which people write: the bars are no higher than a letter."""
    height = max(box.height, 5.0)
    return Box(box.left, box.bottom - height, box.width, height)


def _runs(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """Part letters where white space or a jump stands; blanks within a line are kept as blanks."""
    run: list[Letter] = []
    for letter in letters:
        if letter.sign == " ":
            if run:
                yield run
            run = []
        elif run and not _goes_on(run[-1].box, letter.box):
            yield run
            run = [letter]
        else:
            run.append(letter)
    if run:
        yield run


def _goes_on(before: Box, box: Box) -> bool:
    height = max(before.height, box.height, 1.5)
    middle = abs(before.bottom - box.bottom)
    return middle < SAME_LINE * height and -0.5 * height < box.left - before.right < 2 * WORD_GAP * height


def _words(letters: Iterable[Letter]) -> list[Phrase]:
    words = []
    for run in _runs(letters):
        text = "".join(letter.sign for letter in run)
        words.append(Phrase(text, around([x.box for x in run]), sum(x.bold for x in run) * 2 > len(run)))
    return [word for word in words if re.search(r"\w|[/()€*:&–-]", word.text)]


def _phrases(words: Sequence[Phrase], walls: Sequence[Rule]) -> Iterator[Phrase]:
    """Join the words of a line that stand near each other, left to right."""
    for line in _lines(words):
        wide = max(2.0, PHRASE_GAP * min(6.0, max(word.height for word in line)))
        part = [line[0]]
        for word in line[1:]:
            gap = word.box.left - part[-1].box.right
            if gap > wide or _walled(part[-1], word, walls):
                yield _joined(part)
                part = []
            part.append(word)
        yield _joined(part)


def _walled(one: Phrase, other: Phrase, walls: Sequence[Rule]) -> bool:
    middle = one.box.top + one.box.height / 2
    return any(one.box.right <= wall.x0 <= other.box.left and wall.y0 <= middle <= wall.y1 for wall in walls)


def _lines(words: Sequence[Phrase]) -> Iterator[list[Phrase]]:
    rest = sorted(words, key=lambda word: (word.box.bottom, word.box.left))
    while rest:
        first = rest[0]
        same = [w for w in rest if abs(w.box.bottom - first.box.bottom) < SAME_LINE * max(1.5, first.height)]
        yield sorted(same, key=lambda word: word.box.left)
        rest = [word for word in rest if word not in same]


def _joined(part: list[Phrase]) -> Phrase:
    bold = sum(len(w.text) for w in part if w.bold) * 2 > sum(len(w.text) for w in part)
    return Phrase(" ".join(word.text for word in part), around([word.box for word in part]), bold)
