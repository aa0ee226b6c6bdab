"""How legible a sheet is, told by its own lines: on a copy of copies readers differ more often than on a scan."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ocr.cascade import alike
from ocr.ink import Ink, Source

USUAL, WEIGHT = 0.95, 2.0
"""What a sheet with few lines is taken for: so much, as if by so many lines."""


def with_legibility(inks: Sequence[Ink], lines: Collection[str]) -> tuple[Ink, ...]:
    """Tell each typed line which share of the other lines of its sheet was read alike; ``lines`` are their zones.

    A line that one reader alone read counts as read alike: a check confirmed it.
    """
    alike = {ink.zone: _is_alike(ink) for ink in inks if ink.source is Source.OCR and ink.text and ink.zone in lines}
    if not alike:
        return tuple(inks)
    agreed, count = sum(alike.values()), len(alike)
    return tuple(
        replace(ink, legible=(agreed - alike[ink.zone] + USUAL * WEIGHT) / (count - 1 + WEIGHT))
        if ink.zone in alike
        else ink
        for ink in inks
    )


def _is_alike(ink: Ink) -> bool:
    return not ink.others or alike(ink.others[0], ink.text)
