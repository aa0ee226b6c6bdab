"""Paper: what a desk asks to see of a delivery's sheets, and the sheets as they were drawn. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cases.correction import Correction, Target
from parsers.reading import Role

ABOVE_MM: Final = 0.4
"""What a clipping leaves above its field, in mm: the printed label ends half a millimetre above the zone, and half a
label is no help."""
Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Where a sheet's corners lie in its picture, clockwise from its top left one: shares of width and height."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A person's word on which page of which form a sheet is, and, where it must be said, where its corners lie."""

    file: str
    number: int
    form: str
    """``CODE/edition``"""
    page: int
    corners: Corners | None = None

    def __post_init__(self) -> None:
        if self.corners is None:
            return
        if not all(-0.5 <= share <= 1.5 for corner in self.corners for share in corner):
            raise ValueError("a corner lies at most half a sheet outside its picture")
        if not is_convex(self.corners):
            raise ValueError("the corners make no sheet: go round it clockwise from its top left corner")


def is_convex(corners: Corners) -> bool:
    """Tell whether four corners go round a sheet clockwise (or, on a sheet seen from behind, never)."""
    around = [*corners, *corners[:2]]
    turns = [
        (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
        for a, b, c in zip(around, around[1:], around[2:], strict=False)
    ]
    return all(turn > 1e-4 for turn in turns)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sheets to draw: all of a delivery; ``forms`` are those to lay over their template, as (file, number)."""

    name: str
    pec: bool = False
    forms: tuple[tuple[str, int], ...] = ()
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A rectangle on a sheet whose writing is to be read: shares of the drawn picture, flat or as it came."""

    file: str
    number: int
    flat: bool
    left: float
    top: float
    right: float
    bottom: float
    kind: str = "text"

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError("a passage lies within its sheet, and is wider and higher than nothing")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One sheet, drawn: JPEG pictures as it came and, where it lies on a template, made flat to the form's frame.

    ``zones`` are the four corners of each zone in the picture as it came, shares of its width and height: they follow
    the paper where it is skewed, curled or photographed. ``way`` says how it was laid, "" where it was not.
    """

    file: str
    number: int
    width_mm: float
    height_mm: float
    came: bytes = field(repr=False)
    form: str = ""
    page: int = 0
    way: str = ""
    flat: bytes = field(default=b"", repr=False)
    zones: Mapping[str, Corners] = field(default_factory=dict, repr=False)
    clips: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Each field alone, cut out of the flat sheet: for whoever must not see the rest."""


@dataclass(frozen=True, slots=True)
class Paper:
    """All sheets of a delivery, and the files that cannot be opened with the sentence that says why."""

    sheets: tuple[Drawn, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    def sheet(self, file: str, number: int) -> Drawn | None:
        """Give one sheet."""
        return next((s for s in self.sheets if (s.file, s.number) == (file, number)), None)


def slots_of(said: Iterable[Correction]) -> Iterable[Slot]:
    """Give the sheets that a person put into a slot of a form, with their corners where those were said."""
    for one in said:
        what, _, rest = one.text.partition(":")
        if one.target is not Target.SHEET or what != Role.FORM:
            continue
        file, _, number = one.name.rpartition("#")
        where, _, corners = rest.partition("@")
        key, _, page = where.rpartition(":")
        yield Slot(file, int(number), key, int(page), read_corners(corners))


def read_corners(text: str) -> Corners | None:
    """Read corners as they are stored (``x,y x,y x,y x,y``), None where there are none."""
    if not text:
        return None
    a, b, c, d = ((float(x), float(y)) for x, _, y in (pair.partition(",") for pair in text.split()))
    return a, b, c, d


def write_corners(corners: Corners) -> str:
    """Write corners as they are stored."""
    return " ".join(f"{x:.4f},{y:.4f}" for x, y in corners)
