"""Our own line reader: the weights that were judged, the shape of its lattice, and a floor under what it reads."""

from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageFont

from ocr.line_crop import HEIGHT, MOST_WIDTH, shaped
from ocr.line_net import LineNet
from ocr.shipped import WeightsDamaged
from pages.page import Picture

FACES = [Path("/usr/share/fonts/truetype/dejavu") / f"DejaVu{cut}.ttf" for cut in ("Sans", "Serif", "SansMono")]
FLOOR = 0.9
"""It read 96 % when it was shipped."""
TEXTS = (
    "RSSMRA85T10A562S",
    "IT001E12345678",
    "12345678901234",
    "20121",
    "12/03/2026",
    "1.234,56",
    "Mario Rossi",
    "VIA GARIBALDI 12",
    "Forlì",
    "mario.rossi@example.com",
    "335 1234567",
    "D'Angelo Nicolò",
)


@pytest.fixture(scope="module")
def net() -> LineNet:
    return LineNet()


def typed(text: str, face: Path, pixels: int, rng: Random) -> Picture:
    image = Image.new("L", (640, 60), 245)
    ImageDraw.Draw(image).text((12, 14), text, font=ImageFont.truetype(str(face), pixels), fill=25)
    soft = cv2.GaussianBlur(np.asarray(image), (0, 0), 0.6).astype(np.float64)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, 4, soft.shape)
    return np.asarray(np.clip(soft + noise, 0, 255), dtype=np.uint8)


def test_other_weights_and_missing_ones_are_refused_with_the_remedy(tmp_path: Path) -> None:
    other = tmp_path / "lines-2.onnx"
    with pytest.raises(WeightsDamaged, match=r"missing: install the package anew"):
        LineNet(other)
    other.write_bytes(b"onnx")
    with pytest.raises(WeightsDamaged, match=r"not the ones that were measured: install the package anew"):
        LineNet(other)


def test_the_lattice_has_a_step_for_every_four_columns_and_sums_to_one(net: LineNet) -> None:
    picture = typed("RSSMRA85T10A562S", FACES[0], 28, Random(1))
    line = shaped(picture)
    lattice = net.read_line(picture).lattice
    assert line is not None
    assert lattice is not None
    assert lattice.logp.shape == (-(-line.shape[1] // 4), 1 + len(lattice.alphabet))
    assert np.allclose(np.exp(lattice.logp).sum(axis=1), 1, atol=1e-3)
    assert len(set(lattice.alphabet)) == len(lattice.alphabet)
    assert set("àèéìòùÀÈÉÌÒÙ€°@'0aA ") <= set(lattice.alphabet)


def test_reads_typefaces_that_it_never_saw(net: LineNet) -> None:
    rng = Random(4)
    read = [
        (text, net.read_line(typed(text, face, pixels, rng)).text)
        for face in FACES
        for pixels in (22, 28, 32)
        for text in TEXTS
    ]
    right = sum(text == said for text, said in read)
    assert right >= FLOOR * len(read), [pair for pair in read if pair[0] != pair[1]]


@settings(max_examples=60)
@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 80), st.integers(1, 120)), elements=st.integers(0, 255)),
)
def test_any_picture_is_shaped_or_found_empty(picture: Picture) -> None:
    line = shaped(picture)
    assert line is None or (line.dtype == np.uint8 and line.shape[0] == HEIGHT and 1 <= line.shape[1] <= MOST_WIDTH)
