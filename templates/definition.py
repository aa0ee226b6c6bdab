"""Read a definition: the tables of form.toml, and of the shared sections that it names, into a ``Plan``."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from templates.broken import BrokenForm
from templates.form import Attachment, Kind, Need
from templates.plan import CELLS, CHOICES, FieldPlan, OptionPlan, Plan, RowPlan, SectionPlan
from templates.table import Table

FROM_ATTACHMENTS = "attachments"
"""Written in place of a field's options: one for each attachment of the form."""

MODES = ("one", "all_or_none")


def read_plan(file: Path, shared: Path) -> Plan:
    """Read form.toml. ``shared`` is the folder of shared sections.

    Raises ``BrokenForm`` with file, section or field and remedy.
    """
    table = Table(_load(file), file, "")
    attachments = tuple(_attachment(raw, file) for raw in table.items("attachment"))
    start = table.day("valid_from")
    if start is None:
        raise table.broken("valid_from is missing", "Add valid_from = the first day of this edition.")
    plan = Plan(
        code=table.text("code"),
        edition=table.text("edition"),
        title=table.text("title"),
        valid_from=start,
        valid_to=table.day("valid_to"),
        synthetic=table.truth("synthetic", default=False),
        notice=table.text("notice", ""),
        desk=table.text("desk", ""),
        instructions=table.text("instructions", ""),
        sections=tuple(_section(raw, file, shared, attachments) for raw in table.items("section")),
        attachments=attachments,
        anchors=table.texts("anchors"),
        pages=table.whole("pages", 1, 1) if table.has("pages") else None,
        blank_sha256=table.text("blank_sha256", ""),
        page_size_mm=(table.number("page_width_mm", 210.0, 50.0), table.number("page_height_mm", 297.0, 50.0)),
    )
    table.end()
    return plan


def _load(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenForm(file, "", f"this is not TOML: {error}", "Correct the line that is named.") from error
    except OSError as error:
        raise BrokenForm(file, "", f"cannot be read ({error.strerror})", "Check its name and its rights.") from error


def _attachment(raw: object, file: Path) -> Attachment:
    table = Table(raw, file, "attachment")
    code = table.text("code")
    table.place = f"attachment {code}"
    found = Attachment(code, table.text("label"), table.text("required_when"), table.texts("any_of"))
    table.end()
    return found


def _section(raw: object, file: Path, shared: Path, attachments: tuple[Attachment, ...]) -> SectionPlan:
    table = Table(raw, file, "section")
    if table.has("use"):
        name = table.text("use")
        table.place = f"section {name}"
        table.end()
        file = _shared_file(table, shared, name)
        table = Table(_load(file), file, "")
    return _section_of(table, file, attachments)


def _shared_file(table: Table, shared: Path, name: str) -> Path:
    found = shared / f"{name}.toml"
    if ".." in Path(name).parts or not found.is_file():
        known = ", ".join(sorted(str(p.relative_to(shared).with_suffix("")) for p in shared.rglob("*.toml")))
        raise table.broken(f"there is no shared section {name}", f"Use one of: {known or 'none is there'}.")
    return found


def _section_of(table: Table, file: Path, attachments: tuple[Attachment, ...]) -> SectionPlan:
    letter = table.text("letter")
    table.place = f"section {letter}"
    section = SectionPlan(
        letter=letter,
        title=table.text("title"),
        note=table.text("note", ""),
        new_page=table.truth("new_page", default=False),
        rows=(
            *(_row(raw, file, letter, attachments) for raw in table.items("row")),
            *(RowPlan((_field(raw, file, letter, attachments),)) for raw in table.items("field")),
        ),
        needs=tuple(_need(raw, file, letter) for raw in table.items("need")),
        source=str(file),
    )
    table.end()
    if not section.rows:
        raise table.broken("has no rows", "Add [[section.row]] with fields, or take the section away.")
    return section


def _need(raw: object, file: Path, letter: str) -> Need:
    table = Table(raw, file, f"section {letter}, need")
    need = Need(table.texts("fields"), table.text("mode"), table.text("label"), table.text("when", "always"))
    table.end()
    if need.mode not in MODES:
        raise table.broken(f"mode is {need.mode!r}", f"Write one of: {', '.join(MODES)}.")
    if len(need.fields) < 2:
        raise table.broken("names fewer than two fields", "Name all fields of the group in fields = [...].")
    return need


def _row(raw: object, file: Path, letter: str, attachments: tuple[Attachment, ...]) -> RowPlan:
    table = Table(raw, file, f"section {letter}, row")
    fields = tuple(_field(one, file, letter, attachments) for one in table.items("fields"))
    row = RowPlan(fields, table.text("heading", ""))
    table.end()
    if not fields:
        raise table.broken("has no fields", "Add fields = [ { name = ..., label = ..., kind = ... } ].")
    return row


def _field(raw: object, file: Path, letter: str, attachments: tuple[Attachment, ...]) -> FieldPlan:
    table = Table(raw, file, f"section {letter}, field")
    name = table.text("name")
    table.place = f"section {letter}, field {name}"
    kind = _kind(table)
    field = FieldPlan(
        name=name,
        label=table.text("label"),
        kind=kind,
        required_when=table.text("required_when", "never"),
        cells=table.whole("cells", CELLS.get(kind, 0)),
        lines=table.whole("lines", 1, 1),
        max_length=table.whole("max_length", 0),
        width=table.number("width", 0.0),
        height=table.number("height", 20.0, 5.0),
        columns=table.whole("columns", 0),
        hint=table.text("hint", ""),
        options=_options(table, attachments),
        page=table.whole("page", 1, 1) if table.has("page") else None,
        box=table.box("box"),
        widget=table.text("widget", ""),
    )
    table.end()
    if (kind in CHOICES) != bool(field.options):
        raise table.broken(
            f"a field of kind {kind} has {len(field.options)} options",
            'Give options = { value = "Label" } to enum and ticks, and to no other kind.',
        )
    return field


def _kind(table: Table) -> Kind:
    written = table.text("kind")
    try:
        return Kind(written)
    except ValueError as error:
        raise table.broken(f"unknown kind {written!r}", f"Use one of: {', '.join(Kind)}.") from error


def _options(table: Table, attachments: tuple[Attachment, ...]) -> tuple[OptionPlan, ...]:
    raw = table.raw("options")
    if raw is None:
        return ()
    if raw == FROM_ATTACHMENTS:
        return tuple(OptionPlan(a.code, a.label) for a in attachments)
    if not isinstance(raw, Mapping):
        raise table.broken(
            f"options is {raw!r}", f'Write {{ value = "Label", ... }}, or "{FROM_ATTACHMENTS}" for one each.'
        )
    return tuple(_option(table, value, label) for value, label in raw.items())


def _option(field: Table, value: str, raw: object) -> OptionPlan:
    if isinstance(raw, str) and raw.strip():
        return OptionPlan(value, raw.strip())
    table = Table(raw, field.file, f"{field.place}, option {value}")
    page = table.whole("page", 1, 1) if table.has("page") else None
    option = OptionPlan(
        value, table.text("label"), page, table.box("box"), table.text("widget", ""), table.text("state", "")
    )
    table.end()
    return option
