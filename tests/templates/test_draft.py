"""Drafting: blanks of many makes, each drawn without our layout, are proposed as a person would define them."""

import tomllib
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ocr.tesseract import Tesseract
from pages.page import Box, Picture
from pages.pdf import render
from samples.typed import flatten
from templates.draft.drafting import Drafted, Undraftable, draft
from templates.form import Form
from templates.load import load_forms
from tests.templates.foreign_blanks import BLANKS, content

DAY = date(2026, 11, 25)
KINDS = {
    "underlined": {
        "nome": "name", "cf": "tax_code", "luogo": "municipality", "residenza": "municipality", "via": "text",
        "tel": "phone", "nascita": "date", "mail": "email", "rate2": "ticks", "rate4": "ticks", "rate6": "ticks",
        "importo": "amount", "motivi": "long_text", "data": "date", "firma": "ink",
    },
    "combed": {
        "cognome": "name", "nome": "name", "cf": "tax_code", "nascita": "date", "comune": "municipality",
        "cap": "postal_code", "prov": "province", "pod": "pod", "pdr": "pdr", "tipoD": "enum", "tipoA": "enum",
        "note": "long_text", "luogo_data": "text", "firma": "ink",
    },
    "dotted": {
        "sottoscritto": "name", "luogo": "municipality", "nascita": "date", "comune": "municipality",
        "cap": "postal_code", "via": "text", "civico": "street_number", "cf": "tax_code", "tel": "phone",
        "mail": "email", "residente": "ticks", "forniture": "ticks", "cliente": "text", "data": "date", "firma": "ink",
    },
    "fillable": {
        "cognome": "name", "nome": "name", "cf": "tax_code", "tel": "phone", "nascita": "date",
        "comune": "municipality", "cap": "postal_code", "pod": "pod", "usoD": "ticks", "usoA": "ticks",
        "rispostaS": "enum", "rispostaN": "enum", "firma": "ink",
    },
    "columns": {
        "cognome": "name", "nome": "name", "cf": "tax_code", "tel": "phone", "mail": "email", "via": "text",
        "comune": "municipality", "pdr": "pdr", "data": "date", "descrizione": "long_text", "firma": "ink",
    },
    "scanned": {
        "cognome": "name", "nome": "name", "comune": "municipality", "tel": "phone", "cf": "tax_code",
        "tipoP": "ticks", "tipoC": "ticks", "tipoA": "ticks", "descrizione": "long_text", "firma": "ink",
    },
    "tabled": {
        "sottoscritto": "name", "luogo": "municipality", "prov": "province", "nascita": "date",
        "comune": "municipality", "cap": "postal_code", "dal": "date", "qualitaI": "ticks", "qualitaE": "ticks",
        "qualitaD": "ticks", "delegante": "name", "anno": "text", "utenza": "text", "riferimento": "year",
        "importo": "amount", "versamento": "date", "mail": "email", "motivi": "long_text", "cf": "tax_code",
        "luogo_data": "text", "firma": "ink", "bolletta1": "text", "bolletta2": "text", "emissione1": "date",
        "emissione2": "date", "pagata1S": "enum", "pagata1N": "enum", "pagata2S": "enum", "pagata2N": "enum",
        "pdr": "pdr", "lettura": "date",
    },
}  # fmt: skip
CELLS = {
    "combed": {"cf": 16, "nascita": 8, "cap": 5, "prov": 2, "pod": 14, "cognome": 24},
    "scanned": {"cf": 16},
    "tabled": {"cf": 16},
}


@pytest.fixture(scope="module")
def drafts() -> dict[str, tuple[bytes, Drafted]]:
    read = Tesseract().words_on
    raws = {name: content(make()) for name, make in BLANKS.items()}
    return {name: (raw, draft(raw, f"{name}.pdf", name.upper(), "1", DAY, read)) for name, raw in raws.items()}


def load(root: Path, name: str, drafted: tuple[bytes, Drafted]) -> Form:
    folder = root / name / "1"
    folder.mkdir(parents=True)
    (folder / "blank.pdf").write_bytes(drafted[0])
    (folder / "form.toml").write_text(drafted[1].toml, "utf-8")
    return load_forms(root).get(name.upper(), "1")


@pytest.mark.parametrize("name", BLANKS)
def test_every_place_is_found_named_and_guessed(
    tmp_path: Path, drafts: dict[str, tuple[bytes, Drafted]], name: str
) -> None:
    form = load(tmp_path, name, drafts[name])
    blank = BLANKS[name]()
    found: dict[str, str] = {}
    zones = 0
    for field in form.fields.values():
        boxes = [(o.page, o.box) for o in field.options] or [(field.page, field.box)]
        zones += len(boxes)
        for spot, (page, x, y) in blank.spots.items():
            if any(page == at and box.covers(x, y) for at, box in boxes):
                found[spot] = field.kind.value
                assert field.cells == CELLS.get(name, {}).get(spot, field.cells)
    assert found == KINDS[name]
    assert zones == len(KINDS[name])
    assert len(drafts[name][1].proofs) == form.page_count


def test_character_cells_keep_their_pitch(tmp_path: Path, drafts: dict[str, tuple[bytes, Drafted]]) -> None:
    pod = load(tmp_path, "combed", drafts["combed"]).fields["pod"]
    for number, cell in enumerate(pod.box.split(pod.cells)):
        assert cell.left + cell.width / 2 == pytest.approx(15 + 6.2 * number + 2.5, abs=0.25)


def test_form_fields_keep_the_names_of_their_pdf(tmp_path: Path, drafts: dict[str, tuple[bytes, Drafted]]) -> None:
    form = load(tmp_path, "fillable", drafts["fillable"])
    assert form.fields["codice_fiscale"].widget == "Txt3"
    answer = next(f for f in form.fields.values() if f.widget == "Rad1")
    assert {o.value: o.state for o in answer.options} == {"si": "vS", "no": "vN"}


def test_sections_follow_the_headings_column_by_column(drafts: dict[str, tuple[bytes, Drafted]]) -> None:
    sections = tomllib.loads(drafts["columns"][1].toml)["section"]
    assert [(s["title"], len(s["field"])) for s in sections] == [
        ("CLIENTE", 5),
        ("FORNITURA", 4),
        ("DESCRIZIONE", 1),
        ("FIRMA", 1),
    ]


def test_every_guess_is_marked_and_what_is_not_known_is_a_text(drafts: dict[str, tuple[bytes, Drafted]]) -> None:
    for name, (_, made) in drafts.items():
        blocks = made.toml.split("[[section.field]]")[1:]
        assert all("# guess: " in block for block in blocks), name
    unsure = next(b for b in drafts["dotted"][1].toml.split("[[section.field]]") if 'name = "codice_cliente"' in b)
    assert 'kind = "text"' in unsure
    assert "no word of the label tells more" in unsure or "codice cliente" in unsure


def test_the_printed_sheets_of_our_own_forms_are_found_without_their_definition() -> None:
    form = shipped("DELEGA")
    made = tomllib.loads(draft(flatten(form.blank), "d.pdf", "D", "1", DAY, None).toml)
    fields = [field for section in made["section"] for field in section["field"]]
    boxes = [o["box"] for f in fields for o in f.get("options", {}).values()] + [f["box"] for f in fields if "box" in f]
    wanted = [o.box for f in form.fields.values() for o in f.options]
    wanted += [f.box for f in form.fields.values() if not f.options]
    missed = [w for w in wanted if not any(near(w, box) for box in boxes)]
    assert missed == []
    assert len(boxes) == len(wanted)


def shipped(code: str) -> Form:
    return next(form for form in load_forms() if form.code == code)


def near(wanted: Box, box: Sequence[float]) -> bool:
    found = (wanted.left, wanted.top, wanted.width, wanted.height)
    return max(abs(a - b) for a, b in zip(found, box, strict=True)) < 1.0


def test_the_worked_example_of_the_documentation_is_what_is_drafted(drafts: dict[str, tuple[bytes, Drafted]]) -> None:
    text = (Path(__file__).parents[2] / "docs" / "adding-a-form.md").read_text("utf-8")
    shown = text.partition("every guess says what it rests on:")[2].partition("```toml")[2].partition("```")[0]
    made = drafts["underlined"][1]
    assert dedent(shown).strip() in made.toml
    assert f"{made.fields} fields proposed, {made.unnamed} of them without a label." in text


def test_a_star_makes_a_field_required(tmp_path: Path, drafts: dict[str, tuple[bytes, Drafted]]) -> None:
    form = load(tmp_path, "underlined", drafts["underlined"])
    required = {name for name, field in form.fields.items() if field.required_when == "always"}
    assert required == {"cognome_nome", "codice_fiscale"}


@pytest.mark.parametrize("degrees", [-1.2, 0.3, 0.8])
def test_a_blank_that_was_scanned_askew_keeps_its_tables(tmp_path: Path, degrees: float) -> None:
    blank = BLANKS["tabled"]()
    upright = render(content(blank), 1, 200.0).picture
    turn = cv2.getRotationMatrix2D((upright.shape[1] / 2, upright.shape[0] / 2), -degrees, 1.0)
    askew = cv2.warpAffine(upright, turn, upright.shape[::-1], flags=cv2.INTER_CUBIC, borderValue=(255.0,))
    noise = np.random.default_rng(3).normal(0, 4, askew.shape)
    out = BytesIO()
    Image.fromarray(np.clip(askew + noise, 0, 250).astype(np.uint8)).save(out, "PDF", resolution=200)
    made = draft(out.getvalue(), "askew.pdf", "ASKEW", "1", DAY, None)
    form = load(tmp_path, "askew", (out.getvalue(), made))
    per_mm = 200 / 25.4
    for name in ("utenza", "riferimento", "importo", "versamento", "mail", "motivi", "cf", "bolletta1", "emissione2"):
        _, x, y = blank.spots[name]
        seen_x, seen_y = turn @ (x * per_mm, y * per_mm, 1.0) / per_mm
        zones = [field for field in form.fields.values() if not field.options and field.box.covers(seen_x, seen_y)]
        assert len(zones) == 1, name
        assert zones[0].cells == (16 if name == "cf" else 0)
    assert any("askew" in remark for remark in made.remarks) == (abs(degrees) > 0.4)


def test_a_picture_without_an_engine_still_gives_zones() -> None:
    made = draft(content(BLANKS["scanned"]()), "scanned.pdf", "SCAN", "1", DAY, None)
    assert made.fields >= 8
    assert any("no engine" in remark for remark in made.remarks)


GRID = "".join(f"{x} {y} 9 9 re S\n" for x in range(9, 580, 16) for y in range(9, 830, 16))


def pdf(size: tuple[float, float] = (595, 842), pages: int = 1, stream: bytes = b"") -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size).Contents = document.make_stream(stream)
    out = BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"no pdf at all", "breaks off"),
        (pdf()[:300], "breaks off"),
        (pdf(pages=21), "more than 20 pages"),
        (pdf(stream=b"0 0 m 9 9 l S\n" * 31_000), "draws more than any form"),
        (pdf(stream=GRID.encode()), "it is no form"),
        (pdf(), "no line, box or field"),
    ],
    ids=["empty", "text", "cut", "pages", "objects", "boxes", "nothing"],
)  # fmt: skip
def test_what_is_no_form_is_refused_with_a_remedy(raw: bytes, says: str) -> None:
    with pytest.raises(Undraftable, match=says) as caught:
        draft(raw, "x.pdf", "X", "1", DAY, None)
    assert str(caught.value).count(". ") >= 1


def words_here(text: str) -> Sequence[tuple[str, tuple[int, int, int, int]]]:
    return [(text, (100, 100, 300, 140))]


NUMBER = st.integers(-50, 900)
SIDE = st.integers(-300, 500)
STROKES = st.one_of(
    st.tuples(NUMBER, NUMBER, NUMBER, NUMBER).map(lambda n: f"{n[0]} {n[1]} m {n[2]} {n[3]} l S"),
    st.tuples(NUMBER, NUMBER, SIDE, SIDE).map(lambda n: f"{n[0]} {n[1]} {n[2]} {n[3]} re S"),
    st.tuples(NUMBER, NUMBER, st.integers(0, 90), st.integers(0, 4)).map(lambda n: f"{n[0]} {n[1]} {n[2]} {n[3]} re f"),
    st.tuples(NUMBER, NUMBER, st.sampled_from(["Data ____", "....", "|_|_|_|", "Nome:", "1. DATI", "(*)", "€"])).map(
        lambda n: f"BT /F1 10 Tf {n[0]} {n[1]} Td ({n[2]}) Tj ET"
    ),
    st.sampled_from(["q 0 0 0 0 0 0 cm", "Q", "q -1 0 0 1 500 0 cm", "0 1 -1 0 500 0 cm", "1e9 0 0 1e9 0 0 cm"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(STROKES, max_size=40),
    st.sampled_from([0, 90, 180, 270]),
    st.sampled_from([None, (50, 60, 400, 700)]),
)
def test_whatever_a_page_draws_ends_in_a_sound_draft_or_a_refusal(
    strokes: list[str], turn: int, crop: tuple[int, int, int, int] | None
) -> None:
    document = pikepdf.open(BytesIO(pdf(stream="\n".join(strokes).encode("cp1252"))))
    page = document.pages[0]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Rotate = turn
    if crop:
        page.CropBox = pikepdf.Array(list(crop))
    out = BytesIO()
    document.save(out)
    told(out.getvalue())


def tried(raw: bytes) -> Drafted | str:
    try:
        return draft(raw, "x.pdf", "X", "1", DAY, None)
    except Undraftable as error:
        return str(error)


def told(raw: bytes) -> None:
    """Draft; whatever is proposed must be read by the loader, with unique names and zones on the sheet."""
    made = tried(raw)
    if isinstance(made, str):
        assert made.startswith("x.pdf")
        return
    definition: dict[str, Any] = tomllib.loads(made.toml)
    fields = [field for section in definition["section"] for field in section["field"]]
    names = [field["name"] for field in fields]
    assert len(names) == len(set(names)) == made.fields
    for field in fields:
        for box in [o["box"] for o in field.get("options", {}).values()] or [field["box"]]:
            assert min(box) >= 0
            assert box[0] + box[2] <= definition["page_width_mm"] + 0.2
            assert box[1] + box[3] <= definition["page_height_mm"] + 0.2


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["underlined", "fillable", "columns"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_damaged_blanks_end_in_a_draft_or_a_refusal(name: str, damages: list[tuple[float, int]]) -> None:
    raw = bytearray(content(BLANKS[name]()))
    for where, value in damages:
        raw[min(int(where * len(raw)), len(raw) - 1)] = value
    told(bytes(raw))


def test_words_of_a_scan_that_are_rubbish_do_no_harm() -> None:
    def rubbish(_picture: Picture) -> Sequence[tuple[str, tuple[int, int, int, int]]]:
        return [("", (0, 0, 9, 9)), ("x", (5, 5, 5, 5)), ("\x00\u200b", (1, 1, 90, 20)), *words_here("Firma")]

    made = draft(content(BLANKS["scanned"]()), "s.pdf", "S", "1", DAY, rubbish)
    assert tomllib.loads(made.toml)["section"]


def test_pages_of_two_sizes_are_said() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.rect(50, 500, 200, 20)
    canvas.showPage()
    canvas.setPageSize((842, 595))
    canvas.rect(50, 400, 200, 20)
    canvas.save()
    made = draft(out.getvalue(), "x.pdf", "X", "1", DAY, None)
    assert any("another size" in remark for remark in made.remarks)
