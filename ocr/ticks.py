"""Tick boxes: what of a box's picture the blank does not have, and whether it is a mark that somebody meant.

The box is first found again beside its expected place by its printed frame; then the ink inside it and around it is
measured. What is not clearly a mark, and not clearly nothing, is doubtful: a clerk looks. Figures: ``bench/marks.py``.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.ink import Presence
from ocr.zones import DPI, Mask, Zone
from pages.page import MM_PER_INCH, Box

Darkness = npt.NDArray[np.float32]

PX_MM2 = (MM_PER_INCH / DPI) ** 2
SEARCH_MM = 0.8
"""How far a box may lie from where the sheet's way puts it."""
GAIN = 0.04
"""A shift is believed only if the print fits this much better by it."""
FRAME_MM = 0.55
"""From the middle of the frame's line to where nothing of the line is seen any more."""
BEYOND_MM = 0.45
RING_MM = 2.0
PAPER = 0.8
"""The paper is as bright as the pixel of this rank."""
FAINT = 0.13
"""Darker than the paper by this share may be pencil; noise of a scanner's sensor is below .03."""
CLEAR = 0.28
SPECK_MM = 0.55
"""Ink that is nowhere longer than this is dirt or fax noise."""
MARK_MM = 1.1
"""A mark is longer than this; a full stop or a speck of toner is not."""
MARK_MM2 = 0.5
DOUBT_MM2 = 0.2
BLACK = 0.5
FULL = 0.74
"""A box so full of black is filled in or scribbled out; a cross with a felt-tip pen fills .6."""
BUSY = 0.42
OUT_MM2 = 0.5
SIDES_MM2 = 1.0
ABOVE_MM2 = 4.6
"""A neighbour's circle puts 2 to 4 mm2 above or below an empty box."""
RUN_MM2 = 0.22
HAIR_MM = 0.55
SPOT_MM = 1.8
ROUND = 0.6
CORNER = 0.12
HUG_PX = 3
"""A line so thin along the edge is what is left of the frame."""
SWARM = 3
SPECK_PX = 2


@dataclass(frozen=True, slots=True)
class Tick:
    """The judgement of one box: ``mark`` is None when doubtful; a box that was scribbled out is ``STRUCK``."""

    mark: bool | None
    presence: Presence
    confidence: float


YES = Tick(True, Presence.INK, 0.9995)
NO = Tick(False, Presence.EMPTY, 0.9995)
DOUBTFUL = Tick(None, Presence.DOUBTFUL, 0.5)
STRUCK = Tick(None, Presence.STRUCK, 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class _Box:
    """What was measured of one box: ``inside`` is the ink within its frame, ``left`` ... the ink around it (mm2).

    ``share`` is how full of black it is, ``area`` (mm2) and ``extent`` (mm) how much ink there is and how far it goes.
    """

    inside: Mask
    share: float
    area: float
    extent: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def goes_out(self) -> bool:
        """Tell whether ink leaves the box at two opposite sides at least."""
        across, along = min(self.left, self.right), min(self.top, self.bottom)
        return max(across, along) >= OUT_MM2


def tick(zone: Zone) -> Tick:
    """Judge a tick box: marked, not marked, or doubtful."""
    dark = _darkness(zone.picture)
    if not np.any((dark > FAINT) & ~zone.printed):
        return NO
    seen = _measured(zone, dark)
    if seen.share >= BUSY and seen.goes_out:
        return STRUCK if seen.share >= FULL else DOUBTFUL
    if seen.share >= FULL:
        return DOUBTFUL
    if seen.area < DOUBT_MM2:
        return DOUBTFUL if _is_circled(seen) else NO
    if seen.extent < MARK_MM or seen.area < MARK_MM2:
        return DOUBTFUL
    return DOUBTFUL if _is_dirt(seen) or _comes_from_outside(seen) else YES


def _is_circled(seen: _Box) -> bool:
    """Tell whether something stands around an empty box; a neighbour's mark reaches in from above or below only."""
    return seen.left + seen.right >= SIDES_MM2 or max(seen.top, seen.bottom) >= ABOVE_MM2


def _is_dirt(seen: _Box) -> bool:
    """Tell what may as well be dirt of a copier: one upright or level hair line, or one round spot of toner."""
    rows, columns = (np.flatnonzero(seen.inside.any(axis=axis)) for axis in (1, 0))
    height, width = (float(side[-1] - side[0] + 1) * MM_PER_INCH / DPI for side in (rows, columns))
    hair = min(height, width) <= HAIR_MM
    spot = max(height, width) <= SPOT_MM and seen.area >= ROUND * height * width
    return hair or spot


def _comes_from_outside(seen: _Box) -> bool:
    """Tell whether a stroke enters from below or from the left and makes no figure of its own in this box."""
    rows, columns = (side // 3 for side in seen.inside.shape)
    ends = (seen.inside[:rows], seen.inside[-rows:])
    corners = [part for end in ends for part in (end[:, :columns], end[:, -columns:])]
    if all(np.count_nonzero(part) >= CORNER * part.size for part in corners):
        return False  # a cross, however far it goes
    from_below = seen.bottom >= RUN_MM2 and bool(seen.inside[-2:].any())
    from_left = seen.left >= RUN_MM2 and bool(seen.inside[:, :2].any())
    from_above = seen.top >= RUN_MM2 and bool(seen.inside[:2].any())
    return from_below or (from_left and from_above)


def _measured(zone: Zone, dark: Darkness) -> _Box:
    right, down = _shift(zone, dark)
    box = Box(zone.box.left + right, zone.box.top + down, zone.box.width, zone.box.height)
    inner = box.inset(FRAME_MM)
    where = zone.within(inner)
    area, extent, inside = _ink(dark[where])
    shown = _moved(zone.printed, right, down)
    left, right_, top, bottom = (
        _clear_mm2(dark[part], shown[part])
        for part in (
            zone.within(Box(box.left - RING_MM, box.top, RING_MM - BEYOND_MM, box.height)),
            zone.within(Box(box.right + BEYOND_MM, box.top, RING_MM - BEYOND_MM, box.height)),
            zone.within(Box(box.left, box.top - RING_MM, box.width, RING_MM - BEYOND_MM)),
            zone.within(Box(box.left, box.bottom + BEYOND_MM, box.width, RING_MM - BEYOND_MM)),
        )
    )
    share = float(np.count_nonzero(dark[where] > BLACK)) / inside.size
    return _Box(inside, share, area, extent, left, right_, top, bottom)


def _darkness(picture: npt.NDArray[np.uint8]) -> Darkness:
    """Answer how much darker than its paper each pixel is, 0 to 1; the paper is the brighter part of the zone."""
    rank = int(PAPER * (picture.size - 1))
    paper = max(float(np.partition(picture, rank, axis=None)[rank]), 1.0)
    return np.asarray(np.clip(1 - picture.astype(np.float32) / paper, 0, 1), dtype=np.float32)


def _shift(zone: Zone, dark: Darkness) -> tuple[float, float]:
    """Find how far the print lies from its place (mm right, mm down), by the blank's own picture."""
    reach = round(SEARCH_MM / MM_PER_INCH * DPI)
    sought = _darkness(zone.blank)[reach:-reach, reach:-reach]
    scores = cv2.matchTemplate(dark, np.ascontiguousarray(sought), cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(scores)
    if best < float(scores[reach, reach]) + GAIN:
        return 0.0, 0.0
    return (x - reach) * MM_PER_INCH / DPI, (y - reach) * MM_PER_INCH / DPI


def _moved(printed: Mask, right_mm: float, down_mm: float) -> Mask:
    x, y = (round(v / MM_PER_INCH * DPI) for v in (right_mm, down_mm))
    return np.asarray(np.roll(printed, (y, x), axis=(0, 1)))


def _ink(dark: Darkness) -> tuple[float, float, Mask]:
    """Measure the writing inside a box: area in mm2, the longest piece in mm, and the ink itself without specks.

    Faint ink, and a swarm of specks (pencil as a fax sends it), count for a doubt only.
    """
    clear, longest, specks = _pieces(dark, CLEAR)
    if specks >= SWARM or not clear.any():
        faint, faint_longest, _ = _pieces(dark, FAINT)
        clear |= faint & (faint_longest >= MARK_MM)
    area = float(np.count_nonzero(clear)) * PX_MM2
    return max(area, DOUBT_MM2 if specks >= SWARM else 0.0), longest, clear


def _pieces(dark: Darkness, least: float) -> tuple[Mask, float, int]:
    """Find the pieces of ink at least so dark: the ink of those that are no specks, the longest, and how many are."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((dark > least).astype(np.uint8), connectivity=8)
    kept = np.zeros(dark.shape, dtype=np.bool_)
    longest, specks = 0.0, 0
    for label in range(1, count):
        place = stats[label].tolist()
        extent = max(place[2:4]) * MM_PER_INCH / DPI
        if extent <= SPECK_MM:
            specks += place[4] >= SPECK_PX
        elif not _is_frame(place, dark.shape):
            kept |= labels == label
            longest = max(longest, extent)
    return kept, longest, specks


def _is_frame(place: list[int], shape: tuple[int, ...]) -> bool:
    left, top, width, height, _ = place
    rows, columns = shape
    beside = width <= HUG_PX and (left < HUG_PX or left + width > columns - HUG_PX)
    along = height <= HUG_PX and (top < HUG_PX or top + height > rows - HUG_PX)
    return beside or along


def _clear_mm2(dark: Darkness, printed: Mask) -> float:
    return float(np.count_nonzero((dark > CLEAR) & ~printed)) * PX_MM2
