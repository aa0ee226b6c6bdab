"""The lines that the line reader is trained on: the same for the same seed, and the test side never in training."""

from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pytest

from training.lines.alphabet import ALPHABET, CODES
from training.lines.batches import STEP_PX, batch, crops, lines
from training.lines.channels import CHANNELS, send
from training.lines.draw import Hand, draw_text
from training.lines.fonts import faces
from training.lines.texts import Texts
from training.lines.words import Words, is_for_test

DEJAVU = Path("/usr/share/fonts/truetype/dejavu")


@pytest.fixture
def typefaces(tmp_path: Path) -> Path:
    for side, cut in (("train", "DejaVuSans"), ("test", "DejaVuSerif")):
        (tmp_path / side).mkdir()
        (tmp_path / side / f"{cut}.ttf").symlink_to(DEJAVU / f"{cut}.ttf")
    return tmp_path


def test_the_same_seed_draws_the_same_lines(typefaces: Path) -> None:
    first, second = (list(islice(lines(typefaces, 3, held_out=False), 12)) for _ in range(2))
    assert [line.text for line in first] == [line.text for line in second]
    assert all(np.array_equal(one.picture, two.picture) for one, two in zip(first, second, strict=True))


def test_no_word_is_on_both_sides() -> None:
    training, test = Words(held_out=False), Words(held_out=True)
    for name in ("surnames", "given", "streets", "sentence", "companies", "towns"):
        mine, theirs = getattr(training, name), getattr(test, name)
        assert mine
        assert theirs
        assert all(is_for_test(word) for word in theirs)
        assert not set(mine) & set(theirs)


def test_every_text_can_be_written_in_the_alphabet() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    texts, rng = Texts(Words(held_out=False)), Random(1)
    kinds = set()
    for _ in range(3000):
        kind, text = texts.draw(rng)
        kinds.add(kind)
        assert text
        assert text == " ".join(text.split())
        assert all(sign in CODES for sign in text)
    assert len(kinds) == 15


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_leaves_ink_on_paper(channel: str) -> None:
    rng = Random(2)
    drawn = draw_text("IT001E12345678", Hand(DEJAVU / "DejaVuSans.ttf", 10.0), rng)
    crop = send(drawn, channel, rng)
    assert crop.dtype == np.uint8
    assert crop.shape[0] >= 24
    assert int(crop.max()) - int(crop.min()) > 40
    assert np.median(crop) > crop.mean(), "more paper than ink"


def test_lines_of_a_batch_are_padded_with_paper(typefaces: Path) -> None:
    group = list(islice(lines(typefaces, 5, held_out=False), 4))
    made = batch(group)
    for row, steps, line in zip(made.pictures, made.steps, group, strict=True):
        assert steps == -(-line.picture.shape[1] // STEP_PX)
        assert not row[:, line.picture.shape[1] :].any()
    assert made.lengths.sum() == len(made.labels) == sum(len(line.text) for line in group)


def test_the_test_side_is_drawn_in_its_own_typefaces(typefaces: Path) -> None:
    assert [face.stem for face in faces(typefaces, held_out=True)] == ["DejaVuSerif"]
    assert next(crops(typefaces, Random(1), held_out=True)).text
    with pytest.raises(FileNotFoundError, match=r"training\.lines\.fonts"):
        faces(typefaces / "none", held_out=False)
