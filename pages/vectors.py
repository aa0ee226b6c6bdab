"""Door to PDFium's page objects: the lines, boxes and letters that a PDF draws, within limits."""

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from pages.acroform import FormFields, Widget
from pages.drawing import Drawing, Letter, Rule
from pages.embedded import page_art
from pages.frame import MM_PER_POINT, Frame
from pages.limits import PageLimits
from pages.page import Box
from pages.pdf import FAULTS, frame_of, open_pdf
from pages.refusal import refuse
from pages.textlayer import signs

MOST_OBJECTS = 30_000
MOST_SEGMENTS = 120_000
MOST_LETTERS = 40_000
MOST_WIDGETS = 2_000
DEEPEST = 8
SLANT_PT = 0.4
"""A line that rises by no more than this is level: rounding in the program that drew it."""
THIN_PT = 3.5
"""A filled rectangle thinner than this is a line; Word and browsers draw all their lines so."""
ROUND_PT = (5.0, 22.0)
WHOLE_SHEET = 0.93
PALE = 252
DARK = 110

Point = tuple[float, float]
Edges = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class _Found:
    """What was collected of one page so far, with the budget that is left."""

    frame: Frame
    rules: list[Rule]
    rounds: list[Box]
    objects: int = 0
    segments: int = 0


def read_drawings(content: bytes, limits: PageLimits) -> tuple[Drawing, ...]:
    """Read what every page of a PDF draws. Raises ``Unreadable``; "oversize" also for too many objects on a page."""
    pdf = open_pdf(content)
    try:
        if len(pdf) > limits.max_pages:
            raise refuse("oversize")
        if len(pdf) == 0:
            raise refuse("no_pages")
        return tuple(_drawing(pdf[index], limits) for index in range(len(pdf)))
    except FAULTS as fault:
        raise refuse("damaged") from fault
    finally:
        pdf.close()


def widget_boxes(content: bytes, number: int, fields: FormFields) -> list[tuple[Widget, Box]]:
    """Place the form fields of one page (from 1) on its sheet. The PDF must be known to open."""
    pdf = open_pdf(content)
    try:
        frame = frame_of(pdf[number - 1])
        widgets = fields.pages.get(number - 1, ())
        return [(widget, frame.box(*widget.rect)) for widget in widgets[:MOST_WIDGETS] if widget.rect is not None]
    finally:
        pdf.close()


def _drawing(page: PdfPage, limits: PageLimits) -> Drawing:
    frame = frame_of(page)
    found = _Found(frame, [], [])
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        _object(pdfium.FPDFPage_GetObject(page, index), SAME, found, 0)
    drawing = Drawing(
        frame.width_pt * MM_PER_POINT,
        frame.height_pt * MM_PER_POINT,
        tuple(found.rules),
        tuple(found.rounds),
        tuple(_letters(page, frame)),
        scanned=page_art(page, frame, limits).scanned,
    )
    page.close()
    return drawing


def _object(item: object, outer: Matrix, found: _Found, depth: int) -> None:
    found.objects += 1
    if found.objects > MOST_OBJECTS:
        raise refuse("oversize")
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        _path(item, _times(_matrix(item), outer), found)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
        inner = _times(_matrix(item), outer)
        for index in range(pdfium.FPDFFormObj_CountObjects(item)):
            _object(pdfium.FPDFFormObj_GetObject(item, index), inner, found, depth + 1)


def _matrix(item: object) -> Matrix:
    raw = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(raw)):
        return SAME
    return raw.a, raw.b, raw.c, raw.d, raw.e, raw.f


def _times(one: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _path(path: object, way: Matrix, found: _Found) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    width = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(path, ctypes.byref(width))
    seen = bool(stroke.value) and not _pale(path)
    scale = abs(way[0] * way[3] - way[1] * way[2]) ** 0.5
    solid = bool(fill.value) and not seen and _dark(path)
    outlines = list(_subpaths(path, way, found))
    border = _border(outlines) if fill.value and not seen else None
    if border is not None:
        _outline_border(*border, found, curved=outlines[0][1])
    elif seen or fill.value:
        for points, curved in outlines:
            _outline(points, found, width.value * scale if seen else 0.0, curved=curved, stroked=seen, solid=solid)


def _border(outlines: list[tuple[list[Point], bool]]) -> tuple[Edges, Edges] | None:
    """Tell a border that is filled between its two edges, as browsers draw one.

    Give the outer edges (left, bottom, right, top) and how thick each side is, in points; 0 where it has none.
    """
    if len(outlines) != 2:
        return None
    outer, inner = sorted((_around(points) for points, _ in outlines), key=lambda e: (e[0] - e[2]) + (e[1] - e[3]))
    thick = inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]
    return (outer, thick) if min(thick) >= 0 and 0 < max(thick) < THIN_PT else None


def _outline_border(edges: Edges, thick: Edges, found: _Found, *, curved: bool) -> None:
    if curved and min(thick) > 0 and _is_round(edges[2] - edges[0], edges[3] - edges[1]):
        found.rounds.append(found.frame.box(*edges))
        return
    left, bottom, right, top = thick
    for side, width in zip(_sides(edges), (bottom, top, left, right), strict=True):
        if width > 0:
            _add(found, side, width)


def _around(points: list[Point]) -> Edges:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _dark(path: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(path, *map(ctypes.byref, (red, green, blue, alpha)))
    return bool(known) and max(red.value, green.value, blue.value) < DARK and alpha.value > 0


def _pale(path: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetStrokeColor(path, *map(ctypes.byref, (red, green, blue, alpha)))
    return bool(known) and (min(red.value, green.value, blue.value) >= PALE or alpha.value == 0)


def _subpaths(path: object, way: Matrix, found: _Found) -> Iterator[tuple[list[Point], bool]]:
    """Give each stroke of a path as its corner points; a curve counts by its ends."""
    points: list[Point] = []
    curves = 0
    x, y = ctypes.c_float(), ctypes.c_float()
    count = pdfium.FPDFPath_CountSegments(path)
    found.segments += count
    if found.segments > MOST_SEGMENTS:
        raise refuse("oversize")
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        spot = (x.value * way[0] + y.value * way[2] + way[4], x.value * way[1] + y.value * way[3] + way[5])
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, curves >= 3
            points, curves = [spot], 0
        else:
            points.append(spot)
            curves += kind == pdfium.FPDF_SEGMENT_BEZIERTO
        if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            points.append(points[0])
    if len(points) > 1:
        yield points, curves >= 3


def _outline(points: list[Point], found: _Found, width: float, *, curved: bool, stroked: bool, solid: bool) -> None:
    box = _around(points)
    across, up = box[2] - box[0], box[3] - box[1]
    frame = found.frame
    if across > WHOLE_SHEET * (frame.right - frame.left) and up > WHOLE_SHEET * (frame.top - frame.bottom):
        return
    if not stroked and min(across, up) < THIN_PT:
        _add(found, _middle_line(box), min(across, up))
    elif solid:
        return  # a mark or a bar: nobody writes on black
    elif curved and _is_round(across, up):
        found.rounds.append(frame.box(*box))
    elif curved:
        # A box with rounded corners: its sides meet where its corners would be.
        for start, end in _sides(box):
            _add(found, (start, end), width)
    else:
        for pair in itertools.pairwise(points):
            _add(found, pair, width)


def _is_round(across: float, up: float) -> bool:
    least, most = ROUND_PT
    return least <= across <= most and least <= up <= most and abs(across - up) <= 0.2 * max(across, up)


def _middle_line(box: Edges) -> tuple[Point, Point]:
    left, bottom, right, top = box
    if right - left >= top - bottom:
        return (left, (bottom + top) / 2), (right, (bottom + top) / 2)
    return ((left + right) / 2, bottom), ((left + right) / 2, top)


def _sides(box: Edges) -> Iterator[tuple[Point, Point]]:
    left, bottom, right, top = box
    yield (left, bottom), (right, bottom)
    yield (left, top), (right, top)
    yield (left, bottom), (left, top)
    yield (right, bottom), (right, top)


def _add(found: _Found, line: tuple[Point, Point], width: float) -> None:
    """Keep a line that runs along an axis; slanting ones bound no field."""
    (x0, y0), (x1, y1) = line
    if min(abs(x1 - x0), abs(y1 - y0)) > SLANT_PT or max(abs(x1 - x0), abs(y1 - y0)) < 1.0:
        return
    box = found.frame.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    middle_x, middle_y = box.left + box.width / 2, box.top + box.height / 2
    thick = max(0.05, width * MM_PER_POINT)
    if box.width >= box.height:
        found.rules.append(Rule(box.left, middle_y, box.right, middle_y, thick))
    else:
        found.rules.append(Rule(middle_x, box.top, middle_x, box.bottom, thick))


def _letters(page: PdfPage, frame: Frame) -> Iterator[Letter]:
    text = page.get_textpage()
    if text.count_chars() > MOST_LETTERS:
        raise refuse("oversize")
    spot = ctypes.c_double(), ctypes.c_double()
    base = tuple(map(ctypes.byref, spot))
    edges, room = tuple(ctypes.c_double() for _ in range(4)), pdfium.FS_RECTF()
    pointers = tuple(map(ctypes.byref, edges))
    blank = Letter(" ", Box(0, 0, 1, 1))
    for index, sign in enumerate(signs(text)):
        if not sign or not pdfium.FPDFText_GetCharBox(text, index, *pointers):
            yield blank
            continue
        left, right, bottom, top = (edge.value for edge in edges)
        # A dash stands on the line like its neighbours.
        if pdfium.FPDFText_GetCharOrigin(text, index, *base):
            bottom = spot[1].value if 0 < bottom - spot[1].value < 10 else bottom
        # Across, the room that a letter takes: the ink of a dot is a tenth of it, and dots seem to stand far apart.
        if pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(room)) and room.right > room.left:
            left, right = room.left, room.right
        yield Letter(sign, frame.box(left, bottom, right, top), _bold(text, index))


def _bold(text: object, index: int) -> bool:
    """Tell by weight or name: the standard fonts carry no weight."""
    if pdfium.FPDFText_GetFontWeight(text, index) >= 600:
        return True
    name = ctypes.create_string_buffer(64)
    pdfium.FPDFText_GetFontInfo(text, index, name, len(name), ctypes.byref(ctypes.c_int()))
    return b"bold" in name.value.lower() or b"black" in name.value.lower()
