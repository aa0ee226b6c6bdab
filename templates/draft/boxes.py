"""Tell what closed cells are for: character cells, tick boxes, boxes to write into, cells with a label inside."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pages.drawing import Rule
from pages.page import Box
from templates.draft.place import Phrase, Place, Shape, around, overlap

TICK_MM = (1.9, 7.6)
MOST_CELL_WIDTH_MM = 10.0
MOST_CELL_HEIGHT_MM = 13.0
LEAST_WIDTH_MM = 7.0
LEAST_HEIGHT_MM = 3.0
LINE_MM = 8.0
OWN_ROOM_MM = 40.0
"""A cell of words with so much free room, and twice that of the empty cell beside it, is written into itself."""
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


def told(cells: Sequence[Box], paper: Paper) -> list[Place]:
    """Tell every closed cell apart."""
    texts = {id(cell): [p for p in paper.phrases if _within(p.box, cell)] for cell in cells}
    empty = [cell for cell in cells if not texts[id(cell)]]
    combs = list(_combs(empty))
    used = {id(cell) for comb in combs for cell in comb}
    heads = dict(_heads(cells, paper.phrases))
    names = {key: texts[id(head)][0] for key, head in heads.items()}
    naming = {id(head) for head in heads.values()}
    places = [
        Place(
            paper.page, _pitched(comb), Shape.CELLS, f"a row of {len(comb)} equal boxes", cells=len(comb),
            beside=names.get(id(comb[0])),
        )
        for comb in combs
    ]  # fmt: skip
    for cell in cells:
        if id(cell) not in used and id(cell) not in naming and not _frames(cell, cells, paper):
            found = _lone(cell, texts[id(cell)], empty, paper)
            places += (replace(place, beside=names.get(id(cell))) for place in found)
    return places


def joined_heads(cells: Sequence[Box], phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Make the words in a cell that names the empty cell to its right one phrase, whatever lines they are on."""
    kept = list(phrases)
    for head in {id(head): head for _, head in _heads(cells, phrases)}.values():
        mine = sorted((p for p in kept if _within(p.box, head)), key=lambda p: (round(p.box.bottom), p.box.left))
        if len(mine) > 1:
            lines = len({round(p.box.bottom) for p in mine})
            whole = Phrase(" ".join(p.text for p in mine), around([p.box for p in mine]), mine[0].bold, lines)
            kept = [whole, *(p for p in kept if p not in mine)]
    return tuple(kept)


def _heads(cells: Sequence[Box], phrases: Sequence[Phrase]) -> Iterator[tuple[int, Box]]:
    """Pair empty cells with the cell of words to their left that they share a side with: a table of names and values.

    A row of character cells counts as one, by its first. An empty cell that another follows stands in a column of
    such, which its head names.
    """
    worded = [cell for cell in cells if any(_within(p.box, cell) for p in phrases)]
    known = {id(cell) for cell in worded}
    empty = [cell for cell in cells if id(cell) not in known]
    combs = list(_combs(empty))
    in_combs = {id(cell) for comb in combs for cell in comb}
    lone = [cell for cell in empty if id(cell) not in in_combs]
    for first, whole in [*((cell, cell) for cell in lone), *((comb[0], around(comb)) for comb in combs)]:
        head = next((cell for cell in worded if _adjoins(cell, first)), None)
        if head is None or any(_adjoins(whole, other) for other in lone):
            continue
        words = max(p.box.right for p in phrases if _within(p.box, head))
        if head.right - words < max(OWN_ROOM_MM, 2 * whole.width):
            yield id(first), head


def _adjoins(left: Box, right: Box) -> bool:
    same = abs(left.top - right.top) < 1 and abs(left.bottom - right.bottom) < 1
    return same and abs(right.left - left.right) < 0.8


def _within(inner: Box, cell: Box) -> bool:
    return cell.covers(inner.left + inner.width / 2, inner.top + inner.height / 2)


def _frames(cell: Box, cells: Iterable[Box], paper: Paper) -> bool:
    """Tell a frame around other things from a cell: it holds boxes, lines, or most of the sheet."""
    if cell.width > BROAD * paper.width_mm and cell.height > BROAD * paper.height_mm:
        return True
    things = [*cells, *paper.inside]
    return any(other is not cell and other.width < cell.width + 0.5 and _within(other, cell) for other in things)


def _lone(cell: Box, texts: Sequence[Phrase], empty: Sequence[Box], paper: Paper) -> Iterator[Place]:
    if is_tick(cell) and not texts:
        yield Place(paper.page, cell, Shape.TICK, "a small square")
    elif not texts:
        if cell.width >= LEAST_WIDTH_MM and cell.height >= LEAST_HEIGHT_MM:
            yield sized(Place(paper.page, cell, Shape.BOX, "an empty box"))
    else:
        free = _free_part(cell, texts, empty, paper)
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


def _free_part(cell: Box, texts: Sequence[Phrase], empty: Sequence[Box], paper: Paper) -> Box | None:
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
    if right < 10.0 or heading or centred or _heads_column(cell, empty) or cell.height < LEAST_HEIGHT_MM:
        return None
    return Box(words.right + 0.8, cell.top, right - 0.8, cell.height)


def _heads_column(cell: Box, empty: Sequence[Box]) -> bool:
    return any(
        abs(other.left - cell.left) < 1 and abs(other.width - cell.width) < 1.5 and abs(other.top - cell.bottom) < 1
        for other in empty
    )


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
