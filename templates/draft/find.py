"""Find the places of one page: form fields first, then closed cells, then open lines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pages.acroform import Widget
from pages.drawing import Drawing, Rule
from pages.page import Box
from templates.draft.boxes import Paper, apart, grid_of, sized, told
from templates.draft.lines import cells, join
from templates.draft.place import Place, Shape, Sheet, overlap
from templates.draft.tables import joined, named, with_head
from templates.draft.words import Typed, read_letters
from templates.draft.writing import open_lines, parted, written

COMB, MULTILINE, RADIO, PUSH = 1 << 24, 1 << 12, 1 << 15, 1 << 16
MOST_PLACES = 600
MOST_CELLS = 1000


class Crowded(Exception):
    """A page has more places than any form; the message is for the operator."""


def find(drawing: Drawing, page: int, widgets: Sequence[tuple[Widget, Box]] = ()) -> Sheet:
    """Find the places and phrases of a page; ``widgets`` are its form fields with their boxes (mm).

    Raises ``Crowded`` for a page that is no form.
    """
    rules = join(drawing.rules)
    walls = [Rule(b.left + b.width / 2, b.top, b.left + b.width / 2, b.bottom) for b in drawing.rounds]
    typed = read_letters(drawing.letters, [*rules, *walls])
    closed = cells(rules, drawing.width_mm, drawing.height_mm)
    if len(closed) > MOST_CELLS:
        raise Crowded(f"page {page} has more than {MOST_CELLS} closed boxes: it is no form that people fill")
    drawn, dates = parted(rules, drawing.letters)
    lines = open_lines(drawn, [*typed.lines, *dates], closed)
    within = [Box(r.x0, r.y0 - 0.1, r.length, 0.2) for r in lines]
    grid = grid_of(closed, typed.phrases, [*drawing.rounds, *typed.ticks])
    pairs = named(grid, typed.phrases)
    phrases = joined(typed.phrases, [pair.head for pair in pairs])
    inside = [*drawing.rounds, *typed.ticks, *within]
    paper = Paper(page, drawing.width_mm, drawing.height_mm, phrases, inside, [*typed.dates, *dates])
    shared = Counter(widget.name for widget, _ in widgets)
    found = (_of_widget(widget, box, page, shared=shared[widget.name] > 1) for widget, box in widgets)
    places = list(_once(place for place in found if place is not None))
    for more in (
        told(closed, grid, {id(pair.head) for pair in pairs}, paper),
        [Place(page, box, Shape.CELLS, "cells typed with bars", cells=count) for box, count in typed.combs],
        [Place(page, box, Shape.TICK, "a small circle") for box in drawing.rounds],
        [Place(page, box, Shape.TICK, "the sign of a box") for box in typed.ticks],
        written(lines, rules, closed, paper),
    ):
        places += _once(p for p in apart(more, places) if p.shape is not Shape.TICK or not _is_letter(p, typed))
        if len(places) > MOST_PLACES:
            raise Crowded(f"page {page} has more than {MOST_PLACES} boxes and lines: it is no form that people fill")
    on_sheet = tuple(with_head(place, pairs, phrases) for place in places if sheet_covers(drawing, place.box))
    return Sheet(page, drawing.width_mm, drawing.height_mm, on_sheet, phrases)


def sheet_covers(drawing: Drawing, box: Box) -> bool:
    """Tell whether a box lies wholly on the sheet."""
    return box.left >= 0 and box.top >= 0 and box.right <= drawing.width_mm and box.bottom <= drawing.height_mm


def _is_letter(place: Place, typed: Typed) -> bool:
    middle = place.box.left + place.box.width / 2, place.box.top + place.box.height / 2
    return any(word.covers(*middle) for word in typed.words)


def _once(places: Iterable[Place]) -> Iterator[Place]:
    """Keep the first of places that lie over one another: a box drawn twice, a circle in a circle."""
    kept: list[Place] = []
    for place in places:
        if not any(overlap(place.box, other.box) > 0.3 for other in kept):
            kept.append(place)
            yield place


def _of_widget(widget: Widget, box: Box, page: int, *, shared: bool) -> Place | None:
    """Take a form field over; push buttons are none. ``shared`` buttons of one name exclude one another."""
    if widget.sort == "Btn":
        if widget.flags & PUSH or min(box.width, box.height) < 1.0:
            return None
        group = widget.name if widget.flags & RADIO or shared else ""
        return Place(
            page, box, Shape.TICK, "a form field", widget=widget.name, state=widget.state, group=group, tip=widget.tip
        )
    if box.width < 2.0 or box.height < 2.0:
        return None
    if widget.sort == "Sig":
        return Place(page, box, Shape.AREA, "a signature field", widget=widget.name, tip=widget.tip or "Firma")
    comb = bool(widget.flags & COMB) and 1 < widget.most <= box.width / 1.8
    place = Place(
        page, box, Shape.CELLS if comb else Shape.BOX, "a form field", cells=widget.most if comb else 0,
        max_length=widget.most, widget=widget.name, tip=widget.tip,
    )  # fmt: skip
    return sized(place) if widget.flags & MULTILINE else place
