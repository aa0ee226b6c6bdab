"""Find the doubtful characters of fields in boxes: which character each may be, and where its box lies. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from backoffice.case_view import content_text
from cases.correction import Target
from cases.correction_case import OpenCase
from cases.paper import ABOVE_MM
from ocr.ink import Cells
from ocr.packed import unpack_cells
from pages.page import Box
from parsers.reading import State, Value
from templates.form import Field, Kind

CLIP_MARGIN_MM: Final = 1.2
"""What ``jobs.draw`` leaves beside and below a field that it cuts out."""
SURE: Final = 0.98
"""A character of a single box with this posterior needs no second look."""
CONFUSED: Final = frozenset("0OQD1IL7B8S5Z2G6UV4A9")
"""Where no posterior of single boxes is kept: characters that are taken for one another."""
_LOOSE: Final = frozenset({Kind.TEXT, Kind.NAME, Kind.LONG_TEXT, Kind.LIST})


@dataclass(frozen=True, slots=True)
class Glyph:
    """One doubtful character of a field: ``at`` is its box, from 0. ``clip`` is the size of the field's picture in mm.

    ``box`` is the character's place in that picture.
    """

    number: str
    field: str
    at: int
    char: str
    text: str
    seen: int
    clip: tuple[float, float]
    box: Box

    @property
    def key(self) -> str:
        """Name it in the grid's form."""
        return f"{self.number}|{self.field}|{self.at}"


def glyphs_of(case: OpenCase) -> Iterator[Glyph]:
    """Yield the doubtful characters of a case: of fields in boxes that were read, and not with certainty."""
    form = case.now.form
    for one in form.fields.values() if form else ():
        value = case.found.values.get(one.name)
        if value is None or not one.cells or one.kind in _LOOSE or value.state is not State.UNREADABLE:
            continue
        if value.proposals and case.now.of(Target.FIELD, one.name) is None:
            yield from _of_field(case, one, value)


def _of_field(case: OpenCase, one: Field, value: Value) -> Iterator[Glyph]:
    text = content_text(one, value.proposals[0])
    chars = [char for char in text if char.isalnum()]
    posterior = _posterior(case.basis.transcript.inks, one.name)
    written = posterior.written if posterior else tuple(range(len(chars)))
    if len(chars) != len(written) or len(chars) > one.cells:
        return
    grown = one.box.inset(-CLIP_MARGIN_MM)
    top = one.box.top - ABOVE_MM
    clip = Box(grown.left, top, grown.width, grown.bottom - top)
    boxes = one.box.split(one.cells)
    for cell, char in zip(written, chars, strict=True):
        if not _doubtful(posterior, cell, char):
            continue
        box = boxes[cell].inset(-0.4)
        place = Box(box.left - clip.left, box.top - clip.top, box.width, box.height)
        seen = case.seen(Target.FIELD, one.name)
        yield Glyph(case.case.number, one.name, cell, char, text, seen, (clip.width, clip.height), place)


def _doubtful(posterior: Cells | None, cell: int, char: str) -> bool:
    if posterior is None:
        return char.upper() in CONFUSED
    at = posterior.alphabet.find(char)
    return at < 0 or float(np.exp(posterior.logp[cell, at])) < SURE


def _posterior(inks: tuple[Mapping[str, Any], ...], name: str) -> Cells | None:
    noted = next((ink.get("cells") for ink in inks if ink.get("zone") == name), None)
    return unpack_cells(noted) if isinstance(noted, str) else None
