"""Forms that a desk adds for itself are read in the daily run, beside the shipped ones."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from gateway.exits import Exit
from templates.draft.drafting import draft
from templates.form import Form
from templates.load import load_forms
from tests.gateway.test_try import gateway
from tests.templates.foreign_blanks import BLANKS, content


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with a form of its own, drafted from a blank of others and named in the settings."""
    folder = tmp_path / "moduli" / "rateizzazione" / "1"
    folder.mkdir(parents=True)
    raw = content(BLANKS["underlined"]())
    (folder / "blank.pdf").write_bytes(raw)
    drafted = draft(raw, "rateizzazione.pdf", "RATEIZZAZIONE", "1", date(2026, 1, 1), None)
    (folder / "form.toml").write_text(drafted.toml, "utf-8")
    (tmp_path / "gateway.toml").write_text('forms = "moduli"\n', "utf-8")
    return tmp_path


def filled(form: Form, name: str, words: str) -> bytes:
    """Print words into a field of the blank, as a typewriter would."""
    box = next(f.box for f in form.fields.values() if name in f.name)
    out = BytesIO()
    canvas = Canvas(out, pagesize=(form.page_width_mm * mm, form.page_height_mm * mm))
    canvas.setFont("Helvetica", 10)
    canvas.drawString((box.left + 1) * mm, (form.page_height_mm - box.top - box.height + 1.2) * mm, words)
    canvas.save()
    writer = PdfWriter(clone_from=BytesIO(form.blank))
    writer.pages[0].merge_page(PdfReader(BytesIO(out.getvalue())).pages[0])
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_form_of_the_desk_itself_is_known_and_read(home: Path) -> None:
    form = load_forms(home / "moduli").get("RATEIZZAZIONE", "1")
    sheet = home / "arrivato.pdf"
    sheet.write_bytes(filled(form, "nome", "Prova Fantasia"))
    ended = gateway("try", "--json", "--home", home, sheet)
    assert ended.returncode == Exit.OK, ended.stderr
    (found,) = json.loads(ended.stdout)["submissions"]
    assert (found["form"], found["edition"]) == ("RATEIZZAZIONE", "1")
    assert "PROVA FANTASIA" in {str(field["raw"]).upper() for field in found["fields"].values()}


def test_a_broken_definition_stops_the_start_with_file_and_remedy(home: Path) -> None:
    (home / "moduli/rateizzazione/1/form.toml").write_text("code = 1\n", "utf-8")
    ended = gateway("status", "--home", home)
    assert ended.returncode == Exit.SETTINGS
    assert "form.toml" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_form_of_the_desk_cannot_stand_in_for_a_shipped_one(home: Path) -> None:
    folder, shipped = home / "moduli", next(iter(load_forms()))
    (folder / "rateizzazione").rename(folder / shipped.code.lower())
    (folder / shipped.code.lower() / "1").rename(folder / shipped.code.lower() / shipped.edition)
    file = folder / shipped.code.lower() / shipped.edition / "form.toml"
    text = file.read_text("utf-8").replace('"RATEIZZAZIONE"', f'"{shipped.code}"')
    file.write_text(text.replace('edition = "1"', f'edition = "{shipped.edition}"'), "utf-8")
    ended = gateway("status", "--home", home)
    assert ended.returncode == Exit.SETTINGS
    assert "is a shipped form" in ended.stderr
