"""The order in which a sheet is read: in columns where it has them, else from the top, left to right."""

from collections.abc import Sequence

from pages.page import Box
from templates.draft.place import Phrase, Place, Sheet

ROW_MM = 3.5
LINE_MM = 7.0
HEAD_MM = 9.0
GUTTER_MM = 3.0
LEAST_EACH = 5
MISALIGNED = 0.5
Item = Place | Phrase


def columns(sheet: Sheet) -> list[float]:
    """Give the right edges of the sheet's columns: two where a gutter parts lines that do not run level, else one."""
    boxes = [*(p.box for p in sheet.places), *(p.box for p in sheet.phrases)]
    best = max(_gutters(boxes, sheet.width_mm), key=lambda found: found[0], default=None)
    return [best[1], sheet.width_mm] if best is not None else [sheet.width_mm]


def _gutters(boxes: Sequence[Box], width: float) -> list[tuple[int, float]]:
    """List the places at which few things cross: (things kept on both sides, x in mm)."""
    found = []
    for step in range(round(0.35 * width), round(0.65 * width)):
        x = float(step)
        crossing = [b for b in boxes if b.left < x + GUTTER_MM / 2 and b.right > x - GUTTER_MM / 2]
        left = [b for b in boxes if b.right <= x]
        right = [b for b in boxes if b.left >= x]
        few = len(crossing) <= 0.12 * len(boxes)
        if few and min(len(left), len(right)) >= LEAST_EACH and _own_rows(left, right):
            found.append((min(len(left), len(right)), x))
    return found


def _own_rows(left: Sequence[Box], right: Sequence[Box]) -> bool:
    """Tell whether the two sides have rows of their own: in a table they run level."""
    rows = [b.bottom for b in left]
    off = [b for b in right if min(abs(b.bottom - row) for row in rows) > 0.8]
    return len(off) > MISALIGNED * len(right)


def in_order(items: Sequence[Item], edges: Sequence[float]) -> list[Item]:
    """Sort places and phrases: column by column, in each from the top; what spans columns parts them."""
    if len(edges) == 1:
        return _by_rows(items)
    found: list[Item] = []
    across = _by_rows([item for item in items if item.box.left < edges[0] - 2 and item.box.right > edges[0] + 2])
    rest = [item for item in items if item not in across]
    for wide in across:
        heads = [item for item in rest if _heads(item, wide)]
        found += _band([item for item in rest if item.box.top < wide.box.top and item not in heads], edges[0])
        rest = [item for item in rest if item.box.top >= wide.box.top]
        found += [*heads, wide]
    return found + _band(rest, edges[0])


def _heads(item: Item, wide: Item) -> bool:
    """Tell whether words stand close above something that spans the columns: they belong to it."""
    near = 0 <= wide.box.top - item.box.bottom < HEAD_MM and abs(item.box.left - wide.box.left) < 4
    return isinstance(item, Phrase) and near


def _band(items: Sequence[Item], edge: float) -> list[Item]:
    left = [item for item in items if item.box.right <= edge + 2]
    return _by_rows(left) + _by_rows([item for item in items if item.box.right > edge + 2])


def _by_rows(items: Sequence[Item]) -> list[Item]:
    rows: list[list[Item]] = []
    for item in sorted(items, key=_first_line):
        if rows and _first_line(item) - _first_line(rows[-1][0]) < ROW_MM:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [item for row in rows for item in sorted(row, key=lambda item: item.box.left)]


def _first_line(item: Item) -> float:
    """Give where the first line of an item stands: a high box begins beside its label."""
    return item.box.top + min(item.box.height, LINE_MM)


def reading_order(sheet: Sheet) -> list[Item]:
    """Put everything on a sheet into the order in which it is read."""
    return in_order(sheet.items, columns(sheet))
