"""Write a proposal as form.toml: in the order of the sheet, each guess with a comment that says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pages.page import Box
from templates.draft.place import Shape
from templates.draft.propose import FieldGuess, OptionGuess, Proposal, SectionGuess
from templates.form import Kind
from templates.plan import CELLS

INTRODUCTION = """\
# PROPOSAL, made by a program from {source}. Nothing of it is sure before a person has looked at it.
# 1. Look at the proof pictures: each zone must lie on the place that is written into, without its label.
# 2. Put right what is marked with "guess:". Take out what is no field; add what is missing.
# 3. gateway forms check --forms FOLDER, then gateway forms simulate {code} --forms FOLDER.
# Boxes are [left, top, width, height] in millimetres from the top left corner of the sheet."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a person or the folder says of the form that is proposed."""

    code: str
    edition: str
    valid_from: date
    source: str
    sha256: str


def as_toml(proposal: Proposal, head: Head) -> str:
    """Write the definition; it loads as it is, so that it can be looked at before it is edited."""
    return "\n".join([*_head(proposal, head), *(line for s in proposal.sections for line in _section(s))]) + "\n"


def _head(proposal: Proposal, head: Head) -> Iterator[str]:
    first = proposal.sheets[0]
    yield INTRODUCTION.format(source=head.source, code=head.code)
    yield from (f"# LOOK: {_one_line(remark)}" for remark in proposal.remarks)
    yield ""
    yield f"code = {_text(head.code)}  # the procedure, in capital letters and digits"
    yield f"edition = {_text(head.edition)}  # the name of this folder"
    yield f"title = {_text(proposal.title)}  # guess: the largest words on the first page"
    yield f"valid_from = {head.valid_from.isoformat()}  # guess: today; write the first day of this edition"
    yield f"pages = {len(proposal.sheets)}"
    yield f"page_width_mm = {first.width_mm:.1f}"
    yield f"page_height_mm = {first.height_mm:.1f}"
    anchors = ", ".join(_text(anchor) for anchor in proposal.anchors)
    yield f"anchors = [{anchors}]  # guess: words by which it is told from other forms"
    yield f"blank_sha256 = {_text(head.sha256)}  # of blank.pdf: another file is refused"


def _section(section: SectionGuess) -> Iterator[str]:
    yield ""
    yield "[[section]]"
    yield f"letter = {_text(section.letter)}"
    yield f"title = {_text(section.title)}  # guess: words that look like a heading"
    for field in section.fields:
        yield from _field(field)


def _field(field: FieldGuess) -> Iterator[str]:
    place = field.place
    yield ""
    yield "[[section.field]]"
    yield f"# guess: {_one_line('; '.join(field.reasons))}"
    yield f"name = {_text(field.name)}"
    yield f"label = {_text(field.label)}"
    yield f"kind = {_text(field.kind.value)}"
    yield f"page = {place.page}"
    if not field.options:
        yield f"box = {_box(place.box)}"
    if place.cells or (field.kind in CELLS and place.shape is not Shape.TICK):
        yield f"cells = {place.cells}"
    if place.lines > 1 and field.kind is not Kind.INK:
        yield f"lines = {place.lines}"
    if place.max_length and not place.cells:
        yield f"max_length = {place.max_length}"
    if field.required:
        yield 'required_when = "always"'
    if place.widget and place.widget != field.name:
        yield f"widget = {_text(place.widget)}  # its name in the fillable PDF"
    if field.options:
        yield "[section.field.options]"
        yield from (_option(option, field) for option in field.options)


def _option(option: OptionGuess, field: FieldGuess) -> str:
    place = option.place
    parts = [f"label = {_text(option.label)}", f"page = {place.page}", f"box = {_box(place.box)}"]
    if place.widget and place.widget != field.place.widget:
        parts.append(f"widget = {_text(place.widget)}")
    if place.state and place.widget:
        parts.append(f"state = {_text(place.state)}")
    return f"{option.value} = {{ {', '.join(parts)} }}"


def _box(box: Box) -> str:
    return f"[{box.left:.1f}, {box.top:.1f}, {box.width:.1f}, {box.height:.1f}]"


def _text(text: str) -> str:
    """Quote a text as a basic string of TOML."""
    safe = "".join(c if c >= " " and c != "\x7f" else " " for c in text)
    return '"' + safe.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _one_line(text: str) -> str:
    return "".join(c if c >= " " and c != "\x7f" else " " for c in text)
