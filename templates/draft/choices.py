"""Gather tick boxes into choices: radio buttons of a group, boxes in a row, boxes one below the other."""

from collections.abc import Iterable, Iterator, Sequence

from templates.draft.labels import label_of
from templates.draft.place import Place, Shape, Sheet

SAME_ROW_MM = 1.5
SAME_COLUMN_MM = 1.2
MOST_PITCH_MM = 11.0
MOST_GAP_MM = 65.0
SHORT = 42


def choices(sheet: Sheet) -> list[list[Place]]:
    """Group the tick boxes of a page, in the order of the sheet; a box that stands alone is a group of its own."""
    ticks = sorted(
        (p for p in sheet.places if p.shape is Shape.TICK), key=lambda p: (round(_middle(p) / 2), p.box.left)
    )
    radios = _radios(ticks)
    rest = [tick for tick in ticks if not tick.group]
    rows = [row for row in _rows(rest, sheet) if len(row) > 1]
    in_rows = {id(tick) for row in rows for tick in row}
    columns = list(_columns([tick for tick in rest if id(tick) not in in_rows], sheet))
    return sorted([*radios, *rows, *columns], key=lambda group: (group[0].box.top, group[0].box.left))


def _middle(place: Place) -> float:
    return place.box.top + place.box.height / 2


def _radios(ticks: Iterable[Place]) -> list[list[Place]]:
    groups: dict[str, list[Place]] = {}
    for tick in ticks:
        if tick.group:
            groups.setdefault(tick.group, []).append(tick)
    return list(groups.values())


def _rows(ticks: Sequence[Place], sheet: Sheet) -> Iterator[list[Place]]:
    """Chain boxes on one line with short labels and nothing to write between them."""
    row: list[Place] = []
    for tick in sorted(ticks, key=lambda p: (round(_middle(p) / SAME_ROW_MM / 2), p.box.left)):
        if row and not _follows(row[-1], tick, sheet):
            yield row
            row = []
        row.append(tick)
    if row:
        yield row


def _follows(last: Place, tick: Place, sheet: Sheet) -> bool:
    if abs(_middle(last) - _middle(tick)) > SAME_ROW_MM or not 0 < tick.box.left - last.box.right <= MOST_GAP_MM:
        return False
    words = label_of(last, sheet, tick=True).text
    return len(words) <= SHORT and not _something_between(last, tick, sheet)


def _something_between(last: Place, tick: Place, sheet: Sheet) -> bool:
    return any(
        p.shape is not Shape.TICK
        and last.box.right <= p.box.left
        and p.box.right <= tick.box.left
        and p.box.top <= _middle(tick) <= p.box.bottom
        for p in sheet.places
    )


def _columns(ticks: Sequence[Place], sheet: Sheet) -> Iterator[list[Place]]:
    rest = sorted(ticks, key=lambda p: p.box.top)
    while rest:
        column = [rest[0]]
        for tick in rest[1:]:
            last = column[-1]
            near = SAME_ROW_MM < tick.box.top - last.box.top <= MOST_PITCH_MM
            if near and abs(tick.box.left - last.box.left) <= SAME_COLUMN_MM and not _parted(last, tick, sheet):
                column.append(tick)
        rest = [tick for tick in rest if tick not in column]
        yield column


def _parted(last: Place, tick: Place, sheet: Sheet) -> bool:
    """Tell whether something to write into starts between two boxes, at their left edge."""
    return any(
        p.shape is not Shape.TICK and last.box.bottom < p.box.top < tick.box.top and p.box.left < tick.box.right + 3
        for p in sheet.places
    )
