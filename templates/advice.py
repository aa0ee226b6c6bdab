"""Advice on places of a form that will cost clerks time: measured on the definition, in plain words. Lengths in mm."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from pages.page import Box, Word
from templates.form import Field, Form, Kind
from templates.plan import CELLS, CHOICES, UNWRITTEN
from templates.proving import zones_of
from templates.template import template_of

CELL_WIDTH, CELL_HEIGHT = 4.5, 5.0
LINE_HEIGHT, ROW_PITCH = 6.5, 7.0
TICK_SIDE, TICK_FROM_TEXT, TICK_APART = 3.0, 1.2, 3.0
EDGE = 5.0
TOUCH = 1.0
SIGNATURE = (45.0, 9.0)
WIDE_ENOUGH = {Kind.EMAIL: 60.0, Kind.NAME: 45.0, Kind.MUNICIPALITY: 35.0, Kind.PHONE: 32.0, Kind.TAX_CODE: 60.0}
UNCHECKED = frozenset({Kind.TEXT, Kind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class Advice:
    """A costly field or pair of fields: what is measured, and what would be better."""

    field: str
    page: int
    sentence: str


def advise(form: Form) -> list[Advice]:
    """List what would be better; an empty list for a form that is kind to pens, faxes and readers."""
    found = [advice for field in form.fields.values() for advice in _of_field(field, form)]
    return list(dict.fromkeys([*found, *_pairs(form)]))


def _of_field(field: Field, form: Form) -> Iterator[Advice]:
    for sentence in (*_cells(field), *_line(field), *_signature(field)):
        yield Advice(field.name, field.page, sentence)
    for page, box in zones_of(field):
        for sentence in (*_edge(box, form), *(_tick(box, page, form) if field.kind in {*CHOICES, Kind.TICK} else ())):
            yield Advice(field.name, page, sentence)


def _cells(field: Field) -> Iterator[str]:
    if field.cells:
        width = field.box.width / field.cells
        if width < CELL_WIDTH:
            yield f"cells are {width:.1f} mm wide: at least {CELL_WIDTH} mm reads better"
        if field.box.height < CELL_HEIGHT:
            yield f"cells are {field.box.height:.1f} mm high: at least {CELL_HEIGHT:.0f} mm reads better"
    elif field.kind in CELLS:
        yield f"no cells for a {field.kind.value}: {CELLS[field.kind]} boxes, one a character, read better by hand"


def _line(field: Field) -> Iterator[str]:
    if field.kind in UNWRITTEN or field.cells:
        return
    height = field.box.height / field.lines
    least = ROW_PITCH if field.lines > 1 else LINE_HEIGHT
    if height < least:
        yield f"{'its lines are' if field.lines > 1 else 'this line is'} {height:.1f} mm high: people need {least} mm"
    least_width = WIDE_ENOUGH.get(field.kind, 0.0)
    if field.box.width < least_width:
        yield f"{field.box.width:.0f} mm wide: a {field.kind.value} needs {least_width:.0f} mm"
    if field.kind in UNCHECKED and field.lines == 1 and field.max_length == 0 and field.box.width < 30:
        yield "a plain text without a check: if it is a code or number, say its kind, or put cells"


def _signature(field: Field) -> Iterator[str]:
    width, height = SIGNATURE
    if field.kind is Kind.INK and (field.box.width < width or field.box.height < height):
        size = f"{field.box.width:.0f} x {field.box.height:.0f} mm"
        yield f"a signature has {size}: it needs {width:.0f} x {height:.0f} at least, or it runs over what stands near"


def _edge(box: Box, form: Form) -> Iterator[str]:
    near = min(box.left, box.top, form.page_width_mm - box.right, form.page_height_mm - box.bottom)
    if near < EDGE:
        yield f"lies {near:.1f} mm from the edge: printers and faxes cut {EDGE:.0f} mm off"


def _tick(box: Box, page: int, form: Form) -> Iterator[str]:
    if min(box.width, box.height) < TICK_SIDE:
        yield f"a tick box of {min(box.width, box.height):.1f} mm: {TICK_SIDE:.0f} mm at least, 4 to 5 is best"
    gap = min((_gap(box, word.box) for word in _words(form, page)), default=99.0)
    if 0 < gap < TICK_FROM_TEXT:
        yield f"a tick box {gap:.1f} mm from text: leave {2 * TICK_FROM_TEXT:.1f}, or a large tick runs into words"


def _words(form: Form, page: int) -> Sequence[Word]:
    return [word for word in template_of(form, page).words if any(sign.isalnum() for sign in word.text)]


def _gap(one: Box, other: Box) -> float:
    """Answer how far two boxes lie apart; 0 when they meet."""
    across = max(one.left - other.right, other.left - one.right, 0.0)
    down = max(one.top - other.bottom, other.top - one.bottom, 0.0)
    return float((across**2 + down**2) ** 0.5)


def _pairs(form: Form) -> Iterator[Advice]:
    zones = [(field, page, box) for field in form.fields.values() for page, box in zones_of(field)]
    for (field, page, box), (other, other_page, other_box) in combinations(zones, 2):
        if page != other_page:
            continue
        gap = _gap(box, other_box)
        both_ticked = {field.kind, other.kind} <= {*CHOICES, Kind.TICK}
        if both_ticked and gap < TICK_APART:
            yield Advice(field.name, page, f"tick boxes {gap:.1f} mm apart: a tick for one reaches the other")
        elif not both_ticked and field is not other and gap < TOUCH:
            yield Advice(field.name, page, f"its zone touches that of {other.name}: what runs over is read there")
