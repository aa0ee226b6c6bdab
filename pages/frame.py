"""Where a PDF page's points lie on the sheet as it is seen: crop and rotation taken into account."""

from dataclasses import dataclass

from pages.page import MM_PER_INCH, POINTS_PER_INCH, Box

MM_PER_POINT = MM_PER_INCH / POINTS_PER_INCH
LEAST_MM = 0.01


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible rectangle of a PDF page in points (origin bottom left) and its clockwise rotation in degrees."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int = 0

    @property
    def width_pt(self) -> float:
        """Width of the sheet as it is seen."""
        return self._across if self.rotation % 180 == 0 else self._up

    @property
    def height_pt(self) -> float:
        """Height of the sheet as it is seen."""
        return self._up if self.rotation % 180 == 0 else self._across

    @property
    def _across(self) -> float:
        return self.right - self.left

    @property
    def _up(self) -> float:
        return self.top - self.bottom

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Take a point of the page's own space (pt) to the sheet (mm from its top left corner)."""
        seen = {
            0: (x - self.left, self.top - y),
            90: (y - self.bottom, x - self.left),
            180: (self.right - x, y - self.bottom),
            270: (self.top - y, self.right - x),
        }[self.rotation % 360]
        return seen[0] * MM_PER_POINT, seen[1] * MM_PER_POINT

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Take a rectangle of the page's own space (pt) to a box on the sheet (mm)."""
        (x0, y0), (x1, y1) = self.place(left, bottom), self.place(right, top)
        return Box(min(x0, x1), min(y0, y1), max(abs(x1 - x0), LEAST_MM), max(abs(y1 - y0), LEAST_MM))
