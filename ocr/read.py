"""Read a sheet zone by zone: form value, typed words, ink test, marks, and only then an engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ocr.alphabet import LATIN
from ocr.boxed import read_by_hand, strips_of
from ocr.carried import Carried, agreement, state_of
from ocr.cascade import Cascade, Check, Heard, no_check, side_by_side
from ocr.engine import CellEngine, Engine, Recognised, label
from ocr.handprint import HandPrint
from ocr.ink import Ink, Presence, Source
from ocr.legible import with_legibility
from ocr.line_net import LineNet
from ocr.marks import presence, signature, struck_out
from ocr.ppocr import PpOcr
from ocr.sheet import BUTTONS, LINE_INSET_MM, Sheet, zones
from ocr.strikes import strike_out
from ocr.tesseract import Tesseract
from ocr.ticks import Tick, tick
from ocr.typed_or_hand import is_typed
from ocr.zones import Zone
from pages.doubt import Doubt
from pages.form_kind import Seal
from pages.page import Box, FormValue, Page
from pages.picture import within_resolution
from templates.form import Field, Kind, Match, Option

SHEET_DPI = 150.0


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads sheets with a cascade of line readers, and an engine for blocks of lines.

    ``hand`` reads character boxes that a hand filled; without it they are read as if they were typed.
    """

    lines: Cascade
    block: Engine
    hand: CellEngine | None = None

    @property
    def versions(self) -> Mapping[str, str]:
        """Name every engine that has a part in reading, with its version."""
        engines = (self.lines.quick, self.lines.second, self.lines.thorough, self.block, self.hand)
        return {engine.name: engine.version for engine in engines if engine is not None}

    def read(self, page: Page, match: Match) -> tuple[Ink, ...]:
        """Read every zone of the form page that a sheet is: one ink for each field, and for each option's box."""
        sheet = Sheet(page, match, Carried.by(page, match))
        inks = tuple(self._zone(sheet, item, option, box) for item, option, box in zones(match.form, match.page))
        if not page.scanned:
            return inks
        lines = {item.name for item in match.form.fields.values() if item.lines == 1}
        return strike_out(match.form, match.page, sheet.flat, with_legibility(inks, lines))

    def read_text(self, page: Page) -> str:
        """Read a loose sheet as plain text: its text layer, else by the block engine."""
        if page.words:
            return Carried(words=page.words).in_box(Box(-1, -1, page.width_mm + 2, page.height_mm + 2))
        picture, _, _ = within_resolution(page.picture, (page.dpi_x, page.dpi_y), SHEET_DPI)
        return self.block.read_sheet(picture).text

    def _zone(self, sheet: Sheet, item: Field, option: Option | None, box: Box) -> Ink:
        name = f"{item.name}.{option.value}" if option else item.name
        nothing = Ink(
            zone=name,
            file=sheet.page.file,
            page=sheet.page.number,
            box=box,
            source=sheet.empty_source,
            presence=Presence.EMPTY,
            medium=sheet.medium,
            sheet=sheet.match.quality,
            faithful=sheet.faithful,
        )
        if item.kind in BUTTONS:
            return _button(sheet, item, option, nothing)
        value = sheet.carried.values.get(item.name)
        if value is not None and (value.text or value.on or value.doubt):
            return _from_value(nothing, item, value)
        if item.kind is Kind.INK:
            return _signed(sheet, nothing)
        return self._written(sheet, item, nothing)

    def _written(self, sheet: Sheet, item: Field, nothing: Ink) -> Ink:
        """Read what stands in a zone without a form value: typed into the page, printed, or written on paper."""
        inked = _doubt(sheet)
        typed = sheet.carried.in_box(nothing.box, cells=item.cells)
        if typed:
            return _typed(sheet, nothing, typed)
        zone = sheet.zone(nothing.box)
        if presence(zone, LINE_INSET_MM) is Presence.EMPTY:
            return nothing
        if self.hand is not None and sheet.by_hand(item):
            return self._by_hand(self.hand, zone, item, nothing, inked)
        if item.cells:
            return self._cells(zone, item, nothing, inked)
        picture = zone.cleaned(nothing.box.inset(LINE_INSET_MM))
        if item.lines > 1:
            return _from_engine(nothing, self.block.read_block(picture), self.block, inked)
        return _from_lines(nothing, self.lines.read(picture, item.kind), inked)

    def _by_hand(self, hand: CellEngine, zone: Zone, item: Field, nothing: Ink, inked: Presence) -> Ink:
        """Read what a hand wrote: cells by the reader of single characters; lines only to be proposed to a clerk."""
        if struck_out(zone):
            return replace(nothing, source=Source.HANDPRINT, presence=Presence.STRUCK)
        if item.cells:
            ink = read_by_hand(zone, item, nothing, hand, self.lines.thorough)
            return ink if ink is nothing else replace(ink, presence=inked)
        picture = zone.cleaned(nothing.box.inset(LINE_INSET_MM))
        line = self.lines.thorough
        read = line.read_block(picture) if item.lines > 1 else line.read_line(picture)
        return replace(_from_engine(nothing, read, line, inked), source=Source.HANDPRINT)

    def _cells(self, zone: Zone, item: Field, nothing: Ink, inked: Presence) -> Ink:
        """Read typed cells; ink that lies in none of them leaves the field empty."""
        strips = strips_of(zone, item)
        if not strips:
            return nothing
        parts = [self.lines.read(strip, item.kind, LATIN) for strip in strips]
        return _from_lines(nothing, parts[0] if len(parts) == 1 else side_by_side(parts), inked)


def _doubt(sheet: Sheet) -> Presence:
    """Judge ink where a form value is empty: beside filled values it is drawn over, and someone should look."""
    return Presence.DOUBTFUL if sheet.carried.filled else Presence.INK


def _typed(sheet: Sheet, nothing: Ink, text: str) -> Ink:
    if sheet.carried.overlaid(nothing.box):
        return replace(nothing, source=Source.TEXT, presence=Presence.DOUBTFUL, text=text, doubt=Doubt.OVERLAID)
    return replace(nothing, source=Source.TEXT, presence=Presence.INK, text=text)


def _from_value(nothing: Ink, item: Field, value: FormValue) -> Ink:
    shown = (value.shown,) if value.doubt and value.shown else ()
    ink = replace(
        nothing, source=Source.ACROFORM, presence=agreement(value), text=value.text, others=shown, doubt=value.doubt
    )
    if item.kind is Kind.INK:
        return replace(ink, mark=None if value.doubt else True)
    return replace(ink, text=value.text or value.on or "")


def _from_engine(nothing: Ink, read: Recognised, engine: Engine, inked: Presence) -> Ink:
    return replace(
        nothing,
        source=Source.OCR,
        presence=inked,
        text=read.text,
        confidence=read.confidence,
        lattice=read.lattice,
        engine=label(engine),
    )


def _from_lines(nothing: Ink, heard: Sequence[Heard], inked: Presence) -> Ink:
    first, *others = heard
    ink = _from_engine(nothing, first.read, first.engine, inked)
    if not others:
        return ink
    return replace(
        ink, others=tuple(one.read.text for one in others), engine="; ".join(label(one.engine) for one in heard)
    )


def _button(sheet: Sheet, item: Field, option: Option | None, nothing: Ink) -> Ink:
    values = sheet.carried.values
    state = state_of(values, item, option)
    named = values.get(nothing.zone) or values.get(item.name)
    if named is not None and named.doubt and (state or _is_drawn(named, nothing.zone, option)):
        return _in_file(nothing, named.doubt)
    if state is None and sheet.carried.in_box(nothing.box):
        return replace(nothing, source=Source.TEXT, presence=_doubt(sheet), mark=True)
    seen = tick(sheet.zone(nothing.box))
    if state:
        return _in_file(nothing, Doubt.STATE if seen.mark is False else None)
    if state is None:
        return replace(nothing, source=Source.MARK, presence=seen.presence, confidence=seen.confidence, mark=seen.mark)
    return _beside_value(sheet, seen, nothing)


def _beside_value(sheet: Sheet, seen: Tick, nothing: Ink) -> Ink:
    """Tell a box whose form value is off; a mark that the other values of the sheet know nothing of is doubtful."""
    if seen.mark is False:
        return replace(nothing, source=Source.ACROFORM, mark=False)
    mark = None if sheet.carried.filled else seen.mark
    return replace(nothing, source=Source.MARK, presence=Presence.DOUBTFUL, confidence=seen.confidence, mark=mark)


def _in_file(nothing: Ink, doubt: Doubt | None) -> Ink:
    """Take a button as on, as the file says, unless the sheet shows otherwise."""
    seen = Presence.INK if doubt is None else Presence.DOUBTFUL
    return replace(nothing, source=Source.ACROFORM, presence=seen, mark=True if doubt is None else None, doubt=doubt)


def _is_drawn(value: FormValue, zone: str, option: Option | None) -> bool:
    """Tell whether a button that is off by its value is drawn as on: its own box, or its box of a group."""
    drawn = (value.shown or "").split(", ")
    return value.name == zone or (option is not None and option.value in drawn)


def _signed(sheet: Sheet, nothing: Ink) -> Ink:
    zone = sheet.zone(nothing.box)
    written = signature(zone)
    if written and is_typed(zone):
        written = None  # a name typed where a pen should have been
    if not written and sheet.page.seal is not Seal.NONE:
        doubt = Doubt.DIGITAL_SIGNATURE
        return replace(nothing, source=Source.MARK, presence=Presence.DOUBTFUL, confidence=0.5, mark=None, doubt=doubt)
    inked = {True: Presence.INK, False: Presence.EMPTY, None: Presence.DOUBTFUL}[written]
    return replace(
        nothing, source=Source.MARK, presence=inked, mark=written, confidence=1.0 if written is not None else 0.5
    )


def standard_reader(models: Path | None = None, data: Path | None = None, check: Check = no_check) -> Reader:
    """Wire the engines that were measured best; ``models`` and ``data`` are folders, by default the installed ones.

    ``check`` tells which readings pass the check of their kind. Raises ``ModelMissing``, ``TesseractMissing``
    or ``WeightsDamaged``, each with the command that helps.
    """
    tesseract = Tesseract(data)
    return Reader(Cascade(LineNet(), tesseract, PpOcr(models), check), block=tesseract, hand=HandPrint())
