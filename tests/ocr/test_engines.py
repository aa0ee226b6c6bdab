"""One contract for every engine, with the real ones."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.alphabet import LATIN
from ocr.engine import Engine
from ocr.greedy import greedy
from ocr.line_net import LineNet
from ocr.ppocr import PpOcr
from ocr.prune import MODEL_NAME, ModelMissing, prepare_model
from ocr.tesseract import PyTesseract, Tesseract, TesseractMissing, data_folder
from pages.page import Picture

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
ENGINES: list[Callable[[], Engine]] = [LineNet, PpOcr, Tesseract, PyTesseract]


@pytest.fixture(scope="module", params=ENGINES, ids=lambda make: make.__name__)
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


def typed(*lines: str, size: int = 28) -> Picture:
    image = Image.new("L", (900, 20 + 44 * len(lines)), 250)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((12, 8 + 44 * number), line, font=ImageFont.truetype(str(FONT), size), fill=20)
    return np.asarray(image)


@pytest.mark.parametrize("text", ["D'Ambrosio Nicolò", "IT001E12345678", "Via Garibaldi 12", "€ 1.234,56"])
def test_reads_a_line(engine: Engine, text: str) -> None:
    read = engine.read_line(typed(text))
    assert read.text == text
    assert 0.5 < read.confidence <= 1


def test_reads_a_block_line_by_line(engine: Engine) -> None:
    lines = ["Un fornitore non ha risposto.", "Chiedo il rimborso della somma."]
    assert engine.read_block(typed(*lines)).text.split("\n") == lines


def test_nothing_legible_is_empty_and_never_an_error(engine: Engine) -> None:
    for shape in ((1, 1), (1, 300), (300, 1), (7, 7), (48, 400)):
        assert engine.read_line(np.full(shape, 255, np.uint8)).text == ""
        assert engine.read_block(np.full(shape, 255, np.uint8)).text == ""
    noise = np.random.default_rng(0).integers(0, 256, (48, 300)).astype(np.uint8)
    assert 0 <= engine.read_line(noise).confidence <= 1


def test_allowed_characters_are_the_only_ones(engine: Engine) -> None:
    assert set(engine.read_line(typed("O1I2 S5"), "0123456789").text) <= set("0123456789 ")


def test_names_itself(engine: Engine) -> None:
    assert engine.name
    assert any(sign.isdigit() for sign in engine.version)


def test_the_lattice_agrees_with_the_text() -> None:
    read = PpOcr().read_line(typed("RSSMRA85T10A562S"))
    assert read.lattice is not None
    assert np.allclose(np.exp(read.lattice.logp).sum(axis=1), 1, atol=1e-3)
    assert greedy(np.exp(read.lattice.logp), read.lattice.alphabet)[0] == read.text == "RSSMRA85T10A562S"


def test_letters_keep_their_case_in_a_high_box() -> None:
    high = cv2.copyMakeBorder(typed("Via XX Settembre", size=24), 30, 30, 0, 0, cv2.BORDER_CONSTANT, value=250)
    assert PpOcr().read_line(np.asarray(high, dtype=np.uint8)).text == "Via XX Settembre"


def test_the_model_is_made_once_and_only_from_the_measured_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prepare_model(tmp_path / "models")
    before = made.stat().st_mtime_ns
    assert made.name == MODEL_NAME
    assert prepare_model(tmp_path / "models").stat().st_mtime_ns == before
    assert list(made.parent.iterdir()) == [made], "no half-made file is left"
    monkeypatch.setattr("ocr.prune.SOURCE_SHA256", "0" * 64)
    with pytest.raises(ModelMissing, match="make setup"):
        prepare_model(tmp_path / "other")
    assert "è" in LATIN


def test_missing_language_data_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(TesseractMissing, match="apt-get install tesseract-ocr"):
        data_folder()
