"""Plan: a form definition as it was written, before anything has a place on a sheet."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pages.page import Box
from templates.form import Attachment, Kind, Need

CELLS: Final = {
    Kind.TAX_CODE: 16,
    Kind.VAT: 11,
    Kind.POD: 15,
    Kind.PDR: 14,
    Kind.DATE: 8,
    Kind.YEAR: 4,
    Kind.POSTAL_CODE: 5,
    Kind.PROVINCE: 2,
}
"""Kinds that are written into separate character boxes, and how many, where the definition does not say."""

CHOICES: Final = frozenset({Kind.ENUM, Kind.TICKS})
UNWRITTEN: Final = CHOICES | {Kind.TICK, Kind.INK}
"""Kinds into which no text is written."""


@dataclass(frozen=True, slots=True)
class OptionPlan:
    """One tick box of a choice; ``page`` and ``box`` only on forms whose places are given."""

    value: str
    label: str
    page: int | None = None
    box: Box | None = None
    widget: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One field as written. ``width`` is its share of the row, ``height`` (mm) counts for signatures only.

    ``columns`` sets options in a grid; 0 lets them follow one another.
    """

    name: str
    label: str
    kind: Kind
    required_when: str
    cells: int = 0
    lines: int = 1
    max_length: int = 0
    width: float = 0.0
    height: float = 20.0
    columns: int = 0
    hint: str = ""
    options: tuple[OptionPlan, ...] = ()
    page: int | None = None
    box: Box | None = None
    widget: str = ""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """Fields that stand side by side, under a heading of their own if they have one."""

    fields: tuple[FieldPlan, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A lettered section as written. ``source`` is the file in which it stands."""

    letter: str
    title: str
    rows: tuple[RowPlan, ...]
    note: str = ""
    needs: tuple[Need, ...] = ()
    new_page: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole definition as written. ``pages`` is set where a finished PDF gives the places of all fields.

    ``blank_sha256`` then says which PDF that is, "" for any.
    """

    code: str
    edition: str
    title: str
    valid_from: date
    valid_to: date | None
    synthetic: bool
    notice: str
    desk: str
    instructions: str
    sections: tuple[SectionPlan, ...]
    attachments: tuple[Attachment, ...] = ()
    anchors: tuple[str, ...] = ()
    pages: int | None = None
    page_size_mm: tuple[float, float] = field(default=(210.0, 297.0))
    blank_sha256: str = ""
