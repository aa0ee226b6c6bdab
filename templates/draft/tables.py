"""Tables: which cells of words name other cells, those to their right or those below them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pages.page import Box
from templates.draft.place import Phrase, Place, Shape, around

SAME_MM = 1.0
SAME_WIDTH_MM = 1.5
OWN_ROOM_MM = 40.0
"""A cell of words with so much free room, and twice that of the empty cell beside it, is written into itself."""


@dataclass(frozen=True, slots=True)
class Named:
    """A cell that another names: ``row`` counts from 1 in a column of several, and is 0 where there is but one."""

    cell: Box
    head: Box
    row: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a page: with words in them, character cells in rows, and empty ones."""

    worded: Sequence[Box]
    combs: Sequence[Sequence[Box]]
    empty: Sequence[Box]
    ticks: Sequence[Box]


def named(grid: Grid, phrases: Sequence[Phrase]) -> list[Named]:
    """Pair cells with the cells that name them; what is named from its left is not named from above."""
    beside = list(_beside(grid, phrases))
    known = {id(item.cell) for item in beside}
    return [*beside, *(item for item in _below(grid) if id(item.cell) not in known)]


def joined(phrases: Sequence[Phrase], heads: Sequence[Box]) -> tuple[Phrase, ...]:
    """Make the words in each of some cells one phrase, whatever lines they are on."""
    kept = list(phrases)
    for head in heads:
        mine = sorted((p for p in kept if within(p.box, head)), key=lambda p: (round(p.box.bottom), p.box.left))
        if len(mine) > 1:
            lines = len({round(p.box.bottom) for p in mine})
            whole = Phrase(" ".join(p.text for p in mine), around([p.box for p in mine]), mine[0].bold, lines)
            kept = [whole, *(p for p in kept if p not in mine)]
    return tuple(kept)


def with_head(place: Place, pairs: Sequence[Named], phrases: Sequence[Phrase]) -> Place:
    """Say which words name a place, where it lies in a cell that another names."""
    for pair in pairs:
        mine = within(pair.cell, place.box) if place.shape is Shape.CELLS else within(place.box, pair.cell)
        if mine:
            return replace(place, head=next(p for p in phrases if within(p.box, pair.head)), row=pair.row)
    return place


def within(inner: Box, cell: Box) -> bool:
    """Tell whether the middle of a box lies in a cell."""
    return cell.covers(inner.left + inner.width / 2, inner.top + inner.height / 2)


def _beside(grid: Grid, phrases: Sequence[Phrase]) -> Iterator[Named]:
    """Pair empty cells with the cell of words to their left that they share a side with.

    A row of character cells counts as one, by its first. An empty cell that another follows stands in a column of
    such, which its head names.
    """
    wholes = [*((cell, cell) for cell in grid.empty), *((comb[0], around(list(comb))) for comb in grid.combs)]
    for first, whole in wholes:
        head = next((cell for cell in grid.worded if _adjoins(cell, first)), None)
        if head is None or any(_adjoins(whole, other) for other in grid.empty):
            continue
        words = max(p.box.right for p in phrases if within(p.box, head))
        if head.right - words < max(OWN_ROOM_MM, 2 * whole.width):
            yield Named(first, head)


def _below(grid: Grid) -> Iterator[Named]:
    """Pair the cells of columns with their heads, where a row of heads stands over them."""
    answers = [*grid.empty, *(c for c in grid.worded if any(t is not c and within(t, c) for t in grid.ticks))]
    columns = [(head, _column(head, answers)) for head in grid.worded if not _is_any(head, answers)]
    columns = [(head, column) for head, column in columns if column]
    empty = {id(cell) for cell in grid.empty}
    for head, column in columns:
        row = [other for other, cells in columns if _level(head, other) and id(cells[0]) in empty]
        if row:
            several = len(column) > 1
            yield from (Named(cell, head, number if several else 0) for number, cell in enumerate(column, 1))


def _column(head: Box, cells: Sequence[Box]) -> list[Box]:
    found: list[Box] = []
    while (below := _first(cells, lambda cell: _stands_below(cell, found[-1] if found else head))) is not None:
        found.append(below)
    return found


def _first(cells: Sequence[Box], fits: Callable[[Box], bool]) -> Box | None:
    return next((cell for cell in cells if fits(cell)), None)


def _is_any(cell: Box, cells: Sequence[Box]) -> bool:
    return any(other is cell for other in cells)


def _stands_below(cell: Box, upper: Box) -> bool:
    same = abs(cell.left - upper.left) < SAME_MM and abs(cell.width - upper.width) < SAME_WIDTH_MM
    return same and abs(cell.top - upper.bottom) < SAME_MM


def _level(one: Box, other: Box) -> bool:
    return abs(one.top - other.top) < SAME_MM and abs(one.bottom - other.bottom) < SAME_MM


def _adjoins(left: Box, right: Box) -> bool:
    return _level(left, right) and abs(right.left - left.right) < SAME_MM
