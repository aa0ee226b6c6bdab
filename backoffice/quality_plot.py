"""A table of measured shares as a picture: for each a point, and the line between its bounds. Plain SVG, made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cases.correction_second import Rate

_ROW: Final = 28
_LEFT: Final = 150
_WIDE: Final = 640
_RIGHT: Final = 20
_LEAST_SCALE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its rate, its name, and where point and bounds lie in the picture."""

    rate: Rate
    name: str
    y: int
    low: float
    high: float
    at: float

    @property
    def words(self) -> str:
        """Say it: share, bounds and count.

        >>> Line(Rate("date", 1, 100), "Data", 0, 0.0, 0.0, 0.0).words
        '1,0 % (0,2–5,4 %), 1 su 100'
        """
        low, high = self.rate.interval
        return _percent(f"{self.rate.share:.1%} ({low * 100:.1f}–{high:.1%}), {self.rate.wrong} su {self.rate.total}")


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture: its size, its rows, and the marks of its scale as (x, words)."""

    width: int
    height: int
    lines: tuple[Line, ...]
    marks: tuple[tuple[float, str], ...]


def plot(rates: Sequence[Rate], names: Mapping[str, str]) -> Plot:
    """Draw rates, all to one scale that holds the widest interval."""
    most = max([_LEAST_SCALE, *(rate.interval[1] for rate in rates)])

    def x(share: float) -> float:
        return round(_LEFT + (_WIDE - _LEFT - _RIGHT) * min(1.0, share / most), 1)

    lines = tuple(
        Line(
            rate,
            names.get(rate.name, rate.name),
            n * _ROW + 16,
            x(rate.interval[0]),
            x(rate.interval[1]),
            x(rate.share),
        )
        for n, rate in enumerate(rates)
    )
    marks = tuple((x(most * part / 4), _percent(f"{most * part / 4:.1%}")) for part in range(5))
    return Plot(_WIDE, len(rates) * _ROW + 28, lines, marks)


def _percent(told: str) -> str:
    return told.replace(".", ",").replace("%", " %")
