"""What the training of the hand-print net rests on, without torch: strokes, drawing, devices, spoiled cells."""

from pathlib import Path

import numpy as np
import pytest

from ocr.normalise import SIDE_PX, normalise
from samples.alphabet import GLYPHS, glyph
from training.handprint.draw import CANVAS_PX, bent, draw_strokes, pen_width
from training.handprint.remnants import with_remnants
from training.handprint.scanned import MODES, draw_device, pictured
from training.handprint.spoiled import KINDS
from training.handprint.strokes import centred, held_out, read_strokes, trained_on, tuned_on, weights

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def packed(path: Path) -> Path:
    """Write our own alphabet as the stroke file is written: y upwards, differences within a stroke."""
    rows = [("train", "aga/1"), ("train", "val/2"), ("dev", "tos/3"), ("dev", "imp/4")]
    points, lengths, counts = [], [], []
    for _ in rows:
        for stroke in glyph(GLYPHS["A"][0]):
            spots = np.array([(x * 1000, (1 - y) * 1000) for x, y in stroke])
            points.append(np.diff(spots, axis=0, prepend=np.zeros((1, 2))))
            lengths.append(len(spots))
        counts.append(len(glyph(GLYPHS["A"][0])))
    np.savez(
        path,
        points=np.concatenate(points).astype(np.int16),
        stroke_lengths=np.array(lengths, dtype=np.int32),
        strokes_per_sample=np.array(counts, dtype=np.int16),
        labels=np.array(["A"] * 4),
        writers=np.array([writer for _, writer in rows]),
        split=np.array([split for split, _ in rows]),
    )
    return path


def test_contributors_are_on_one_side_only(tmp_path: Path) -> None:
    samples = read_strokes(packed(tmp_path / "strokes.npz"))
    sides = [{s.contributor for s in side(samples)} for side in (trained_on, tuned_on, held_out)]
    assert sides == [{"aga", "val"}, {"tos"}, {"imp"}]
    assert weights(trained_on(samples)).sum() == pytest.approx(1)


def test_strokes_are_upright_again(tmp_path: Path) -> None:
    sample = read_strokes(packed(tmp_path / "strokes.npz"))[0]
    roof, bar = sample.strokes
    assert roof[1, 1] < bar[:, 1].mean() < roof[0, 1], "the top of an A is above its bar"
    every = np.concatenate(sample.strokes)
    assert np.ptp(every, axis=0).max() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("mode", MODES)
def test_every_character_shows_on_every_device(mode: str) -> None:
    rng = np.random.default_rng(5)
    for character in LETTERS:
        strokes = centred([np.array(s, dtype=np.float32) * (1, -1) for s in glyph(GLYPHS[character][0])])
        canvas = with_remnants(draw_strokes(bent(strokes, rng), pen_width(rng)), rng)
        assert canvas.shape == (CANVAS_PX, CANVAS_PX)
        picture = pictured(canvas, draw_device(rng, mode), rng)
        drawn = normalise(picture)
        assert drawn is not None
        assert drawn.shape == (SIDE_PX, SIDE_PX)
        assert drawn.max() > 150


@pytest.mark.parametrize("kind", KINDS)
def test_spoiled_cells_hold_more_ink_or_other_ink_than_a_character(kind: str) -> None:
    rng = np.random.default_rng(1)
    one = centred([np.array(s, dtype=np.float32) for s in glyph(GLYPHS["R"][0])])
    spoil, share = KINDS[kind]
    assert 0 < share < 0.5
    strokes = spoil(one, one, rng)
    assert all(np.isfinite(stroke).all() for stroke in strokes)
    assert draw_strokes(strokes, 0.08).any()


def test_the_same_seed_draws_the_same_picture() -> None:
    one = centred([np.array(s, dtype=np.float32) for s in glyph(GLYPHS["S"][0])])
    first, second = (
        pictured(draw_strokes(bent(one, r), 0.08), draw_device(r), r) for r in map(np.random.default_rng, (7, 7))
    )
    assert np.array_equal(first, second)
