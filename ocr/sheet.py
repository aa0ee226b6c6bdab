"""Sheet: a page on its template while it is read; its picture is touched only if a zone has to be looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ocr.carried import Carried
from ocr.faithful import faithful
from ocr.ink import Presence, Source
from ocr.marks import presence
from ocr.medium import Medium, medium
from ocr.typed_or_hand import measures, odds, written_by_hand
from ocr.zones import FlatSheet, Zone, flat_sheet
from pages.page import Box, Page
from templates.form import Field, Form, Kind, Match, Option

LINE_INSET_MM = 0.42
BUTTONS = frozenset({Kind.ENUM, Kind.TICKS, Kind.TICK})


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet under reading, with the zones that were drawn so far."""

    page: Page
    match: Match
    carried: Carried
    _drawn: dict[Box, Zone] = field(default_factory=dict, repr=False)

    @cached_property
    def flat(self) -> FlatSheet:
        """Make the sheet ready for its zones."""
        return flat_sheet(self.page, self.match)

    @cached_property
    def medium(self) -> Medium:
        """Tell how the sheet came."""
        return medium(self.page, self.match)

    @cached_property
    def faithful(self) -> float:
        """Tell how like the blank's the sheet's own print came; data came as it was sent."""
        return faithful(self.flat) if self.page.scanned else 1.0

    @property
    def empty_source(self) -> Source:
        """Say who found a zone empty: the best witness that the sheet has."""
        if self.page.scanned:
            return Source.OCR
        return Source.ACROFORM if self.carried.filled else Source.TEXT

    def zone(self, box: Box) -> Zone:
        """Draw a zone, once."""
        if box not in self._drawn:
            self._drawn[box] = self.flat.zone(box)
        return self._drawn[box]

    def by_hand(self, item: Field) -> bool:
        """Tell whether a hand wrote what stands in a field on paper; on a sheet of one kind its zones agree."""
        return written_by_hand(self._odds.get(item.name), np.array([*self._odds.values()], dtype=np.float64))

    @cached_property
    def _odds(self) -> dict[str, float]:
        return {name: odds(seen) for name, seen in self._measured()}

    def _measured(self) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
        for item, option, box in zones(self.match.form, self.match.page):
            if option or item.kind in BUTTONS or item.kind is Kind.INK or item.lines > 1:
                continue
            if item.name in self.carried.values or self.carried.in_box(box, cells=item.cells):
                continue
            zone = self.zone(box)
            if presence(zone, LINE_INSET_MM) is not Presence.EMPTY and (seen := measures(zone)) is not None:
                yield item.name, seen


def zones(form: Form, page: int) -> Iterator[tuple[Field, Option | None, Box]]:
    """List the zones of one page of a form: fields with their boxes, and the options of tick fields with theirs."""
    for item in form.fields.values():
        for option in item.options:
            if option.page == page:
                yield item, option, option.box
        if not item.options and item.page == page:
            yield item, None, item.box
