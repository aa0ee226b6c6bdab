"""What a pen does: a signature, a tick, a strike; as curves in points, for any canvas."""

from dataclasses import dataclass
from math import sin
from random import Random

from reportlab.pdfgen.canvas import Canvas

from pages.page import Box

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Sheet:
    """A canvas with the height of its page (mm), so that boxes measured from the top can be drawn."""

    canvas: Canvas
    height_mm: float

    def spot(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        """Turn millimetres from the top left into points from the bottom left."""
        return x_mm * MM, (self.height_mm - y_mm) * MM


def sign(sheet: Sheet, box: Box, rng: Random) -> None:
    """Draw an invented signature into ``box``: a row of loops, a flourish below."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setLineWidth(rng.uniform(0.9, 1.6))
    canvas.setLineCap(1)
    canvas.setStrokeColorRGB(0.08, 0.08, rng.uniform(0.1, 0.5))
    left, right = box.left + box.width * 0.08, box.left + box.width * rng.uniform(0.6, 0.9)
    middle, reach = box.top + box.height * 0.55, min(box.height * 0.36, 5.0)
    path = canvas.beginPath()
    path.moveTo(*sheet.spot(left, middle))
    strokes = rng.randint(7, 12)
    step = (right - left) / strokes
    for i in range(strokes):
        x = left + step * (i + 1)
        up = middle - reach * rng.uniform(0.2, 1.0) * (1.0 if i else 1.3) + sin(i) * 0.3
        down = middle + reach * rng.uniform(-0.2, 0.7)
        points = (*sheet.spot(x - step * 1.6, up), *sheet.spot(x + step * 0.9, up), *sheet.spot(x, down))
        path.curveTo(*points)
    path.moveTo(*sheet.spot(right, middle + reach * 0.6))
    far = (*sheet.spot(left + step, middle + reach), *sheet.spot(left, middle + reach * 0.5))
    path.curveTo(*far, *sheet.spot(left + step * 3, middle + reach * 0.7))
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()


def tick(sheet: Sheet, box: Box, rng: Random, *, style: str = "cross") -> None:
    """Mark a tick box: ``cross``, ``check`` or ``typed`` (an X of a typewriter)."""
    canvas = sheet.canvas
    canvas.saveState()
    if style == "typed":
        size = box.height * MM * 0.95
        canvas.setFont("Courier-Bold", size)
        x, y = sheet.spot(box.left + box.width / 2, box.bottom)
        canvas.drawCentredString(x, y + box.height * MM / 2 - size * 0.29, "X")
    else:
        canvas.setLineWidth(rng.uniform(0.9, 1.5))
        canvas.setLineCap(1)
        _strokes(sheet, box, rng, style)
    canvas.restoreState()


def _strokes(sheet: Sheet, box: Box, rng: Random, style: str) -> None:
    def at(across: float, down: float) -> tuple[float, float]:
        shake = (rng.uniform(-0.06, 0.06), rng.uniform(-0.06, 0.06))
        return sheet.spot(box.left + box.width * (across + shake[0]), box.top + box.height * (down + shake[1]))

    lines = (((0.15, 0.15), (0.85, 0.85)), ((0.85, 0.15), (0.15, 0.85)))
    if style == "check":
        lines = (((0.15, 0.55), (0.4, 0.85)), ((0.4, 0.85), (0.92, 0.1)))
    for start, end in lines:
        sheet.canvas.line(*at(*start), *at(*end))


def strike(sheet: Sheet, box: Box) -> None:
    """Draw one line through a zone, as people do where nothing applies."""
    sheet.canvas.setLineWidth(1.0)
    middle = box.top + box.height / 2
    sheet.canvas.line(*sheet.spot(box.left + 2, middle + 0.4), *sheet.spot(box.right - 2, middle - 0.4))
