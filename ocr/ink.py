"""Ink: what stands in one zone of one sheet, whatever engine looked at it."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ocr.medium import Medium
from pages.doubt import Doubt
from pages.page import Box


class Source(StrEnum):
    """Who read a value. The names are part of the published contract."""

    ACROFORM = "acroform"
    TEXT = "text"
    OCR = "ocr"
    HANDPRINT = "handprint"
    MARK = "mark"
    CLERK = "clerk"
    ONLINE = "online"


class Presence(StrEnum):
    """The ink test, measured before any reading: empty is a finding, unreadable is not empty."""

    EMPTY = "empty"
    INK = "ink"
    STRUCK = "struck"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """A recogniser's posterior over one line: natural logs [steps, 1 + len(alphabet)], column 0 is the blank."""

    alphabet: str
    logp: npt.NDArray[np.float32] = field(repr=False)

    def __post_init__(self) -> None:
        if self.logp.ndim != 2 or self.logp.shape[1] != 1 + len(self.alphabet):
            raise ValueError("a lattice has one column for the blank and one for each character of its alphabet")


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A recogniser's posterior over single characters, cell by cell: natural logs [cells, len(alphabet) + 1].

    The last column is "reject": ink that is no character. ``empty`` are the cells without ink, measured before any
    reading; their rows say nothing.
    """

    alphabet: str
    logp: npt.NDArray[np.float32] = field(repr=False)
    empty: tuple[bool, ...]

    def __post_init__(self) -> None:
        if self.logp.shape != (len(self.empty), len(self.alphabet) + 1):
            raise ValueError("cells have one row each, one column for each character of the alphabet and one to reject")

    @property
    def written(self) -> tuple[int, ...]:
        """The places of the cells that hold ink."""
        return tuple(i for i, empty in enumerate(self.empty) if not empty)


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """One zone as it was seen. ``zone`` is the field's name, or ``field.option`` for a tick box.

    ``text`` is the raw reading, before any grammar. ``confidence`` in 0..1 is the least certain character's.
    ``page`` is the sheet's page number in its file, ``box`` the zone in mm on the template.
    ``others`` are further engines' readings of the same zone, where any was asked; "" is none.
    ``medium`` is how the sheet came, ``sheet`` in 0..1 how well it lies on its template, ``legible`` in 0..1 which
    share of its other lines two readers read alike, ``faithful`` in 0..1 how like the blank's its own print came.
    ``cells`` are the characters of hand-print in boxes; then ``lattice`` is a line reader's second opinion.
    ``mark`` is set for tick boxes and ink zones: True, False, or None when doubtful.
    ``doubt`` says why a value that the file carries may not be what the sheet shows; ``others`` is then what it shows.
    """

    zone: str
    file: str
    page: int
    box: Box
    source: Source
    presence: Presence
    text: str = ""
    confidence: float = 1.0
    mark: bool | None = None
    others: tuple[str, ...] = ()
    medium: Medium = Medium.DIGITAL
    sheet: float = 1.0
    legible: float = 1.0
    faithful: float = 1.0
    lattice: Lattice | None = None
    cells: Cells | None = None
    engine: str = ""
    doubt: Doubt | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"{self.zone}: confidence {self.confidence} is not a probability")
