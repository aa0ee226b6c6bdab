"""Engine: whatever turns a picture of writing into characters. One door for each, one neutral result."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ocr.ink import Cells, Lattice
from pages.page import Picture


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """What an engine read. ``confidence`` in 0..1 is the least certain character's (or word's, for some engines).

    Lines of a block are parted by line feeds. ``lattice`` is the whole posterior of a single line, where there is one.
    """

    text: str
    confidence: float
    lattice: Lattice | None = field(default=None, repr=False)


NOTHING = Recognised("", 0.0)


class Engine(Protocol):
    """Reads pictures at about 200 dpi, dark on light. Nothing legible gives an empty text, never an error.

    ``allowed`` limits the characters, "" for no limit; an engine that cannot obey ignores it.
    """

    @property
    def name(self) -> str:
        """Name of engine and model, stored with every reading."""
        ...

    @property
    def version(self) -> str:
        """Version of the engine and a hash of its model."""
        ...

    def read_line(self, picture: Picture, allowed: str = "") -> Recognised:
        """Read one line."""
        ...

    def read_block(self, picture: Picture) -> Recognised:
        """Read a paragraph of several lines."""
        ...

    def read_sheet(self, picture: Picture) -> Recognised:
        """Read a whole sheet of unknown layout."""
        ...


class CellEngine(Protocol):
    """Reads single characters, each in a picture of its own; None stands for an empty cell."""

    @property
    def name(self) -> str:
        """Name of engine and model, stored with every reading."""
        ...

    @property
    def version(self) -> str:
        """Version of the engine and a hash of its model."""
        ...

    def read(self, cells: Sequence[Picture | None]) -> Cells:
        """Read the cells of one field."""
        ...


def label(engine: Engine | CellEngine) -> str:
    """Name an engine with its version."""
    return f"{engine.name} ({engine.version})"
