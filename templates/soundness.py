"""Check that a definition hangs together: names, conditions, needs, options, dates and places."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from re import fullmatch

from pages.page import Box
from templates.broken import BrokenForm
from templates.condition import DELEGATE_ACTS, BadCondition, parse_condition
from templates.form import Field, Form, Kind
from templates.plan import CHOICES, UNWRITTEN, FieldPlan, Plan

_NAME = r"[a-z][a-z0-9_]*"
_VALUE = r"[A-Za-z0-9_-]+"
_LETTER = r"[A-Z]"
_TOUCH_MM = 0.05
"""Boxes may touch; rounding makes them seem to overlap by less than this."""

LEAST_CELL_MM = 5.0
LEAST_FOREIGN_CELL_MM = 1.8
"""Sheets that others drew are taken as they are; below this nothing fits a cell, so a box is mismeasured."""
SYNTHETIC = "FAC-SIMILE – modello sintetico, non ufficiale"


def check_plan(plan: Plan, file: Path) -> None:
    """Check what can be known before anything has a place. Raises ``BrokenForm``."""
    _check_head(plan, file)
    _once((s.letter for s in plan.sections), file, "section", "letter")
    for section in plan.sections:
        if not fullmatch(_LETTER, section.letter):
            remedy = "Letter sections with one capital letter."
            raise BrokenForm(section.source, f"section {section.letter}", "this is no letter", remedy)
    _once((f.name for _, _, f in _fields(plan)), file, "field", "name")
    for source, letter, field in _fields(plan):
        _check_field(source, letter, field)
    _once((a.code for a in plan.attachments), file, "attachment", "code")
    _check_conditions(plan, file)
    _check_needs(plan)


def check_form(form: Form, file: Path) -> None:
    """Check the places: inside the page, cells wide enough, nothing over anything else. Raises ``BrokenForm``."""
    sheet = Box(0, 0, form.page_width_mm, form.page_height_mm)
    least_mm = LEAST_CELL_MM if form.printed else LEAST_FOREIGN_CELL_MM
    for field, page, box, zone in _zones(form):
        place = f"section {field.section}, field {zone}"
        if not 1 <= page <= form.page_count:
            remedy = f"Pages run from 1 to {form.page_count}."
            raise BrokenForm(file, place, f"stands on page {page}, which there is not", remedy)
        inside = sheet.covers(box.left, box.top) and sheet.covers(box.right, box.bottom)
        if not inside:
            remedy = f"Keep it inside {sheet.width:.0f} x {sheet.height:.0f} mm."
            raise BrokenForm(file, place, "its box reaches over the edge of the page", remedy)
        if field.cells and box.width / field.cells < least_mm:
            remedy = f"Make the box {field.cells * least_mm:.0f} mm wide, or give it fewer cells."
            raise BrokenForm(file, place, f"its {field.cells} cells do not fit", remedy)
    _check_apart(form, file)


def _check_head(plan: Plan, file: Path) -> None:
    expected = file.parent.name
    if plan.edition != expected:
        raise BrokenForm(file, "edition", f"is {plan.edition}, but its folder is {expected}", "Make them equal.")
    if plan.valid_to and plan.valid_to < plan.valid_from:
        raise BrokenForm(file, "valid_to", "lies before valid_from", "Correct one of the two dates.")
    if not plan.sections:
        raise BrokenForm(file, "section", "there is none", "Add [[section]] with rows of fields.")
    if plan.synthetic and plan.notice != SYNTHETIC:
        raise BrokenForm(file, "notice", "a synthetic form must say that it is one", f'Write notice = "{SYNTHETIC}".')
    if not fullmatch(r"[A-Z][A-Z0-9]*", plan.code) or not fullmatch(r"[A-Za-z0-9.-]+", plan.edition):
        remedy = "Write the code in capital letters and digits, the edition in letters, digits, '.' and '-'."
        raise BrokenForm(file, "code, edition", f"{plan.code}/{plan.edition} cannot stand in a 2-D code", remedy)


def _check_field(source: str, letter: str, field: FieldPlan) -> None:
    place = f"section {letter}, field {field.name}"
    if not fullmatch(_NAME, field.name):
        remedy = "Use small letters, digits and _, and begin with a letter."
        raise BrokenForm(source, place, "this is no name", remedy)
    if field.cells and (field.kind in UNWRITTEN or field.lines > 1):
        raise BrokenForm(source, place, "cells are for one line of text only", "Take cells or lines away.")
    if field.lines > 1 and field.kind in UNWRITTEN:
        raise BrokenForm(source, place, f"a field of kind {field.kind} has no lines", "Take lines away.")
    for option in field.options:
        if not fullmatch(_VALUE, option.value):
            remedy = "Use letters, digits, _ and -."
            raise BrokenForm(source, place, f"{option.value!r} is no value for an option", remedy)
    labels = Counter(o.label for o in field.options)
    for label, count in labels.items():
        if count > 1:
            raise BrokenForm(source, place, f"two options are labelled {label!r}", "Give each its own label.")


def _check_conditions(plan: Plan, file: Path) -> None:
    for source, place, text in _conditions(plan, file):
        known = {f.name: f for _, _, f in _fields(plan)}
        try:
            names = parse_condition(text).names
        except BadCondition as error:
            raise BrokenForm(source, place, str(error), "Correct the condition there.") from error
        for name in sorted(names - known.keys() - {DELEGATE_ACTS}):
            remedy = "Name a field of this form, or take it out of the condition."
            raise BrokenForm(source, place, f"its condition asks about {name}, which is no field", remedy)
        for name, value in _compared(text):
            field = known.get(name)
            if field and field.kind in CHOICES and value not in {o.value for o in field.options}:
                remedy = f"Use one of: {', '.join(o.value for o in field.options)}."
                raise BrokenForm(source, place, f"{value} is no option of {name}", remedy)


def _compared(text: str) -> Iterator[tuple[str, str]]:
    """List the comparisons of a condition that can be read, as (name, value)."""
    words = text.replace("(", " ( ").replace(")", " ) ").replace(",", " ").replace("=", " = ").split()
    for (at, name), (_, verb) in pairwise(enumerate(words)):
        if verb in ("=", "has"):
            yield name, words[at + 2]
        elif verb == "in":
            yield from ((name, value) for value in words[at + 3 : words.index(")", at)])


def _conditions(plan: Plan, file: Path) -> Iterator[tuple[str | Path, str, str]]:
    for source, letter, field in _fields(plan):
        yield source, f"section {letter}, field {field.name}", field.required_when
    for section in plan.sections:
        for need in section.needs:
            yield section.source, f"section {section.letter}, need {need.label}", need.when
    for attachment in plan.attachments:
        yield file, f"attachment {attachment.code}", attachment.required_when


def _check_needs(plan: Plan) -> None:
    codes = {a.code for a in plan.attachments}
    for section in plan.sections:
        own = {f.name for row in section.rows for f in row.fields}
        for need in section.needs:
            for name in need.fields:
                if name not in own:
                    place = f"section {section.letter}, need {need.label}"
                    remedy = "Name fields of the same section."
                    raise BrokenForm(section.source, place, f"{name} is no field of this section", remedy)
    for attachment in plan.attachments:
        for code in attachment.any_of:
            if code not in codes:
                place = f"attachment {attachment.code}"
                sources = plan.sections[0].source
                raise BrokenForm(sources, place, f"any_of names {code}, which is no attachment", "Correct the code.")


def _check_apart(form: Form, file: Path) -> None:
    zones = [(page, box, zone, field) for field, page, box, zone in _zones(form)]
    for (page, box, zone, field), (other_page, other, other_zone, other_field) in combinations(zones, 2):
        same = zone in (field.name, other_field.name) and field is other_field
        if page == other_page and not same and _overlap(box, other):
            place = f"section {field.section}, field {zone}"
            remedy = "Move or shrink one of the two."
            raise BrokenForm(file, place, f"its box overlaps the box of {other_zone}", remedy)


def _overlap(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > _TOUCH_MM and high > _TOUCH_MM


def _zones(form: Form) -> Iterator[tuple[Field, int, Box, str]]:
    """List every place that is written into or ticked."""
    for field in form.fields.values():
        if field.kind not in (Kind.ENUM, Kind.TICKS):
            yield field, field.page, field.box, field.name
        for option in field.options:
            yield field, option.page, option.box, f"{field.name}.{option.value}"


def _fields(plan: Plan) -> Iterator[tuple[str, str, FieldPlan]]:
    for section in plan.sections:
        for row in section.rows:
            for field in row.fields:
                yield section.source, section.letter, field


def _once(names: Iterable[str], file: Path, what: str, key: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise BrokenForm(file, f"{what} {name}", f"its {key} is used {count} times", f"Give each {what} its own.")
