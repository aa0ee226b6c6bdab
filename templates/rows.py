"""Set one row: labels above, writing areas side by side below them. Pure; tops count from the row's own top."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pages.page import Box
from templates.form import Field, Kind, Option, Printed
from templates.plan import CHOICES, UNWRITTEN, FieldPlan, RowPlan

LEFT = 15.0
CONTENT_WIDTH = 180.0
GAP = 4.0
CELL_PITCH = 5.6
LINE_HEIGHT = 8.0
TICK_SIDE = 4.5
TICK_TO_LABEL = 1.8
OPTION_GAP = 6.0
SIGNATURE_WIDTH = 80.0
LEAST_SHARE = 14.0
"""No free line is narrower (mm): a street number or a sign of two letters still fits by hand."""


class Measure(Protocol):
    """What a row must know of a typeface."""

    def width_mm(self, text: str, style: str) -> float:
        """Measure one line."""

    def wrap(self, text: str, style: str, room_mm: float) -> tuple[str, ...]:
        """Break into lines."""

    def leading_mm(self, style: str) -> float:
        """Give the line height."""


@dataclass(frozen=True, slots=True)
class Block:
    """Fields and words with their places, and the height that they take."""

    height: float
    fields: tuple[Field, ...]
    printed: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where one field of a row may stand."""

    plan: FieldPlan
    letter: str
    left: float
    top: float
    width: float
    measure: Measure

    def label(self) -> tuple[Printed, ...]:
        """Print the label above the writing area, and behind it the hint as far as it fits."""
        plan, size = self.plan, self.measure
        text = marked(plan)
        wide, high = size.width_mm(text, "label"), size.leading_mm("label")
        if wide > self.width:
            raise ValueError(f"field {plan.name}: its label is {wide:.0f} mm wide, its place {self.width:.0f} mm")
        top = self.top - high - 0.3
        words = [Printed(text, "label", 1, Box(self.left, top, wide, high), plan.name)]
        hint = "GG MM AAAA" if plan.kind is Kind.DATE and plan.cells == 8 else plan.hint
        width = size.width_mm(hint, "hint")
        if hint and wide + 1.6 + width <= self.width:
            words.append(Printed(hint, "hint", 1, Box(self.left + wide + 1.6, top, width, high)))
        return tuple(words)

    def field(self, box: Box, options: tuple[Option, ...] = ()) -> Field:
        """Make the field itself."""
        p = self.plan
        longest = p.cells or p.max_length
        return Field(
            p.name, p.label, p.kind, self.letter, 1, box, p.cells, p.lines, longest, p.required_when, options, p.hint
        )


def marked(plan: FieldPlan) -> str:
    """Give the printed label: a star says that it must always be filled."""
    return f"{plan.label} *" if plan.required_when == "always" else plan.label


def set_row(row: RowPlan, letter: str, measure: Measure) -> Block:
    """Share the width among the fields and set each into its part.

    Raises ``ValueError`` naming the field that cannot fit.
    """
    widths = _widths(row.fields, measure)
    labelled = any(f.kind is not Kind.TICK for f in row.fields)
    lined = any(f.kind not in UNWRITTEN for f in row.fields)
    top = measure.leading_mm("label") + 0.3 if labelled else 0.0
    left, blocks = LEFT, []
    for plan, width in zip(row.fields, widths, strict=True):
        block = _set(_Slot(plan, letter, left, top, width, measure), alone=not labelled)
        low = lined and plan.kind in CHOICES and block.height < top + LINE_HEIGHT
        blocks.append(_lowered(block, (top + LINE_HEIGHT - block.height) / 2) if low else block)
        left += width + GAP
    return Block(
        max(b.height for b in blocks),
        tuple(f for b in blocks for f in b.fields),
        tuple(p for b in blocks for p in b.printed),
    )


def _widths(plans: Sequence[FieldPlan], measure: Measure) -> list[float]:
    """Give fixed widths to cells and signatures, and share what is left among the others."""
    last = len(plans) - 1
    fixed = [_fixed(plan, measure, alone=not last) + _margin(plan, i < last) for i, plan in enumerate(plans)]
    left = CONTENT_WIDTH - GAP * (len(plans) - 1) - sum(w for w in fixed if w)
    shares = [0.0 if w else plan.width or 1.0 for plan, w in zip(plans, fixed, strict=True)]
    unit = left / (sum(shares) or 1.0)
    widths = [w or share * unit for w, share in zip(fixed, shares, strict=True)]
    for plan, width in zip(plans, widths, strict=True):
        if width < LEAST_SHARE - 0.01 and not plan.cells or left < -0.01:  # noqa: RUF021
            raise ValueError(f"field {plan.name}: the fields of its row need more than {CONTENT_WIDTH:.0f} mm")
    return widths


def _fixed(plan: FieldPlan, measure: Measure, *, alone: bool) -> float:
    if plan.cells:
        return max(plan.cells * CELL_PITCH, measure.width_mm(marked(plan), "label"))
    if plan.kind is Kind.INK and not plan.width:
        return SIGNATURE_WIDTH
    if plan.kind in CHOICES and not plan.width and not alone:
        label = measure.width_mm(marked(plan), "label")
        return min(max(label, sum(_option_widths(plan, measure)) - OPTION_GAP), CONTENT_WIDTH)
    return 0.0


def _margin(plan: FieldPlan, followed: bool) -> float:  # noqa: FBT001 - private
    """Keep the last tick box's label of a choice further from the next field than from its own box."""
    return OPTION_GAP if followed and plan.kind in CHOICES and not plan.width else 0.0


def _set(slot: _Slot, *, alone: bool) -> Block:
    if slot.plan.kind in CHOICES:
        return _set_choice(slot)
    if slot.plan.kind is Kind.TICK:
        return _set_tick(slot, alone=alone)
    height = slot.plan.height if slot.plan.kind is Kind.INK else LINE_HEIGHT * slot.plan.lines
    width = slot.plan.cells * CELL_PITCH or slot.width
    box = Box(slot.left, slot.top, width, height)
    return Block(slot.top + height, (slot.field(box),), slot.label())


def _set_tick(slot: _Slot, *, alone: bool) -> Block:
    """Set a tick box with its label to the right; in a row of lines at half their height."""
    words, text_height = _beside(slot, marked(slot.plan), slot.width, slot.plan.name)
    height = max(text_height, TICK_SIDE) + 0.6 if alone else max(text_height, LINE_HEIGHT)
    top = slot.top + 0.3 if alone else slot.top + (height - TICK_SIDE) / 2
    if text_height > TICK_SIDE and alone:
        top = slot.top + 0.3
    words_top = top + TICK_SIDE / 2 - min(text_height, slot.measure.leading_mm("option")) / 2
    if not alone:
        words_top = slot.top + (height - text_height) / 2
    box = Box(slot.left, top, TICK_SIDE, TICK_SIDE)
    return Block(slot.top + height, (slot.field(box),), (_at(words, slot.left, words_top),))


def _set_choice(slot: _Slot) -> Block:
    """Set the options of a choice in lines that are filled from the left, or in columns of equal width."""
    plan, measure = slot.plan, slot.measure
    step = slot.width / plan.columns if plan.columns else 0.0
    widths = [step] * len(plan.options) if step else _option_widths(plan, measure)
    options, words = [], list(slot.label())
    top, bottom, left = slot.top, slot.top, slot.left
    for option, width in zip(plan.options, widths, strict=True):
        if left > slot.left and left + width - (0 if step else OPTION_GAP) > slot.left + slot.width + 0.01:
            left, top = slot.left, bottom
        text, high = _beside(
            slot, option.label, (step or width) - (2.0 if step else 0.0), f"{plan.name}.{option.value}"
        )
        height = max(high + 1.6, 6.4)
        spot = Box(left, top + (height - TICK_SIDE) / 2, TICK_SIDE, TICK_SIDE)
        options.append(Option(option.value, option.label, 1, spot))
        words.append(_at(text, left, top + (height - high) / 2))
        bottom, left = max(bottom, top + height), left + width
    field = slot.field(span([o.box for o in options]), tuple(options))
    return Block(bottom, (field,), tuple(words))


def _lowered(block: Block, by: float) -> Block:
    """Bring a choice to half the height of the lines beside it; its label stays above."""
    fields = tuple(
        replace(f, box=_down(f.box, by), options=tuple(replace(o, box=_down(o.box, by)) for o in f.options))
        for f in block.fields
    )
    words = tuple(p if p.style != "option" else replace(p, box=_down(p.box, by)) for p in block.printed)
    return Block(block.height + by, fields, words)


def _down(box: Box, by: float) -> Box:
    return Box(box.left, box.top + by, box.width, box.height)


def _option_widths(plan: FieldPlan, measure: Measure) -> list[float]:
    return [TICK_SIDE + TICK_TO_LABEL + measure.width_mm(o.label, "option") + OPTION_GAP for o in plan.options]


def _beside(slot: _Slot, text: str, width: float, about: str) -> tuple[Printed, float]:
    """Break a tick box's label into lines; give it without a place, and its height."""
    room = width - TICK_SIDE - TICK_TO_LABEL + 0.05
    lines = slot.measure.wrap(text, "option", room)
    wide = max(slot.measure.width_mm(line, "option") for line in lines)
    if wide > room:
        raise ValueError(f"field {slot.plan.name}: {text!r} does not fit beside its box of {width:.0f} mm")
    high = len(lines) * slot.measure.leading_mm("option")
    return Printed("\n".join(lines), "option", 1, Box(0.0, 0.0, wide, high), about), high


def _at(words: Printed, left: float, top: float) -> Printed:
    box = Box(left + TICK_SIDE + TICK_TO_LABEL, top, words.box.width, words.box.height)
    return Printed(words.text, words.style, words.page, box, words.about)


def span(boxes: Sequence[Box]) -> Box:
    """Give the smallest box around others."""
    left, top = min(b.left for b in boxes), min(b.top for b in boxes)
    return Box(left, top, max(b.right for b in boxes) - left, max(b.bottom for b in boxes) - top)
