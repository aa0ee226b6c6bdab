"""Join the pieces of lines, and find the cells that lines close in: the white between them, on a fine grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pages.drawing import Rule
from pages.page import Box

GRID = 8.0
"""Points of the grid per mm."""
SAME_LEVEL_MM = 0.35
JOIN_MM = 0.5
REACH_MM = 0.35
"""Lines are drawn so much longer on the grid: corners do not always meet."""
LEAST_CELL_MM = 1.8
LEAST_FILL = 0.88
LEAST_OWN = 0.6
MOST_RULES = 6000


@dataclass(slots=True)
class _Growing:
    level: float
    start: float
    end: float
    thick: float


def join(rules: Sequence[Rule]) -> list[Rule]:
    """Join lines on one level whose ends meet or overlap; of doubled ones one stays."""
    level = _joined([(r.y0, r.x0, r.x1, r.thick) for r in rules if r.level])
    upright = _joined([(r.x0, r.y0, r.y1, r.thick) for r in rules if not r.level])
    return [
        *(Rule(g.start, g.level, g.end, g.level, g.thick) for g in level),
        *(Rule(g.level, g.start, g.level, g.end, g.thick) for g in upright),
    ]


def _joined(pieces: Iterable[tuple[float, float, float, float]]) -> list[_Growing]:
    grown: list[_Growing] = []
    near: dict[int, list[_Growing]] = {}
    for level, start, end, thick in sorted(pieces, key=lambda piece: (piece[1], piece[0])):
        row = round(level / SAME_LEVEL_MM)
        old = next(
            (
                g
                for key in (row - 1, row, row + 1)
                for g in near.get(key, ())
                if abs(g.level - level) <= SAME_LEVEL_MM and start <= g.end + JOIN_MM
            ),
            None,
        )
        if old is None:
            old = _Growing(level, start, end, thick)
            grown.append(old)
            near.setdefault(row, []).append(old)
        old.end, old.thick = max(old.end, end), max(old.thick, thick)
    return grown


def cells(rules: Sequence[Rule], width_mm: float, height_mm: float) -> list[Box]:
    """Find every rectangle of white that lines close in, the smallest ones; their edges lie on the lines."""
    size = (round(height_mm * GRID) + 2, round(width_mm * GRID) + 2)
    paper = np.full(size, 255, np.uint8)
    for rule in rules[:MOST_RULES]:
        reach_x, reach_y = (REACH_MM, 0.0) if rule.level else (0.0, REACH_MM)
        start = (round((rule.x0 - reach_x) * GRID), round((rule.y0 - reach_y) * GRID))
        end = (round((rule.x1 + reach_x) * GRID), round((rule.y1 + reach_y) * GRID))
        cv2.line(paper, start, end, (0.0,), 2)
    _, _, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    found = []
    pieces = stats[1:].tolist()
    for left, top, width, height, area in pieces:
        on_edge = left == 0 or top == 0 or left + width >= size[1] or top + height >= size[0]
        small = min(width, height) < LEAST_CELL_MM * GRID
        if not on_edge and not small and _fills(left, top, width, height, area, pieces):
            found.append(Box((left - 1) / GRID, (top - 1) / GRID, (width + 1.5) / GRID, (height + 1.5) / GRID))
    return found


def _fills(left: int, top: int, width: int, height: int, area: int, pieces: Sequence[Sequence[int]]) -> bool:
    """Tell a rectangle, also one with small boxes in it, from white with bays."""
    whole = width * height
    if area >= LEAST_FILL * whole or area < LEAST_OWN * whole:
        return area >= LEAST_FILL * whole
    inner = [
        (w + 2) * (h + 2)
        for x, y, w, h, _ in pieces
        if left < x and top < y and x + w < left + width and y + h < top + height
    ]
    return area + sum(inner) >= LEAST_FILL * whole
