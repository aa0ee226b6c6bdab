"""Tell what open lines are for: writing lines, combs with teeth, paragraphs of several lines, or mere ornament."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pages.drawing import Letter, Rule
from pages.page import Box
from templates.draft.boxes import Paper
from templates.draft.place import Phrase, Place, Shape

LEAST_LENGTH_MM = 8.0
MOST_HEIGHT_MM = 7.5
LEAST_HEIGHT_MM = 2.6
TOOTH_MM = (1.2, 8.0)
ORNAMENT = 0.72
"""A lone line over this share of the sheet's width parts sections."""
BELOW_MM = 0.2
MOST_PART_MM = 30.0
MOST_GAP_MM = 6.0
"""Of the parts of a date, and between them."""
PITCH_MM = (4.5, 13.0)


def open_lines(rules: Sequence[Rule], typed: Sequence[Rule], cells: Sequence[Box]) -> list[Rule]:
    """Keep the level lines that can be written on: long enough if they are drawn, and no edge of a closed cell."""
    drawn = [rule for rule in rules if rule.level and rule.length >= LEAST_LENGTH_MM]
    return [line for line in (*drawn, *typed) if not _edges(line, cells)]


def parted(rules: Sequence[Rule], letters: Sequence[Letter]) -> tuple[list[Rule], list[Rule]]:
    """Join three short lines that strokes part, ``__/__/____``, to one for a date. Give the rest, and the joined."""
    strokes = [letter.box for letter in letters if letter.sign == "/"]
    level = sorted((r for r in rules if r.level and r.length < MOST_PART_MM), key=lambda r: (round(r.y0), r.x0))
    dates = []
    used: set[int] = set()
    for three in zip(level, level[1:], level[2:], strict=False):
        mine = {id(rule) for rule in three}
        if not used & mine and all(_stroke_between(a, b, strokes) for a, b in itertools.pairwise(three)):
            used |= mine
            dates.append(Rule(three[0].x0, three[0].y0, three[2].x1, three[0].y0))
    return [rule for rule in rules if id(rule) not in used], dates


def _stroke_between(one: Rule, other: Rule, strokes: Sequence[Box]) -> bool:
    if abs(one.y0 - other.y0) > 0.5 or not 0 < other.x0 - one.x1 < MOST_GAP_MM:
        return False
    level = (s.left + s.width / 2 for s in strokes if s.top < one.y0 < s.bottom + 3)
    return any(one.x1 - 1 < x < other.x0 + 1 for x in level)


def written(lines: Sequence[Rule], rules: Sequence[Rule], cells: Sequence[Box], paper: Paper) -> list[Place]:
    """Tell the open level lines of a page apart; ``rules`` are all its lines, ``cells`` its closed ones."""
    open_ = [line for line in lines if not _underlines(line, paper.phrases)]
    combs = [(line, comb) for line in open_ if (comb := _comb(line, rules, paper)) is not None]
    toothed = {id(line) for line, _ in combs}
    plain = [p for line in open_ if id(line) not in toothed and (p := _line(line, open_, cells, paper)) is not None]
    return [*(comb for _, comb in combs), *_paragraphs(plain, paper)]


def _edges(line: Rule, cells: Sequence[Box]) -> bool:
    """Tell whether a line is an edge of closed cells, which count instead of it."""
    covered = 0.0
    for cell in cells:
        if min(abs(line.y0 - cell.top), abs(line.y0 - cell.bottom)) < 0.5:
            covered += max(0.0, min(line.x1, cell.right) - max(line.x0, cell.left))
    return covered > 0.4 * line.length


def _underlines(line: Rule, phrases: Sequence[Phrase]) -> bool:
    covered = sum(
        max(0.0, min(line.x1, p.box.right) - max(line.x0, p.box.left))
        for p in phrases
        if -0.8 < line.y0 - p.box.bottom < 1.3
    )
    return covered > 0.5 * line.length


def _comb(line: Rule, rules: Sequence[Rule], paper: Paper) -> Place | None:
    """Find equal teeth on a line: a row of character cells that is open at the top."""
    teeth = sorted(
        {
            round(rule.x0, 1): rule
            for rule in rules
            if not rule.level
            and abs(rule.y1 - line.y0) < 0.6
            and line.x0 - 0.5 <= rule.x0 <= line.x1 + 0.5
            and TOOTH_MM[0] <= rule.length <= TOOTH_MM[1]
        }.values(),
        key=lambda rule: rule.x0,
    )
    spots = [tooth.x0 for tooth in teeth]
    spots = [line.x0, *(x for x in spots if line.x0 + 1 < x < line.x1 - 1), line.x1]
    steps = [b - a for a, b in itertools.pairwise(spots)]
    if len(steps) < 3 or max(steps) - min(steps) > 0.2 * max(steps) + 0.2 or max(steps) > 12:
        return None
    height = max(5.0, *(tooth.length for tooth in teeth))
    box = Box(line.x0, line.y0 - height, line.length, height)
    return Place(paper.page, box, Shape.CELLS, f"a line with {len(steps) - 1} teeth", cells=len(steps))


def _line(line: Rule, lines: Sequence[Rule], cells: Sequence[Box], paper: Paper) -> Place | None:
    """Give a line the height that is free above it; None where nobody could write."""
    tops = [0.0]
    words = [p for p in paper.phrases if p.text != "/"]
    tops += [p.box.bottom for p in words if _over(line, p.box.left, p.box.right, p.box.bottom)]
    tops += [o.y0 for o in lines if o is not line and _over(line, o.x0, o.x1, o.y0)]
    tops += [c.bottom for c in cells if _over(line, c.left, c.right, c.bottom)]
    height = min(MOST_HEIGHT_MM, line.y0 - max(tops) - 0.3)
    if height < LEAST_HEIGHT_MM:
        return None
    box = Box(line.x0, line.y0 - height, line.length, height + BELOW_MM)
    return Place(paper.page, box, Shape.LINE, "a line", dated=line in paper.dated)


def _over(line: Rule, left: float, right: float, bottom: float) -> bool:
    return bottom < line.y0 - 0.4 and min(line.x1, right) - max(line.x0, left) > 1.0


def _paragraphs(lines: Sequence[Place], paper: Paper) -> Iterator[Place]:
    """Join lines of one length that stand close together without words between; leave lone ornaments out."""
    rest = sorted(lines, key=lambda place: (place.box.bottom, place.box.left))
    while rest:
        group = [rest[0]]
        for place in rest[1:]:
            if _continues(group[-1], place, paper):
                group.append(place)
        rest = [place for place in rest if place not in group]
        if len(group) > 1:
            first, last = group[0].box, group[-1].box
            box = Box(first.left, first.top, first.width, last.bottom - first.top)
            yield replace(group[0], box=box, shape=Shape.AREA, lines=len(group), found=f"{len(group)} lines")
        elif group[0].box.width < ORNAMENT * paper.width_mm:
            yield group[0]


def _continues(last: Place, place: Place, paper: Paper) -> bool:
    step = place.box.bottom - last.box.bottom
    if not PITCH_MM[0] <= step <= PITCH_MM[1] or last.dated or place.dated:
        return False
    if abs(place.box.right - last.box.right) > 2.5 or place.box.left - last.box.left > 2.5:
        return False
    return not any(
        last.box.bottom + 0.3 < p.box.bottom - p.height / 3 < place.box.bottom + 0.6
        and p.box.left < place.box.right
        and p.box.right > place.box.left - 70
        for p in paper.phrases
    )
