"""Lay a plan out: rows of fields into boxes in mm on A4 sheets. Pure; the widths of words come as an argument.

A sheet keeps room for corner marks, a 2-D code and a footer. A row is never broken, and a section's title, note
and first row stay together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pages.page import Box
from templates.form import Field, Option, Printed, Section
from templates.plan import Plan, SectionPlan
from templates.rows import CONTENT_WIDTH, LEFT, Block, Measure, set_row

TOP = 34.0
BOTTOM = 282.0
"""The part of a sheet (mm) in which sections stand; above it are title and code, below the footer."""

SECTION_GAP = 2.8
TITLE_HEIGHT = 6.0
TITLE_BELOW = 1.5
ROW_GAP = 1.6
WHOLE_BELOW = 60.0
"""A section lower than this (mm) is not parted; a higher one may go on overleaf, under its title again."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """A plan with a place for everything."""

    sections: tuple[Section, ...]
    printed: tuple[Printed, ...]
    page_count: int


@dataclass(frozen=True, slots=True)
class _Slab:
    """A strip of a sheet that is never cut. ``keep`` ties it to the next one. Its block's tops count from its own.

    ``again`` is what is printed above it where a sheet begins with it.
    """

    height: float
    block: Block
    letter: str = ""
    keep: bool = False
    breaks: bool = False
    again: Block | None = None


def lay_out(plan: Plan, measure: Measure) -> Sheets:
    """Give every field, option and printed word of a plan its page and box.

    Raises ``ValueError`` naming field or section when something cannot fit.
    """
    slabs = [*_opening(plan, measure), *(s for p in plan.sections for s in _kept(list(_slabs(p, measure))))]
    placed = list(_place(_chains(slabs)))
    return Sheets(
        sections=tuple(_section(p, placed) for p in plan.sections),
        printed=tuple(words for _, _, block in placed for words in block.printed),
        page_count=max((page for _, page, _ in placed), default=1),
    )


def _place(chains: Iterable[list[_Slab]]) -> Iterator[tuple[str, int, Block]]:
    """Stack chains onto sheets: (section, page, block in its place)."""
    page, top = 1, TOP
    for chain in chains:
        height = sum(slab.height for slab in chain)
        if top + height > BOTTOM or (chain[0].breaks and top > TOP):
            page, top = page + 1, TOP
            if again := chain[0].again:
                yield chain[0].letter, page, _moved(again, page, top)
                top += again.height
        if top + height > BOTTOM:
            raise ValueError(f"section {chain[0].letter}: a row is higher than a sheet")
        for slab in chain:
            yield slab.letter, page, _moved(slab.block, page, top)
            top += slab.height


def _kept(slabs: list[_Slab]) -> list[_Slab]:
    """Tie the slabs of a low section together."""
    whole = sum(slab.height for slab in slabs) < WHOLE_BELOW
    return [replace(slab, keep=True) for slab in slabs[:-1]] + slabs[-1:] if whole else slabs


def _chains(slabs: Sequence[_Slab]) -> Iterator[list[_Slab]]:
    """Group slabs that must stand on one sheet."""
    chain: list[_Slab] = []
    for slab in slabs:
        chain.append(slab)
        if not slab.keep:
            yield chain
            chain = []
    if chain:
        yield chain


def _opening(plan: Plan, measure: Measure) -> Iterator[_Slab]:
    if plan.instructions:
        block = _words(plan.instructions, "instruction", measure)
        yield _Slab(block.height + 1.0, block)


def _slabs(section: SectionPlan, measure: Measure) -> Iterator[_Slab]:
    yield _Slab(SECTION_GAP + TITLE_HEIGHT + TITLE_BELOW, _title(section), section.letter, True, section.new_page)
    if section.note:
        note = _words(section.note, "note", measure)
        yield _Slab(note.height + 1.2, note, section.letter, keep=True)
    again = _words(f"{section.letter} – {section.title} (segue)", "heading", measure)
    again = replace(again, height=again.height + 1.0)
    for row in section.rows:
        if row.heading:
            heading = _words(row.heading, "heading", measure)
            yield _Slab(heading.height + 0.6, heading, section.letter, keep=True, again=again)
        block = set_row(row, section.letter, measure)
        yield _Slab(block.height + ROW_GAP, block, section.letter, again=again)


def _title(section: SectionPlan) -> Block:
    height = TITLE_HEIGHT
    letter = Printed(section.letter, "letter", 1, Box(LEFT, SECTION_GAP, height, height))
    title = Printed(section.title, "section", 1, Box(LEFT + height, SECTION_GAP, CONTENT_WIDTH - height, height))
    return Block(SECTION_GAP + height, (), (letter, title))


def _words(text: str, style: str, measure: Measure) -> Block:
    lines = measure.wrap(text, style, CONTENT_WIDTH)
    height = len(lines) * measure.leading_mm(style)
    return Block(height, (), (Printed("\n".join(lines), style, 1, Box(LEFT, 0.0, CONTENT_WIDTH, height)),))


def _moved(block: Block, page: int, top: float) -> Block:
    return Block(
        block.height,
        tuple(_moved_field(f, page, top) for f in block.fields),
        tuple(replace(p, page=page, box=_down(p.box, top)) for p in block.printed),
    )


def _moved_field(field: Field, page: int, top: float) -> Field:
    options = tuple(Option(o.value, o.label, page, _down(o.box, top)) for o in field.options)
    return replace(field, page=page, box=_down(field.box, top), options=options)


def _down(box: Box, top: float) -> Box:
    return Box(*(round(n, 3) for n in (box.left, box.top + top, box.width, box.height)))


def _section(plan: SectionPlan, placed: Sequence[tuple[str, int, Block]]) -> Section:
    fields = tuple(f for letter, _, block in placed if letter == plan.letter for f in block.fields)
    return Section(plan.letter, plan.title, fields, plan.needs)
