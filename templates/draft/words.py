"""Words and phrases out of letters, and the lines and cells that are typed with underscores, dots and bars."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pages.drawing import Letter, Rule
from pages.page import Box
from templates.draft.place import Phrase, around

BARS = frozenset("|¦│")
BOX_SIGNS = frozenset("□☐❏❐❑❒▢◻◽○◯⃝\uf06f\uf0a8\uf071\uf072\uf0a3\uf0a1\uf099")
"""Signs that are printed as tick boxes, those of Wingdings in their private places among them."""

LEAST_LEADER_MM = 7.0
SHORT_LEADER_MM = 4.0
"""Enough for underscores, which nobody types for another reason, and for more dots than leave a sentence open."""
SAME_ROW_MM = 6.0
_LEADER = "[_‗.…·‥]"
_COMB = re.compile(r"(?:[|¦│][_‗ ]{1,4}){2,}[|¦│]?")
_DATE = re.compile(rf"(?:{_LEADER}{{2,}} ?/ ?){{2}}{_LEADER}{{2,}}")
_LINE = re.compile(rf"{_LEADER}{{3,}}")
_BRACKETS = re.compile(r"\[ {1,3}\]|\( {1,3}\)|\[[_‗]{0,2}\]")
BLANK = Letter(" ", Box(0, 0, 1, 1))
SAME_LINE = 0.6
WORD_GAP = 0.28
PHRASE_GAP = 1.1
"""Gaps in heights of the letters: wider parts words, or phrases."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What letters on a sheet stand for: phrases, and writing lines, cells and tick boxes that were typed.

    ``dates`` are those of the lines that two strokes part: ``___/___/_____``.
    """

    phrases: tuple[Phrase, ...]
    lines: tuple[Rule, ...]
    combs: tuple[tuple[Box, int], ...]
    ticks: tuple[Box, ...]
    dates: tuple[Rule, ...]
    words: tuple[Box, ...]
    """Where whole words stand: a ring or square within one is a letter of a scanned sheet."""


def read_letters(letters: Sequence[Letter], rules: Sequence[Rule] = ()) -> Typed:
    """Part the letters of a sheet into what is to be read and what is to be written on; upright lines part phrases."""
    left: list[Letter] = []
    lines: list[Rule] = []
    dates: list[Rule] = []
    combs: list[tuple[Box, int]] = []
    ticks = [letter.box for letter in letters if letter.sign in BOX_SIGNS]
    for row in _rows(letters):
        taken: set[int] = set()
        for found, part in _parts(row, _COMB, taken):
            combs.append((_raised(_around(part)), len(re.findall(r"[|¦│][_‗ ]+", found))))
        for _, part in _parts(row, _DATE, taken):
            dates.append(_under(part))
        for _, part in _parts(row, _LINE, taken, _is_leader):
            lines.append(_under(part))
        for _, part in _parts(row, _BRACKETS, taken):
            ticks.append(_around(part))
        told = (BLANK if id(x) in taken or x.sign in BOX_SIGNS or x.sign in BARS else x for x in row)
        left += [*told, BLANK]
    walls = [rule for rule in rules if not rule.level]
    walls += [Rule(box.left, box.top, box.left, box.bottom) for box in ticks]
    words = _words(left)
    solid = tuple(word.box for word in words if len(word.text) > 2)
    phrases = tuple(_phrases(words, walls))
    return Typed(phrases, (*lines, *dates), tuple(combs), tuple(ticks), tuple(dates), solid)


def _parts(
    row: Sequence[Letter], pattern: re.Pattern[str], taken: set[int], fits: Callable[[str, Box], bool] | None = None
) -> Iterator[tuple[str, list[Letter]]]:
    """Find a pattern in the letters of a row, and take those that match out of it; what was taken before is left."""
    text = "".join("\0" if id(letter) in taken else letter.sign for letter in row)
    for match in pattern.finditer(text):
        part = [letter for letter in row[match.start() : match.end()] if letter is not BLANK]
        if fits is None or fits(match[0], _around(part)):
            taken |= {id(letter) for letter in part}
            yield match[0], part


def _is_leader(text: str, box: Box) -> bool:
    """Tell a line to write on from dots that leave a sentence open."""
    typed = len(text) > 3 or not set(text) - set("_‗")
    return box.width >= (SHORT_LEADER_MM if typed else LEAST_LEADER_MM)


def _around(part: Iterable[Letter]) -> Box:
    return around([letter.box for letter in part])


def _under(part: Iterable[Letter]) -> Rule:
    box = _around(part)
    return Rule(box.left, box.bottom, box.right, box.bottom)


def _rows(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """Give the letters line by line; runs that stand apart on a line are parted by one blank."""
    row: list[Letter] = []
    for run in _runs(letters):
        if row and _on_one_line(row[-1].box, run[0].box):
            row.append(BLANK)
        elif row:
            yield row
            row = []
        row += run
    if row:
        yield row


def _on_one_line(before: Box, box: Box) -> bool:
    height = max(before.height, box.height, 1.5)
    return (
        abs(before.bottom - box.bottom) < SAME_LINE * height and -0.5 * height < box.left - before.right < SAME_ROW_MM
    )


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
    near = -0.5 * height < box.left - before.right < 2 * WORD_GAP * height
    ligature = box.left == before.left  # "fi" is two letters of one place
    return abs(before.bottom - box.bottom) < SAME_LINE * height and (near or ligature)


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
