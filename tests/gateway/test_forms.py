"""The whole way of a foreign form: draft, edit, check, simulate, and a filled, faxed copy is known and read."""

import json
from datetime import date
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from gateway.cli import command_line
from gateway.drafting import target
from gateway.simulate import CLERK, RIGHT, WRONG, Count, Desk, Forms, judge, simulate
from intake.receipt import Document
from ocr.ink import Source
from pages.open import open_pages
from parsers.extract import extract
from parsers.reading import Content, State, Value
from samples.anyone import fill_any
from samples.by_hand import penmen_are_there
from samples.sent import HAND_WAYS, WAYS, send_filled, upright
from templates.draft.drafting import Undraftable
from templates.form import Form
from templates.load import load_forms
from tests.templates.foreign_blanks import BLANKS, content

SHIPPED = load_forms()


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command_line(words), list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def drafted(tmp_path: Path) -> Path:
    """Draft the dotted form by the command; answers the folder of its edition."""
    blank = tmp_path / "dichiarazione.pdf"
    blank.write_bytes(content(BLANKS["dotted"]()))
    folder = tmp_path / "moduli" / "residenza" / "2026-01"
    code, said = run("forms", "draft", str(blank), "-o", str(folder))
    assert code == 0, said
    assert "14 fields proposed" in said
    return folder


@pytest.mark.slow
def test_a_foreign_form_goes_all_the_way(drafted: Path) -> None:
    root = drafted.parent.parent
    assert sorted(f.name for f in drafted.iterdir()) == ["blank.pdf", "form.toml", "proof-1.png"]
    assert (drafted / "blank.pdf").read_bytes() == content(BLANKS["dotted"]())
    definition = drafted / "form.toml"
    text = definition.read_text("utf-8")
    edited = text.replace('name = "sottoscritto"', 'name = "dichiarante"').replace('"(senza etichetta)"', '"Dichiara"')
    assert edited != text
    definition.write_text(edited, "utf-8")
    code, said = run("forms", "check", "--forms", str(root))
    assert (code, "known again and told from all others" in said) == (0, True), said
    assert run("forms", "show", "RESIDENZA", "--forms", str(root))[0] == 0
    code, said = run(
        "forms", "simulate", "RESIDENZA", "--copies", "1", "--channel", "scan-200", "--json", "--forms", str(root)
    )
    assert code == 0, said
    seen = json.loads(said)
    assert seen["ways"][0]["sheets"]["right"] == 1
    assert seen["ways"][0]["all"]["right"] >= 11
    assert any("no cells for a tax_code" in advice["sentence"] for advice in seen["advice"])
    form = load_forms(root).get("RESIDENZA", "2026-01")
    assert "dichiarante" in form.fields
    assert_read_from_fax(form)


def assert_read_from_fax(form: Form) -> None:
    answers = fill_any(form, Random(4))
    desk = Desk.of(Forms((form, *SHIPPED)))
    (name, raw), *rest = send_filled(form, answers, WAYS["fax-fine"], Random(4))
    assert rest == []
    (page,) = open_pages(Document(name, "", raw))
    match = desk.identifier.lay(page)
    assert match is not None
    assert match.form.key == form.key
    values = extract(form, desk.reader.read(page, match), date(2026, 7, 1))
    verdicts = [judge(form, field, answers.get(field), values[field]) for field in form.fields]
    assert verdicts.count(RIGHT) >= 11
    assert verdicts.count(WRONG) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fillable", "scanned"])
def test_every_make_of_blank_is_filled_sent_and_read(tmp_path: Path, name: str) -> None:
    blank = tmp_path / f"{name}.pdf"
    blank.write_bytes(content(BLANKS[name]()))
    folder = tmp_path / "forms" / name / "1"
    assert run("forms", "draft", str(blank), "-o", str(folder))[0] == 0
    form = load_forms(tmp_path / "forms").get(name.upper(), "1")
    ways = ["computer", "fax-fine"] if name == "fillable" else ["scan-200", "fax-fine"]
    steps: list[None] = []
    tallies = simulate(form, Desk.of(Forms((form, *SHIPPED))), ways, 1, 7, steps.append)
    assert len(steps) == 2
    for tally in tallies:
        assert tally.sheets == Count(right=1)
        assert tally.whole.total == len(form.fields)
        assert tally.whole.right >= len(form.fields) - 3
        assert tally.whole.wrong <= 1


def test_a_definition_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    blank = tmp_path / "x.pdf"
    blank.write_bytes(content(BLANKS["dotted"]()))
    folder = tmp_path / "x" / "1"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text("mine", "utf-8")
    code, said = run("forms", "draft", str(blank), "-o", str(folder))
    assert (code, "is there already" in said) == (2, True)
    assert (folder / "form.toml").read_text("utf-8") == "mine"
    assert run("forms", "draft", str(tmp_path / "none.pdf"))[0] == 3
    assert run("forms", "simulate", "CMOR", "--channel", "pigeon")[0] == 2


def test_folder_code_and_edition_come_from_the_names(tmp_path: Path) -> None:
    day = date(2026, 11, 25)
    assert target(None, Path("/x/Modulo 7-b.pdf"), day) == (Path("forms/modulo7b/2026-11"), "MODULO7B", "2026-11")
    assert target(tmp_path / "voltura" / "2027-01", Path("x.pdf"), day)[1:] == ("VOLTURA", "2027-01")
    assert target(tmp_path / "7" / "1", Path("3.pdf"), day)[1] == "MODULO"
    with pytest.raises(Undraftable, match="its name is the edition"):
        target(tmp_path / "a b", Path("x.pdf"), day)


def value(state: State, content: Content) -> Value:
    return Value("holder_surname", content, "", state, 1.0, Source.OCR)


@pytest.mark.parametrize(
    ("truth", "read", "verdict"),
    [
        ("Rossi", value(State.FILLED, "ROSSI"), RIGHT),
        ("Rossi", value(State.FILLED, "Rosso"), WRONG),
        ("Rossi", value(State.EMPTY, None), WRONG),
        ("Rossi", value(State.UNREADABLE, None), CLERK),
        ("Rossi", None, CLERK),
        (None, value(State.EMPTY, None), RIGHT),
        (None, value(State.FILLED, "X"), WRONG),
        (None, value(State.INVALID, None), CLERK),
    ],
)
def test_a_field_is_right_asked_or_silently_wrong(truth: Content, read: Value | None, verdict: str) -> None:
    assert judge(SHIPPED.get("CMOR", "2026-01"), "holder_surname", truth, read) == verdict


def test_any_form_is_filled_alike_by_the_same_seed() -> None:
    for form in SHIPPED:
        answers = fill_any(form, Random(3))
        assert answers == fill_any(form, Random(3))
        assert set(answers) <= set(form.fields)
        assert len(answers) > 0.6 * len(form.fields)


def test_a_blank_that_stands_upright_stays_as_it_is() -> None:
    form = SHIPPED.get("CMOR", "2026-01")
    assert upright(form) is form


def test_ways_by_hand_are_offered_where_penmen_are_installed() -> None:
    by_hand = {name for name, way in WAYS.items() if way.filled == "hand"}
    assert by_hand == (set(HAND_WAYS) if penmen_are_there() else set())
