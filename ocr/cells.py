"""Cut characters out of their cells, also where a hand left the cell: each piece of ink goes home.

A piece that goes on behind the frame between two cells belongs to the same character; the smaller part follows the
larger one. What the frame covers stays as it is on the picture, the frame itself is painted over where no ink crosses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.marks import without_specks
from ocr.zones import DPI, Zone
from pages.page import MM_PER_INCH, Picture

MARGIN_MM = 1.3
"""How far a character may reach out of its cell on each side."""
LEAST_INK_PX = 10
LEVEL_PX = 6
"""How much higher or lower a stroke may come out behind a frame (0.8 mm)."""
FOLLOWS = 0.45
"""A piece with less than this share of the ink beyond the frame follows that ink."""

Labels = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A connected piece of ink; ``home`` is the cell of its middle."""

    label: int
    left: int
    right: int
    top: int
    bottom: int
    area: int
    home: int


def cut_cells(zone: Zone, count: int) -> list[Picture | None]:
    """Answer the picture of each cell, None for an empty one: empty is measured here, never recognised."""
    ink = without_specks(zone.ink)
    labels, pieces = _pieces(zone, ink, count)
    homes = _homes(pieces, labels)
    clean = zone.cleaned(zone.drawn)
    paper = np.uint8(np.median(clean))
    owner = np.full(int(labels.max()) + 1, -1)
    for piece in pieces:
        owner[piece.label] = homes[piece.label]
    owned = np.where(labels > 0, owner[labels], -1)
    return [_cut(zone, i, count, clean, owned, paper) for i in range(count)]


def _pieces(zone: Zone, ink: npt.NDArray[np.bool_], count: int) -> tuple[Labels, list[_Piece]]:
    across = zone.within(zone.box)[1]
    reach = zone.within(zone.box.inset(-MARGIN_MM))
    inside = np.zeros_like(ink)
    inside[reach] = ink[reach]
    number, labels, stats, middles = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=8)
    pitch = (across.stop - across.start) / count
    found = []
    for i in range(1, number):
        left, top, width, height, area = (int(v) for v in stats[i])
        home = int(np.clip((middles[i][0] - across.start) // pitch, 0, count - 1))
        found.append(_Piece(i, left, left + width, top, top + height, area, home))
    return np.asarray(labels, dtype=np.int32), found


def _homes(pieces: Sequence[_Piece], labels: Labels) -> dict[int, int]:
    """Say to which cell each piece belongs: a small one follows the larger one that it goes on in."""
    homes = {piece.label: piece.home for piece in pieces}
    for piece in sorted(pieces, key=lambda p: p.area):
        beyond = [p for p in pieces if abs(p.home - piece.home) == 1 and _goes_on(piece, p, labels)]
        largest = max(beyond, key=lambda p: p.area, default=None)
        if largest is not None and piece.area < FOLLOWS * largest.area:
            homes[piece.label] = largest.home
    return homes


def _goes_on(one: _Piece, other: _Piece, labels: Labels) -> bool:
    """Tell whether two pieces face each other over the frame between their cells, at the same height."""
    first, second = (one, other) if one.left < other.left else (other, one)
    gap = second.left - first.right
    if not -4 <= gap <= FRAME_PX:
        return False
    here = np.flatnonzero((labels[:, max(first.right - 2, 0) : first.right] == first.label).any(axis=1))
    there = np.flatnonzero((labels[:, second.left : second.left + 2] == second.label).any(axis=1))
    if not here.size or not there.size:
        return False
    return bool(here[0] - LEVEL_PX <= there[-1] and there[0] - LEVEL_PX <= here[-1])


FRAME_PX = round(1.7 / MM_PER_INCH * DPI)
"""The widest gap that two frames side by side and their reach leave in the ink."""


def _cut(
    zone: Zone, index: int, count: int, clean: Picture, owned: npt.NDArray[np.intp], paper: np.uint8
) -> Picture | None:
    cell = zone.box.split(count)[index]
    where = zone.within(cell.inset(-MARGIN_MM))
    mine, others = owned[where] == index, (owned[where] >= 0) & (owned[where] != index)
    if np.count_nonzero(mine) < LEAST_INK_PX:
        return None
    near = cv2.dilate(mine.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    far = cv2.dilate(others.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    outside = np.ones_like(mine)
    inner = zone.within(cell)
    rows, columns = (slice(i.start - w.start, i.stop - w.start) for i, w in zip(inner, where, strict=True))
    outside[rows, columns] = False
    return np.asarray(np.where((far | outside) & ~near, paper, clean[where]), dtype=np.uint8)
