"""Pictures of tables as plain SVG: bars with their numbers beside them, in one colour, fit for black and white."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_ROW: Final = 30
_BAR: Final = 18
_LEFT: Final = 190
_WIDE: Final = 620
_ROOM: Final = 80
"""What the number after a bar needs."""
_STRIP: Final = 44
_TALL: Final = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in units of the picture. ``label`` stands at its row, ``value`` beside it."""

    x: float
    y: float
    width: float
    height: float
    label: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: its size and its bars. ``lines`` are the labels and totals of strips, at their heights."""

    title: str
    width: int
    height: int
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, str, str], ...] = ()


def bars(title: str, named: Sequence[tuple[str, float]], unit: str = "", most: float = 0) -> Chart:
    """Draw a bar for each name."""
    longest = max([most, *(value for _, value in named)], default=0) or 1
    drawn = tuple(_lying(n, name, value, value / longest, unit) for n, (name, value) in enumerate(named))
    return Chart(title, _WIDE, max(1, len(named)) * _ROW, drawn)


def strips(title: str, series: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Draw a strip of small bars for each series, all to the same scale, with its name and its total."""
    tallest = max([max(values, default=0) for _, values in series], default=0) or 1
    made: list[Bar] = []
    lines: list[tuple[float, str, str]] = []
    for n, (name, values) in enumerate(series):
        foot = (n + 1) * _STRIP - 4
        step = (_WIDE - _LEFT - _ROOM) / max(1, len(values))
        lines.append((foot, name, str(sum(values))))
        made += [_standing(_LEFT + i * step, foot, step, value / tallest) for i, value in enumerate(values)]
    return Chart(title, _WIDE, max(1, len(series)) * _STRIP, tuple(made), tuple(lines))


def _lying(row: int, name: str, value: float, share: float, unit: str) -> Bar:
    told = f"{value:g}{unit}".replace(".", ",")
    return Bar(_LEFT, row * _ROW + 6, round((_WIDE - _LEFT - _ROOM) * share, 1), _BAR, name, told)


def _standing(x: float, foot: float, step: float, share: float) -> Bar:
    height = round(_TALL * share, 1) if share else 0.75
    return Bar(round(x, 1), round(foot - height, 2), round(max(step * 0.8, 0.6), 2), height)
