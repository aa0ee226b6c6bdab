"""Page: one sheet, with its picture and what it carries besides ink."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pages.doubt import Doubt
from pages.form_kind import FormKind, Seal

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0

Picture = npt.NDArray[np.uint8]
"""Grey values [rows, columns], 0 = black, 255 = white."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres from the top left corner of the sheet."""

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        if not (self.width > 0 and self.height > 0):
            raise ValueError(f"a box needs a positive width and height, not {self.width} x {self.height} mm")

    @property
    def right(self) -> float:
        """Right edge in millimetres."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge in millimetres."""
        return self.top + self.height

    def inset(self, mm: float) -> "Box":
        """Shrink (or, negative, grow) on all four sides."""
        return Box(self.left + mm, self.top + mm, self.width - 2 * mm, self.height - 2 * mm)

    def split(self, count: int) -> tuple["Box", ...]:
        """Cut into ``count`` equal cells from left to right."""
        step = self.width / count
        return tuple(Box(self.left + i * step, self.top, step, self.height) for i in range(count))

    def covers(self, x_mm: float, y_mm: float) -> bool:
        """Tell whether a point lies inside."""
        return self.left <= x_mm <= self.right and self.top <= y_mm <= self.bottom


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text layer, where it stands on the sheet (mm)."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class FormValue:
    """An AcroForm value: full field name, value as text, and for buttons the state that is on.

    A text field has ``text``; a check box or radio has ``on`` = its chosen state, "" when off.
    ``box`` is the widget's place; ``shown`` is the text that its appearance draws, None when unknown.
    ``doubt`` says in what the value and the drawn page differ, None where the sender saw what the file says.
    """

    name: str
    text: str = ""
    on: str | None = None
    box: Box | None = None
    shown: str | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A bar code or 2-D code found on the sheet, with its place in picture pixels."""

    text: str
    symbology: str
    corners_px: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One sheet of a document.

    ``dpi_x`` and ``dpi_y`` differ on faxes (204 x 98). ``words`` is the text layer, empty on a scan.
    ``values`` are the AcroForm values whose widgets stand on this page.
    ``scanned`` tells that the picture is one page-size image. ``seal`` is the digital signature of the whole file,
    ``doubts`` are Italian sentences on the sheet as a whole.
    """

    file: str
    digest: str
    number: int
    picture: Picture = field(repr=False)
    dpi_x: float
    dpi_y: float
    words: tuple[Word, ...] = ()
    values: tuple[FormValue, ...] = ()
    codes: tuple[Code, ...] = ()
    scanned: bool = True
    form_kind: FormKind = FormKind.PICTURE
    seal: Seal = Seal.NONE
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError("pages are numbered from 1")
        if self.picture.ndim != 2 or self.picture.dtype != np.uint8:
            raise ValueError("a page's picture is a grey image of 8 bits: [rows, columns] uint8")

    @property
    def width_mm(self) -> float:
        """Width of the sheet by its stated resolution."""
        return float(self.picture.shape[1] / self.dpi_x * MM_PER_INCH)

    @property
    def height_mm(self) -> float:
        """Height of the sheet by its stated resolution."""
        return float(self.picture.shape[0] / self.dpi_y * MM_PER_INCH)


class Unreadable(Exception):
    """A file that cannot be opened: ``reason`` is a stable code, the message is Italian with the remedy."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
