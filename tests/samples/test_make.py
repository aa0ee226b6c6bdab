import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random

import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdf import PdfReader

from checks.validation import Outcome
from intake.receipt import Channel
from parsers.reading import State
from samples.acroform import fill_acroform
from samples.make import HOME, SEED, generate, paperwork, shipped, write
from samples.odd import odd_post
from samples.plan import SHIPPED
from samples.post import MODES
from samples.scenarios import SCENARIOS
from samples.situation import PROCEDURES
from samples.typed import FONTS, Hand, print_form
from samples.writing import marks
from samples.writing import write as written
from templates.form import Kind

TRUTHS = sorted((HOME / "post").rglob("*.truth.json"))
FORMS = (*PROCEDURES, "DELEGA")


def truths() -> list[dict[str, object]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in TRUTHS]


def piece(path: Path) -> bytes:
    return path.with_name(path.name.removesuffix(".truth.json")).read_bytes()


def test_at_least_sixty_pieces_are_shipped_in_under_thirty_megabytes() -> None:
    assert len(TRUTHS) >= 60
    files = [path for path in (HOME / "post").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 30_000_000


def test_every_form_comes_by_every_main_way() -> None:
    ways = {(mode, procedure) for _, mode, procedure in SHIPPED}
    for procedure in PROCEDURES:
        by = {mode for mode, form in ways if form == procedure}
        assert any(mode.endswith("acroform") for mode in by), procedure
        assert any(mode.startswith("scan-300") for mode in by), procedure
        assert "scan-200" in by, procedure
        assert any(mode.startswith("fax-fine") for mode in by), procedure


def test_every_scenario_and_every_way_is_shipped() -> None:
    assert {name for name, _, _ in SHIPPED} == set(SCENARIOS)
    assert {mode for _, mode, _ in SHIPPED} == set(MODES)
    assert all(procedure in PROCEDURES for _, _, procedure in SHIPPED)


def test_every_truth_has_its_shape() -> None:
    outcomes, states = {o.value for o in Outcome}, {s.value for s in State}
    for truth in truths():
        assert datetime.fromisoformat(str(truth["received_at"])).tzinfo is not None
        assert Channel(str(truth["channel"]))
        assert truth["proves"]
        assert isinstance(truth["submissions"], list)
        for submission in truth["submissions"]:
            assert submission["outcome"] in outcomes
            assert (submission["outcome"] == "READY") == (not submission["reasons"])
            for code, fields in ((submission["form"], submission["fields"]), ("DELEGA", submission["delega"])):
                for name, entry in fields.items():
                    assert name in paperwork().forms[code].fields
                    assert entry["state"] in states
                    assert (entry["value"] is not None) == (entry["state"] == "filled"), (truth["file"], name)


def test_the_shipped_files_are_what_the_generator_makes() -> None:
    made = {sample.name: sample for sample in shipped(SEED, 3)}
    found = {path.name.removesuffix(".truth.json"): path for path in TRUTHS}
    for name, sample in made.items():
        assert piece(found[name]) == sample.raw
        assert json.loads(found[name].read_text(encoding="utf-8")) == json.loads(json.dumps(sample.truth))


@pytest.mark.slow
def test_odd_post_is_the_same_at_each_run() -> None:
    first = {s.name: s.raw for s in odd_post(paperwork(), 5)}
    assert first == {s.name: s.raw for s in odd_post(paperwork(), 5)}
    assert first["two-in-one.eml"] != {s.name: s.raw for s in odd_post(paperwork(), 6)}["two-in-one.eml"]


@pytest.mark.slow
def test_fresh_pages_are_the_same_for_a_seed_and_other_people_for_another() -> None:
    def holder(seed: int) -> object:
        return next(generate(seed, 1, "mail-acroform")).submissions[0]["fields"]["holder_tax_code"]

    assert next(generate(1, 1, "mail-acroform")).raw == next(generate(1, 1, "mail-acroform")).raw
    assert holder(1) != holder(2)


def test_trays_get_a_sidecar_and_mails_do_not(tmp_path: Path) -> None:
    write(generate(3, 1, "fax-fine", "smart-info"), tmp_path)
    write(generate(3, 1, "mail-typed", "smart-info"), tmp_path)
    (sidecar,) = [p for p in (tmp_path / "post" / "fax").glob("*.json") if "truth" not in p.name]
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    assert facts["pages"] == 1
    assert datetime.fromisoformat(facts["received_at"]).tzinfo is not None
    assert {p.suffix for p in (tmp_path / "post" / "mail").iterdir()} == {".eml", ".json"}
    assert len(list((tmp_path / "post" / "mail").iterdir())) == 2
    assert "mail-typed" in (tmp_path / "CATALOGUE.md").read_text(encoding="utf-8")


def test_shipped_faxes_are_fax_files() -> None:
    faxes = sorted((HOME / "post" / "fax").glob("*.tif"))
    assert faxes
    for path in faxes:
        with Image.open(path) as image:
            assert image.size[0] == 1728
            assert image.info["dpi"] in {(204, 196), (204, 98)}
            assert image.info["compression"] in {"group3", "group4"}
            assert path.stat().st_size / image.n_frames < 70_000


def test_the_catalogue_names_every_piece() -> None:
    text = (HOME / "CATALOGUE.md").read_text(encoding="utf-8")
    for path in TRUTHS:
        assert f"{path.parent.name}/{path.name.removesuffix('.truth.json')}" in text


@pytest.mark.parametrize(
    ("procedure", "style"),
    [("CMOR", "bare"), ("CMOR", "drawn"), ("CMOR", "pypdf"), ("BONUS", "drawn"), ("RIPRISTINO", "bare")],
)
def test_filled_values_are_read_back_by_pypdf(procedure: str, style: str) -> None:
    form = paperwork().forms[procedure]
    draft = SCENARIOS["ripristino" if procedure == "RIPRISTINO" else "complete-delegate"].draft(Random(3), procedure)
    raw = fill_acroform(form, draft.stated, Random(4), style=style)
    assert raw == fill_acroform(form, draft.stated, Random(4), style=style)
    fields = PdfReader(BytesIO(raw)).get_fields() or {}
    stated = {name: written(f, draft.values.get(name), Random(0)) for name, f in form.fields.items()}
    for name, field in form.fields.items():
        value = draft.values.get(name)
        if field.kind in {Kind.AMOUNT, Kind.PHONE}:
            assert bool(fields[name].value) == bool(value), name
        elif stated[name]:
            assert fields[name].value == stated[name], name
        elif field.kind is Kind.TICK:
            assert (fields[name].value not in {None, "/Off"}) == (value is True), name
        elif field.kind is Kind.ENUM:
            assert _chosen(fields, name, [o.value for o in field.options]) == list(marks(field, value)), name


def _chosen(fields: dict[str, object], name: str, options: list[str]) -> list[str]:
    whole = fields.get(name)
    if whole is not None and getattr(whole, "value", None) not in {None, "/Off"}:
        return [str(whole.value).removeprefix("/")]  # type: ignore[attr-defined]
    singles = {o: fields.get(f"{name}.{o}") for o in options}
    return [o for o, f in singles.items() if f is not None and getattr(f, "value", None) not in {None, "/Off"}]


@pytest.mark.parametrize("code", FORMS)
def test_what_is_typed_lies_inside_its_zone(code: str) -> None:
    form = paperwork().forms[code]
    draft = SCENARIOS["complete-delegate" if code != "RIPRISTINO" else "ripristino"].draft(
        Random(9), code if code != "DELEGA" else "CMOR"
    )
    values = draft.delegation if code == "DELEGA" and draft.delegation else draft.values
    raw = print_form(form, values, Hand("Courier", 11.0), Random(1))
    with pdfium.PdfDocument(raw) as document:
        assert len(document) == form.page_count
        for name, field in form.fields.items():
            text = written(field, values.get(name), Random(0))
            if not text or field.kind in {Kind.AMOUNT, Kind.PHONE}:
                continue
            page = document[field.page - 1]
            height = page.get_height()
            box, mm = field.box, 72 / 25.4
            seen = page.get_textpage().get_text_bounded(
                box.left * mm, height - box.bottom * mm, box.right * mm, height - box.top * mm
            )
            assert text.replace(" ", "") in "".join(seen.split()), (name, seen)


def test_every_typeface_can_write_every_sign() -> None:
    form = paperwork().forms["CMOR"]
    draft = SCENARIOS["complete"].draft(Random(2), "CMOR")
    draft.values["holder_surname"] = "D'Aquò Fò è ì ù"
    for font in FONTS:
        assert print_form(form, draft.values, Hand(font, 10.0), Random(1)).startswith(b"%PDF")
