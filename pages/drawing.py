"""Drawing: what is printed on a sheet of a PDF, as lines, small circles and letters; whatever program drew it."""

from dataclasses import dataclass

from pages.page import Box


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along one axis, from (x0, y0) to (x1, y1) with x0 <= x1 and y0 <= y1; all in mm."""

    x0: float
    y0: float
    x1: float
    y1: float
    thick: float = 0.2

    @property
    def level(self) -> bool:
        """Tell a line across the sheet from one down the sheet."""
        return self.x1 - self.x0 >= self.y1 - self.y0

    @property
    def length(self) -> float:
        """Length in mm."""
        return max(self.x1 - self.x0, self.y1 - self.y0)


@dataclass(frozen=True, slots=True)
class Letter:
    """A printed character and where it stands (mm); ``bold`` as its font says. White space is a letter too."""

    sign: str
    box: Box
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """One sheet. ``rounds`` are small closed curves, ``scanned`` tells that a picture covers the sheet."""

    width_mm: float
    height_mm: float
    rules: tuple[Rule, ...] = ()
    rounds: tuple[Box, ...] = ()
    letters: tuple[Letter, ...] = ()
    scanned: bool = False
