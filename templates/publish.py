"""Publish forms: what a form is as JSON, and its blank PDF beside its definition.

python -m templates.publish FOLDER...
"""

import sys
from pathlib import Path
from typing import Any

from pages.page import Box
from templates.blank import draw_blank
from templates.broken import BrokenForm
from templates.form import Field, Form, Kind
from templates.load import read_form

ON_COMPUTER = {Kind.ENUM: "radio", Kind.TICKS: "checkboxes", Kind.TICK: "checkbox", Kind.INK: None}
"""What stands for a field in the fillable PDF; all other kinds are text."""


def form_as_json(form: Form) -> dict[str, Any]:
    """Describe a form with every field's place; boxes are mm from the top left corner of the page."""
    return {
        "form": form.code,
        "edition": form.edition,
        "title": form.title,
        "notice": form.notice,
        "synthetic": form.synthetic,
        "valid_from": form.valid_from.isoformat(),
        "valid_to": form.valid_to.isoformat() if form.valid_to else None,
        "pages": form.page_count,
        "page_size_mm": [form.page_width_mm, form.page_height_mm],
        "sections": [{"letter": s.letter, "title": s.title} for s in form.sections],
        "fields": [_field(field) for field in form.fields.values()],
        "attachments": [
            {"code": a.code, "label": a.label, "required_when": a.required_when, "any_of": list(a.any_of)}
            for a in form.attachments
        ],
        "needs": [
            {"section": s.letter, "fields": list(n.fields), "mode": n.mode, "label": n.label, "when": n.when}
            for s in form.sections
            for n in s.needs
        ],
    }


def publish_blank(folder: Path) -> Path:
    """Draw the blank of the definition in a folder and write it there as blank.pdf.

    Raises ``BrokenForm`` for a definition that cannot be used, and for one that has a finished PDF of its own.
    """
    file = folder / "form.toml"
    form = read_form(file)
    if not form.printed:
        raise BrokenForm(file, "pages", "this form has a finished PDF of its own", "Nothing needs to be drawn.")
    blank = folder / "blank.pdf"
    blank.write_bytes(draw_blank(form))
    return blank


def main(folders: list[str]) -> int:
    """Draw the blank of each folder; answer 2 at the first that cannot be drawn."""
    try:
        for folder in folders:
            print(publish_blank(Path(folder)))  # noqa: T201 - a command
    except BrokenForm as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command
        return 2
    return 0 if folders else 1


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "section": field.section,
        "kind": field.kind.value,
        "page": field.page,
        "box": _box(field.box),
        "cells": field.cells,
        "lines": field.lines,
        "max_length": field.max_length,
        "required_when": field.required_when,
        "hint": field.hint,
        "options": [{"value": o.value, "label": o.label, "page": o.page, "box": _box(o.box)} for o in field.options],
        "acroform": ON_COMPUTER.get(field.kind, "text"),
    }


def _box(box: Box) -> dict[str, float]:
    return {"left": box.left, "top": box.top, "width": box.width, "height": box.height}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
