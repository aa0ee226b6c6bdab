"""Fill a form by hand and print nothing: characters into their cells, capitals on the lines (vector PDF)."""

from dataclasses import dataclass
from io import BytesIO
from random import Random

from reportlab.pdfgen.canvas import Canvas

from pages.page import Box
from parsers.reading import Content
from samples.pen import MM, Sheet, sign, strike, tick
from samples.penman import Penman, Strokes, span, spelled
from samples.typed import stamp
from samples.writing import marks, write
from templates.form import Field, Form, Kind

GAP = 0.18
"""Space between characters on a line, as a share of the height of a capital; a word's space is three of it."""
LINE_HEIGHT_MM = 3.6
CELL_ROOM_MM = 4.6


@dataclass(frozen=True, slots=True)
class Habit:
    """How well a hand keeps to the boxes: ``stray_mm`` is the deviation of a character's middle from its cell's."""

    penman: Penman
    stray_mm: float = 0.35
    tick: str = "cross"


def hand_fill(
    form: Form, values: dict[str, Content], habit: Habit, rng: Random, *, raw: dict[str, str] | None = None
) -> bytes:
    """Return the blank with everything written in by hand, flat. ``raw`` overrides how a field is written.

    A raw text of "---" is a pen stroke through the zone.
    """
    written = {name: write(f, values.get(name), rng) for name, f in form.fields.items()} | (raw or {})
    out = BytesIO()
    canvas = Canvas(out, pagesize=(form.page_width_mm * MM, form.page_height_mm * MM), invariant=1)
    sheet = Sheet(canvas, form.page_height_mm)
    for number in range(1, form.page_count + 1):
        _use(canvas, habit.penman)
        for field in form.fields.values():
            _fill(sheet, field, number, values.get(field.name), written[field.name], habit, rng)
        canvas.showPage()
    canvas.save()
    return stamp(form.blank, out.getvalue())


def _use(canvas: Canvas, penman: Penman) -> None:
    canvas.setLineWidth(penman.pen_mm * MM)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    canvas.setStrokeColorRGB(0.07, 0.08, 0.25)


def _fill(sheet: Sheet, field: Field, number: int, value: Content, text: str, habit: Habit, rng: Random) -> None:
    for option in field.options:
        if option.page == number and option.value in marks(field, value):
            tick(sheet, option.box, rng, style=habit.tick)
    if field.page != number:
        return
    if field.kind is Kind.TICK and value is True:
        tick(sheet, field.box, rng, style=habit.tick)
    elif field.kind is Kind.INK and value is True:
        sign(sheet, field.box, rng)
        _use(sheet.canvas, habit.penman)
    elif text == "---":
        strike(sheet, field.box)
        _use(sheet.canvas, habit.penman)
    elif text:
        _hand(sheet, field, text, habit, rng)


def _hand(sheet: Sheet, field: Field, text: str, habit: Habit, rng: Random) -> None:
    if field.cells and len(text) <= field.cells:
        for cell, (_, strokes) in zip(field.box.split(field.cells), spelled(habit.penman, text, rng), strict=False):
            _in_cell(sheet, cell, strokes, habit, rng)
        return
    pitch = field.box.height / field.lines
    rows = _rows(text, field, habit.penman, rng)
    for i, row in enumerate(rows[: field.lines]):
        _line(sheet, Box(field.box.left + 1, field.box.top + i * pitch, field.box.width - 2, pitch), row, rng)


def _in_cell(sheet: Sheet, cell: Box, strokes: Strokes, habit: Habit, rng: Random) -> None:
    if not strokes:
        return
    left, top, right, bottom = span(strokes)
    fit = min(1.0, CELL_ROOM_MM / max(right - left, 0.1))
    x = cell.left + cell.width / 2 + rng.gauss(0, habit.stray_mm) - fit * (left + right) / 2
    y = cell.top + cell.height / 2 + rng.gauss(0, habit.stray_mm) - fit * (top + bottom) / 2
    _draw(sheet, strokes, x, y, fit)


def _rows(text: str, field: Field, penman: Penman, rng: Random) -> list[list[tuple[str, Strokes]]]:
    """Break a text into rows by the width of its words; a single line is squeezed instead."""
    rows: list[list[tuple[str, Strokes]]] = [[]]
    for word in text.split():
        letters = spelled(penman, word, rng)
        width = _width(rows[-1]) + _width(letters) + 3 * GAP * LINE_HEIGHT_MM
        if rows[-1] and field.lines > 1 and width > field.box.width - 3:
            rows.append([])
        rows[-1] += ([(" ", ())] if rows[-1] else []) + letters
    return rows


def _width(row: list[tuple[str, Strokes]]) -> float:
    return sum(_advance(strokes) for _, strokes in row)


def _advance(strokes: Strokes) -> float:
    if not strokes:
        return 3 * GAP * LINE_HEIGHT_MM
    left, _, right, _ = span(strokes)
    return right - left + GAP * LINE_HEIGHT_MM


def _line(sheet: Sheet, box: Box, row: list[tuple[str, Strokes]], rng: Random) -> None:
    fit = min(0.95, box.width / max(_width(row), 1))
    x, base = box.left, box.top + box.height / 2 + LINE_HEIGHT_MM / 2 + rng.gauss(0, 0.25)
    drift = rng.gauss(0, 0.006)
    for _, strokes in row:
        if strokes:
            left = span(strokes)[0]
            y = base + (x - box.left) * drift + rng.gauss(0, 0.12)
            _draw(sheet, strokes, x - fit * left, y, fit)
        x += fit * _advance(strokes) * rng.uniform(0.92, 1.08)


def _draw(sheet: Sheet, strokes: Strokes, x_mm: float, y_mm: float, fit: float) -> None:
    path = sheet.canvas.beginPath()
    for stroke in strokes:
        spots = [sheet.spot(x_mm + fit * x, y_mm + fit * y) for x, y in stroke]
        path.moveTo(*spots[0])
        for spot in spots[1:]:
            path.lineTo(*spot)
        if len(spots) == 1:
            path.lineTo(spots[0][0] + 0.4, spots[0][1])
    sheet.canvas.drawPath(path, stroke=1, fill=0)
