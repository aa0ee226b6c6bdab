"""Door to the folder of forms: one folder for each form and edition, with form.toml and blank.pdf."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf

from templates import typeface
from templates.broken import BrokenForm
from templates.definition import read_plan
from templates.foreign import check_foreign
from templates.form import Form
from templates.layout import lay_out
from templates.placed import refuse_places, take_places
from templates.plan import Plan
from templates.soundness import check_form, check_plan

__all__ = ["BrokenForm", "Library", "digest", "edition_hash", "load_forms", "read_form", "shipped_forms"]

SHARED = "sections"
"""The folder, beside the forms, of the sections that several forms have in common."""

FORMS: Final = "GATEWAY_FORMS"
"""Names a folder of definitions beside the shipped ones. The environment carries it, because it must reach every
process that reads: the workers, their children, and the server from which the children are forked."""

DIGEST_KEY = "/FormDigest"
"""Where a drawn blank says, in its document information, of which definition it is the picture."""

_MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Library:
    """All forms and editions that are known."""

    forms: tuple[Form, ...]

    def __iter__(self) -> Iterator[Form]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    def get(self, code: str, edition: str) -> Form:
        """Find a form by code and edition; raises ``KeyError`` naming what is known."""
        for form in self.forms:
            if (form.code, form.edition) == (code, edition):
                return form
        known = ", ".join(form.key for form in self.forms)
        raise KeyError(f"no form {code}/{edition}; known: {known}")

    def current(self, code: str, on: date) -> Form:
        """Find the edition that is valid on a day, the newest of several; raises ``KeyError``."""
        valid = [
            f for f in self.forms if f.code == code and f.valid_from <= on and (not f.valid_to or on <= f.valid_to)
        ]
        if not valid:
            raise KeyError(f"no edition of {code} is valid on {on}")
        return max(valid, key=lambda form: form.valid_from)


def load_forms(root: Path | None = None) -> Library:
    """Load every form below a folder; by default the shipped ones and those of the folder that ``FORMS`` names.

    Raises ``BrokenForm`` at the first definition that cannot be used, with file, section or field and remedy.
    """
    return _known(os.environ.get(FORMS, "")) if root is None else _load(root)


def shipped_forms() -> Path:
    """Give the folder of the forms that come with the program."""
    return Path(str(files("templates") / "forms"))


def read_form(file: Path) -> Form:
    """Read form.toml into a ``Form`` without its blank; shared sections are looked up beside the form's folder.

    Raises ``BrokenForm``.
    """
    return _form(_plan(file), file)


def _plan(file: Path) -> Plan:
    plan = read_plan(file, file.parent.parent.parent / SHARED)
    check_plan(plan, file)
    return plan


def _form(plan: Plan, file: Path) -> Form:
    form = _placed(plan, file)
    check_form(form, file)
    return form


def digest(form: Form) -> str:
    """Hash all of a definition that shows on its sheets, to tell whether a blank is its picture.

    Dates of validity, conditions, needs and attachments are left out: they may be corrected while sheets are out.
    """
    fields = [replace(field, required_when="") for field in form.fields.values()]
    titles = [(section.letter, section.title) for section in form.sections]
    size = (form.page_count, form.page_width_mm, form.page_height_mm)
    shown = (form.key, form.title, form.notice, form.desk, size, titles, fields, form.printed)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def edition_hash(form: Form) -> str:
    """Hash a whole definition with its blank: whatever could change a reading or a check of it."""
    told = repr((form.key, form.sections, form.attachments, form.printed))
    return hashlib.sha256(told.encode() + form.blank).hexdigest()


@cache
def _known(own: str) -> Library:
    shipped = _load(shipped_forms())
    if not own:
        return shipped
    added = _load(Path(own))
    for form in added:
        if form.key in {known.key for known in shipped}:
            file = Path(own) / form.code.lower() / form.edition / "form.toml"
            raise BrokenForm(file, "code, edition", f"{form.key} is a shipped form", "Give yours another edition.")
    return Library((*shipped.forms, *added.forms))


def _load(root: Path) -> Library:
    found = sorted(file for file in root.glob("*/*/form.toml") if file.parent.parent.name != SHARED)
    if not found:
        raise BrokenForm(root, "", "there is no form here", "Forms stand at <form>/<edition>/form.toml below it.")
    forms = [_whole(file) for file in found]
    seen: dict[str, Path] = {}
    for form, file in zip(forms, found, strict=True):
        if form.key in seen:
            raise BrokenForm(file, "code, edition", f"{form.key} is also in {seen[form.key]}", "Change one of them.")
        seen[form.key] = file
    return Library(tuple(forms))


def _whole(file: Path) -> Form:
    plan = _plan(file)
    form, blank = _form(plan, file), file.with_name("blank.pdf")
    draw = f"Draw it: python -m templates.publish {file.parent}"
    if not blank.is_file():
        remedy = draw if form.printed else "Put the finished PDF there under this name."
        raise BrokenForm(blank, "", "the blank is missing", remedy)
    raw = blank.read_bytes()
    if not form.printed:
        check_foreign(form, blank, raw, plan.blank_sha256)
        return replace(form, blank=raw)
    if len(raw) > _MOST_BYTES:
        raise BrokenForm(blank, "", f"is larger than {_MOST_BYTES} bytes", "Shrink its pictures and fonts.")
    _check_blank(form, blank, raw, draw)
    return replace(form, blank=raw)


def _check_blank(form: Form, file: Path, raw: bytes, draw: str) -> None:
    try:
        with pikepdf.open(BytesIO(raw)) as document:
            count, said = len(document.pages), str(document.docinfo.get(DIGEST_KEY, ""))
            sizes = [[float(n) / typeface.MM for n in page.mediabox] for page in document.pages]
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise BrokenForm(file, "", f"cannot be opened as a PDF ({error})", draw) from error
    if said != digest(form):
        remedy = f"{draw}. If this edition was already handed out, make a new edition instead."
        raise BrokenForm(file, "", "was drawn from another definition than form.toml is now", remedy)
    if count != form.page_count:
        raise BrokenForm(file, "pages", f"has {count} pages, the form {form.page_count}", "Make them equal.")
    for number, (left, bottom, right, top) in enumerate(sizes, 1):
        if abs(right - left - form.page_width_mm) > 1 or abs(top - bottom - form.page_height_mm) > 1:
            problem = f"page {number} is {right - left:.0f} x {top - bottom:.0f} mm"
            raise BrokenForm(file, "", problem, "Correct page_width_mm and page_height_mm, or the PDF.")


def _placed(plan: Plan, file: Path) -> Form:
    width, height = plan.page_size_mm
    form = Form(
        code=plan.code,
        edition=plan.edition,
        title=plan.title,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        synthetic=plan.synthetic,
        page_count=plan.pages or 1,
        page_width_mm=width,
        page_height_mm=height,
        sections=(),
        attachments=plan.attachments,
        anchors=plan.anchors,
        notice=plan.notice,
        desk=plan.desk,
    )
    if plan.pages:
        return replace(form, sections=take_places(plan))
    refuse_places(plan)
    try:
        sheets = lay_out(plan, typeface)
    except ValueError as error:
        remedy = "Put fewer fields into the row, shorten labels, or give fewer cells."
        raise BrokenForm(file, str(error).partition(":")[0], f"cannot be laid out ({error})", remedy) from error
    return replace(form, sections=sheets.sections, printed=sheets.printed, page_count=sheets.page_count)
