"""Tell what closed cells are for: character cells, tick boxes, boxes to write into, cells with a label inside."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pages.drawing import Rule
from pages.page import Box
from templates.draft.place import Phrase, Place, Shape, around, overlap
from templates.draft.tables import Grid, within

TICK_MM = (1.9, 7.6)
MOST_CELL_WIDTH_MM = 10.0
MOST_CELL_HEIGHT_MM = 13.0
LEAST_WIDTH_MM = 7.0
LEAST_HEIGHT_MM = 3.0
LINE_MM = 8.0
TALL_MM = 14.0
BROAD = 0.6
"""A cell over this share of the sheet frames other things."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of a page while its cells are told apart; ``inside`` are things that make a cell a frame."""

    page: int
    width_mm: float
    height_mm: float
    phrases: Sequence[Phrase]
    inside: Sequence[Box]
    dated: Sequence[Rule] = ()


def told(cells: Sequence[Box], grid: Grid, heads: Container[int], paper: Paper) -> list[Place]:
    """Tell every closed cell apart; those whose ``id`` is in ``heads`` name others."""
    texts = {id(cell): [p for p in paper.phrases if within(p.box, cell)] for cell in cells}
    in_combs = {id(cell) for comb in grid.combs for cell in comb}
    places = [
        Place(paper.page, _pitched(comb), Shape.CELLS, f"a row of {len(comb)} equal boxes", cells=len(comb))
        for comb in grid.combs
    ]
    for cell in cells:
        if id(cell) not in in_combs and id(cell) not in heads and not _frames(cell, cells, paper):
            places += _lone(cell, texts[id(cell)], paper)
    return places


def grid_of(cells: Sequence[Box], phrases: Sequence[Phrase], ticks: Sequence[Box]) -> Grid:
    """Sort the cells of a page; ``ticks`` are those that are no closed cells."""
    worded = [cell for cell in cells if any(within(p.box, cell) for p in phrases)]
    known = {id(cell) for cell in worded}
    empty = [cell for cell in cells if id(cell) not in known]
    combs = list(_combs(empty))
    in_combs = {id(cell) for comb in combs for cell in comb}
    lone = [cell for cell in empty if id(cell) not in in_combs]
    return Grid(worded, combs, [c for c in lone if not is_tick(c)], [*ticks, *(c for c in lone if is_tick(c))])


def _frames(cell: Box, cells: Iterable[Box], paper: Paper) -> bool:
    """Tell a frame around other things from a cell: it holds boxes, lines, or most of the sheet."""
    if cell.width > BROAD * paper.width_mm and cell.height > BROAD * paper.height_mm:
        return True
    things = [*cells, *paper.inside]
    return any(other is not cell and other.width < cell.width + 0.5 and within(other, cell) for other in things)


def _lone(cell: Box, texts: Sequence[Phrase], paper: Paper) -> Iterator[Place]:
    if is_tick(cell) and not texts:
        yield Place(paper.page, cell, Shape.TICK, "a small square")
    elif not texts:
        if cell.width >= LEAST_WIDTH_MM and cell.height >= LEAST_HEIGHT_MM:
            yield sized(Place(paper.page, cell, Shape.BOX, "an empty box"))
    else:
        free = _free_part(cell, texts, paper)
        if free is not None:
            label = " ".join(p.text for p in texts)
            yield sized(Place(paper.page, free, Shape.BOX, "a cell with its label inside", inner=label))


def is_tick(cell: Box) -> bool:
    """Tell whether a cell has the size and shape of a tick box."""
    least, most = sorted((cell.width, cell.height))
    return TICK_MM[0] <= least and most <= TICK_MM[1] and most / least <= 1.35


def sized(place: Place) -> Place:
    """Make a high box a paragraph or an area."""
    if place.box.height < TALL_MM:
        return place
    lines = max(2, round(place.box.height / LINE_MM))
    return replace(place, shape=Shape.AREA, lines=lines)


def _free_part(cell: Box, texts: Sequence[Phrase], paper: Paper) -> Box | None:
    """Give the part of a labelled cell that is left to write into; None where the words are all there is to it."""
    words = around([p.box for p in texts])
    below, right = cell.bottom - words.bottom, cell.right - words.right
    above, left = words.top - cell.top, words.left - cell.left
    if below >= 3.3 and words.bottom <= cell.top + 0.62 * cell.height and cell.width >= LEAST_WIDTH_MM:
        return Box(cell.left, words.bottom + 0.3, cell.width, below - 0.3)
    if above >= 3.6 and below < 2.0 and cell.width >= LEAST_WIDTH_MM:
        return Box(cell.left, cell.top, cell.width, above - 0.3)
    heading = cell.width > BROAD * paper.width_mm and (any(p.bold for p in texts) or texts[0].text.isupper())
    centred = left > 2.0 and abs(left - right) < 0.25 * cell.width
    if right < 10.0 or heading or centred or cell.height < LEAST_HEIGHT_MM:
        return None
    return Box(words.right + 0.8, cell.top, right - 0.8, cell.height)


def _combs(cells: Sequence[Box]) -> Iterator[list[Box]]:
    """Chain equal cells that stand side by side: three or more, or two that share a side."""
    small = [c for c in cells if c.width <= MOST_CELL_WIDTH_MM and 2.4 <= c.height <= MOST_CELL_HEIGHT_MM]
    small.sort(key=lambda cell: (round(cell.top), cell.left))
    taken: set[int] = set()
    for first in small:
        if id(first) in taken:
            continue
        chain = [first]
        while (following := _next(chain, small, taken)) is not None:
            chain.append(following)
        if len(chain) > 2 or (len(chain) == 2 and _is_pair(*chain)):
            taken |= {id(cell) for cell in chain}
            yield chain


def _is_pair(one: Box, other: Box) -> bool:
    """Tell two character cells (of a province) from two tick boxes: they share a side, or are high and close."""
    gap = other.left - one.right
    return gap < 0.5 or (gap < 0.2 * one.width and one.height > 1.15 * one.width)


def _pitched(comb: Sequence[Box]) -> Box:
    """Span a row of cells so that equal parts of it have the cells' pitch: boxes that stand apart share the gaps."""
    whole = around(list(comb))
    gap = max(0.0, (whole.width - sum(cell.width for cell in comb)) / (len(comb) - 1))
    return Box(max(0.0, whole.left - gap / 2), whole.top, whole.width + gap, whole.height)


def _next(chain: Sequence[Box], cells: Sequence[Box], taken: set[int]) -> Box | None:
    last = chain[-1]
    step = chain[1].left - chain[0].left if len(chain) > 1 else None
    for cell in cells:
        if id(cell) in taken or abs(cell.top - last.top) > 0.6 or abs(cell.height - last.height) > 0.6:
            continue
        gap = cell.left - last.right
        even = step is None or abs(cell.left - last.left - step) <= 0.12 * step + 0.15
        if -0.3 <= gap <= 0.45 * last.width and abs(cell.width - last.width) <= 0.12 * last.width + 0.25 and even:
            return cell
    return None


def apart(places: Iterable[Place], taken: Sequence[Place]) -> list[Place]:
    """Leave out the places that lie over ones that are taken already."""
    return [p for p in places if not any(p.page == t.page and overlap(p.box, t.box) > 0.3 for t in taken)]
