"""Loading: what is sound becomes a Form; whatever is broken stops with file, place and remedy."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from textwrap import dedent

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from templates.broken import BrokenForm
from templates.form import Kind
from templates.load import load_forms, read_form, shipped_forms
from templates.publish import main, publish_blank

SOUND = """
code = "PROVA"
edition = "1"
title = "Modulo di prova"
valid_from = 2026-01-01

[[section]]
letter = "A"
title = "Dati"

[[section.row]]
fields = [
  { name = "who", label = "Chi", kind = "name", required_when = "always" },
  { name = "born", label = "Data", kind = "date" },
]

[[section.row]]
fields = [
  { name = "how", label = "Come", kind = "enum", options = { mail = "Posta", fax = "Fax" } },
  { name = "why", label = "Motivo", kind = "text", required_when = "how = fax" },
]

[[section.need]]
fields = ["born", "why"]
mode = "one"
label = "Data o motivo"

[[attachment]]
code = "letter"
label = "Lettera"
required_when = "how in (mail, fax)"
"""
PLACED = """
code = "ESTERO"
edition = "1"
title = "Modulo con luoghi dati"
valid_from = 2026-01-01
valid_to = 2026-12-31
pages = 2

[[section]]
letter = "A"
title = "Dati"

[[section.row]]
fields = [
  { name = "who", label = "Chi", kind = "name", page = 1, box = [20, 30, 80, 8] },
  { name = "code", label = "Codice", kind = "tax_code", page = 2, box = [20, 30, 96, 8] },
  { name = "how", label = "Come", kind = "enum", options = {MAIL, FAX} },
  { name = "seen", label = "Visto", kind = "tick", page = 2, box = [60, 50, 4, 4] },
]
"""
PLACED = PLACED.replace("MAIL", 'mail = { label = "Posta", page = 2, box = [20, 50, 4, 4] }')
PLACED = PLACED.replace("FAX", 'fax = { label = "Fax", page = 2, box = [40, 50, 4, 4] }')


def put(root: Path, text: str, name: str = "prova") -> Path:
    folder = root / name / "1"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "form.toml"
    file.write_text(text, "utf-8")
    return file


def blank_of(path: Path, pages: int, size: tuple[float, float] = (595.276, 841.89)) -> None:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size)
    document.save(path)


def test_a_sound_form_is_laid_out_drawn_and_loaded(tmp_path: Path) -> None:
    folder = put(tmp_path, SOUND).parent
    assert publish_blank(folder) == folder / "blank.pdf"
    form = load_forms(tmp_path).get("PROVA", "1")
    assert list(form.fields) == ["who", "born", "how", "why"]
    assert form.fields["born"].cells == 8
    assert [o.value for o in form.fields["how"].options] == ["mail", "fax"]
    assert form.fields["why"].required_when == "how = fax"
    assert form.blank == (folder / "blank.pdf").read_bytes()


def test_places_that_are_given_are_taken_over(tmp_path: Path) -> None:
    file = put(tmp_path, PLACED)
    blank_of(file.with_name("blank.pdf"), 2)
    form = load_forms(tmp_path).current("ESTERO", date(2026, 12, 31))
    fields = form.fields
    assert form.page_count == 2
    assert (fields["code"].page, fields["code"].box.left, fields["code"].cells) == (2, 20, 16)
    assert fields["how"].kind is Kind.ENUM
    assert (fields["how"].box.left, fields["how"].box.right, fields["how"].page) == (20, 44, 2)
    assert form.printed == ()
    with pytest.raises(BrokenForm, match="finished PDF of its own"):
        publish_blank(file.parent)


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


NOWHERE = "[[section]]\nuse = 'no/where'\n[[section]]"
ANOTHER = "[[section]]\nletter = 'B'\ntitle = 'B'\n[[section.row]]"

FAULTS = {
    "unknown kind": (replaced('kind = "name"', 'kind = "nome"'), "field who", "nome", "Use one of: name"),
    "unknown key": (replaced("label =", "lable = 1, label ="), "field who", "lable", "Did you mean label"),
    "unknown key at the top": (replaced("code =", "kode = 1\ncode ="), "", "kode", "Did you mean code"),
    "missing label": (replaced('label = "Chi", ', ""), "field who", "label is missing", "Add label"),
    "empty label": (replaced('"Chi"', '" "'), "field who", "label is empty", "Write label"),
    "missing kind": (replaced(', kind = "name"', ""), "field who", "kind is missing", "Add kind"),
    "duplicate name": (replaced('"why"', '"who"'), "field who", "used 2 times", "its own"),
    "bad name": (replaced('"who"', '"Who am I"'), "field Who am I", "no name", "small letters"),
    "bad condition": (replaced("how = fax", "how = "), "field why", "condition", "Correct the condition"),
    "unknown name in a condition": (replaced("how = fax", "hou = fax"), "field why", "hou", "Name a field"),
    "unknown option in a condition": (replaced("how = fax", "how = web"), "field why", "web", "mail, fax"),
    "unknown option in a paper": (replaced("(mail, fax)", "(mail, web)"), "attachment letter", "web", "mail, fax"),
    "cells too many": (replaced('kind = "date"', 'kind = "date", cells = 40'), "field", "180 mm", "fewer cells"),
    "cells on a choice": (replaced('kind = "enum"', 'kind = "enum", cells = 3'), "field how", "cells", "Take cells"),
    "option clash": (replaced('fax = "Fax"', 'fax = "Posta"'), "field how", "Posta", "its own label"),
    "options missing": (replaced(', options = { mail = "Posta", fax = "Fax" }', ""), "field how", "0 opt", "options ="),
    "options on a text": (replaced('kind = "name"', 'kind = "name", options = { a = "A" }'), "who", "1 opt", "other"),
    "option value": (replaced("fax =", '"f x" ='), "field how", "no value", "Use letters"),
    "need of a stranger": (replaced('["born", "why"]', '["born", "you"]'), "need Data o motivo", "you", "same section"),
    "need of one": (replaced('["born", "why"]', '["born"]'), "section A, need", "fewer than two", "all fields"),
    "need mode": (replaced('mode = "one"', 'mode = "two"'), "section A, need", "two", "all_or_none"),
    "dates wrong": (replaced("valid_from =", "valid_to = 2025-01-01\nvalid_from ="), "valid_to", "before", "two dates"),
    "date as text": (replaced("2026-01-01", '"2026-01-01"'), "", "valid_from is", "a date such as"),
    "date missing": (replaced("valid_from = 2026-01-01", ""), "", "valid_from is missing", "Add valid_from"),
    "edition and folder": (replaced('edition = "1"', 'edition = "2"'), "edition", "folder is 1", "Make them equal"),
    "no facsimile": (replaced("title =", "synthetic = true\ntitle ="), "notice", "must say", "FAC-SIMILE"),
    "no letter": (replaced('letter = "A"', 'letter = "AA"'), "section AA", "no letter", "one capital letter"),
    "code with strokes": (replaced('"PROVA"', '"PRO|VA"'), "code", "2-D code", "capital letters"),
    "stray box": (replaced('kind = "name"', 'kind = "name", box = [1, 2, 3, 4]'), "field who", "place", "pages = N"),
    "shared section": (replaced("[[section]]", NOWHERE), "section", "no/where", "Use one of"),
    "label too long": (replaced('"Motivo"', f'"{"Motivo " * 30}"'), "field why", "label", "shorten"),
    "no rows": (replaced("[[section.row]]", ANOTHER), "A", "no rows", "Add"),
    "not TOML": (replaced("[[section]]", "[[section"), "", "not TOML", "Correct the line"),
    "number as text": (replaced('kind = "date"', 'kind = "date", cells = "8"'), "born", "cells is", "a whole number"),
    "negative": (replaced('kind = "date"', 'kind = "date", cells = -1'), "field born", "cells is -1", "from 0 upwards"),
    "truth for number": (replaced('kind = "date"', 'kind = "date", cells = true'), "born", "cells is True", "number"),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_broken_definition_names_file_place_and_remedy(tmp_path: Path, fault: str) -> None:
    change, place, problem, remedy = FAULTS[fault]
    file = put(tmp_path, change(SOUND))
    with pytest.raises(BrokenForm) as caught:
        read_form(file)
    assert str(file) in str(caught.value)
    assert place in caught.value.place
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


MISPLACED = {
    "off the page": (replaced("[20, 30, 80, 8]", "[150, 30, 80, 8]"), "field who", "edge of the page", "210 x 297"),
    "overlap": (replaced("[40, 50, 4, 4]", "[22, 50, 4, 4]"), "how.mail", "overlaps the box of how.fax", "Move"),
    "two fields overlap": (replaced("[60, 50, 4, 4]", "[20, 36, 4, 4]"), "field code", "overlaps", "Move"),
    "narrow cells": (replaced("[20, 30, 96, 8]", "[20, 30, 25, 8]"), "field code", "16 cells do not fit", "29 mm wide"),
    "no such page": (replaced("page = 2, box = [60", "page = 3, box = [60"), "field seen", "page 3", "from 1 to 2"),
    "no box": (replaced(", page = 1, box = [20, 30, 80, 8]", ""), "field who", "no page and box", "Measure it"),
    "no option box": (replaced(", page = 2, box = [40, 50, 4, 4]", ""), "field how", "option fax", "Measure it"),
    "three numbers": (replaced("[20, 30, 80, 8]", "[20, 30, 80]"), "field who", "box is", "[left, top, width, height]"),
    "flat box": (replaced("[20, 30, 80, 8]", "[20, 30, 80, 0]"), "field who", "positive", "in millimetres"),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(MISPLACED))
def test_a_wrong_place_names_file_field_and_remedy(tmp_path: Path, fault: str) -> None:
    change, place, problem, remedy = MISPLACED[fault]
    file = put(tmp_path, change(PLACED))
    with pytest.raises(BrokenForm) as caught:
        read_form(file)
    assert str(file) in str(caught.value)
    assert place in caught.value.place
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


def test_a_fault_in_a_shared_section_names_the_shared_file(tmp_path: Path) -> None:
    shared = tmp_path / "sections" / "1" / "b.toml"
    shared.parent.mkdir(parents=True)
    shared.write_text(
        'letter = "B"\ntitle = "B"\n[[row]]\nfields = [{ name = "x", label = "X", kind = "?" }]\n', "utf-8"
    )
    file = put(tmp_path, SOUND + '\n[[section]]\nuse = "1/b"\n')
    with pytest.raises(BrokenForm, match="unknown kind") as caught:
        read_form(file)
    assert caught.value.file == shared
    shared.write_text(shared.read_text("utf-8").replace("?", "text"), "utf-8")
    assert "x" in read_form(file).fields


def test_a_missing_blank_names_the_command(tmp_path: Path) -> None:
    file = put(tmp_path, SOUND)
    with pytest.raises(BrokenForm, match="blank is missing") as caught:
        load_forms(tmp_path)
    assert f"python -m templates.publish {file.parent}" in caught.value.remedy


def test_a_changed_definition_no_longer_fits_its_blank(tmp_path: Path) -> None:
    folder = put(tmp_path, SOUND).parent
    publish_blank(folder)
    put(tmp_path, SOUND.replace('label = "Chi"', 'label = "Chi scrive"'))
    with pytest.raises(BrokenForm, match="drawn from another definition") as caught:
        load_forms(tmp_path)
    assert "make a new edition" in caught.value.remedy


def test_what_does_not_show_may_be_corrected(tmp_path: Path) -> None:
    folder = put(tmp_path, SOUND).parent
    publish_blank(folder)
    put(tmp_path, SOUND.replace("how = fax", "how = mail").replace("2026-01-01", "2026-01-01\nvalid_to = 2026-12-31"))
    form = load_forms(tmp_path).get("PROVA", "1")
    assert form.valid_to == date(2026, 12, 31)
    assert form.fields["why"].required_when == "how = mail"


def test_a_blank_must_be_a_pdf_of_the_right_pages_and_size(tmp_path: Path) -> None:
    blank = put(tmp_path, PLACED).with_name("blank.pdf")
    blank.write_bytes(b"no pdf")
    with pytest.raises(BrokenForm, match="cannot be opened"):
        load_forms(tmp_path)
    blank_of(blank, 1)
    with pytest.raises(BrokenForm, match="has 1 pages, the form 2"):
        load_forms(tmp_path)
    blank_of(blank, 2, (612, 792))
    with pytest.raises(BrokenForm, match=r"page 1 is 215\.9 x 279\.4 mm"):
        load_forms(tmp_path)


def test_the_same_form_twice_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        publish_blank(put(tmp_path, SOUND, name).parent)
    with pytest.raises(BrokenForm, match="PROVA/1 is also in"):
        load_forms(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenForm, match="there is no form here"):
        load_forms(tmp_path)


def test_the_command_draws_blanks_and_names_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = put(tmp_path, SOUND)
    assert main([str(file.parent)]) == 0
    assert (file.parent / "blank.pdf").read_bytes().startswith(b"%PDF")
    put(tmp_path, SOUND.replace('"name"', '"nome"'))
    assert main([str(file.parent)]) == 2
    assert "unknown kind 'nome'" in capsys.readouterr().err


PIECES = [*"\"[]{}=,\n0'\x00", "", "-1", "1e400", "nan", "true", "[[row]]", "cells", "a.b", "2026-01-01T10:00:00", "[]"]
DAMAGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(PIECES)), max_size=4)


def told(file: Path) -> str:
    """Read a definition; answer what it is told to be, "" for a sound one."""
    try:
        return "" if read_form(file).fields else "a form without fields"
    except BrokenForm as error:
        return f"{error.file} {error.remedy}"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([SOUND, PLACED]), DAMAGES)
def test_any_damage_is_told_as_a_broken_form(tmp_path: Path, text: str, damages: list[tuple[float, int, str]]) -> None:
    for where, length, piece in damages:
        at = round(where * len(text))
        text = text[:at] + piece + text[at + length :]
    said = told(put(tmp_path, text))
    assert said == "" or said.startswith(str(tmp_path))


VALUES = (
    "0",
    "-1",
    "1e400",
    "nan",
    "true",
    '""',
    '"x"',
    "[]",
    "[1]",
    "{}",
    "{ a = 1 }",
    "2026-01-01T10:00:00",
    "99999",
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([SOUND, PLACED]), st.integers(0, 40), st.sampled_from(VALUES))
def test_any_wrong_value_is_told_as_a_broken_form(tmp_path: Path, text: str, which: int, value: str) -> None:
    values = list(re.finditer(r'= ("[^"]*"|\[[^]]*\]|\d[\d-]*)', text))
    found = values[which % len(values)]
    said = told(put(tmp_path, f"{text[: found.start(1)]}{value}{text[found.end(1) :]}"))
    assert said == "" or said.startswith(str(tmp_path))


@pytest.mark.parametrize(
    "line", ["page_width_mm = 0", "page_height_mm = nan", "pages = 0", "valid_to = 2027-01-01T00:00:00"]
)
def test_values_that_no_sheet_has_are_refused(tmp_path: Path, line: str) -> None:
    key = line.partition(" ")[0]
    with pytest.raises(BrokenForm, match=f"{key} is"):
        read_form(put(tmp_path, f"{line}\n{SOUND}"))


def test_the_example_of_the_documentation_is_sound_and_its_messages_are_true(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "adding-a-form.md").read_text("utf-8")
    example = dedent(text.partition("```toml\n")[2].partition("```")[0])
    shutil.copytree(shipped_forms() / "sections", tmp_path / "sections")
    file = tmp_path / "nuovo" / "2027-01" / "form.toml"
    file.parent.mkdir(parents=True)
    file.write_text(example, "utf-8")
    assert {"holder_surname", "paid_date", "paid_amount"} <= read_form(file).fields.keys()
    for old, new in (('when = "reason =', 'when = "raeson ='), ('kind = "amount"', 'kind = "amount", widht = 2')):
        file.write_text(example.replace(old, new, 1), "utf-8")
        with pytest.raises(BrokenForm) as caught:
            read_form(file)
        assert str(caught.value).replace(f"{tmp_path}/", "templates/forms/") in text
