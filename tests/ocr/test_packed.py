import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.ink import Cells, Lattice
from ocr.packed import FLOOR, pack, pack_cells, unpack, unpack_cells

shapes = st.tuples(st.integers(0, 40), st.text(alphabet="ABC 0123456789/èÈ€", min_size=0, max_size=20))


@settings(max_examples=60)
@given(shapes, st.integers(0, 2**32 - 1))
def test_what_a_grammar_looks_at_comes_back(shape: tuple[int, str], seed: int) -> None:
    steps, alphabet = shape
    scores = np.random.default_rng(seed).normal(0, 8, (steps, 1 + len(alphabet))).astype(np.float32)
    logp = scores - np.log(np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))
    logp = (logp - scores.max(axis=1, keepdims=True)).astype(np.float32) if logp.size else logp
    back = unpack(pack(Lattice(alphabet, logp)))
    assert back.alphabet == alphabet
    assert back.logp.shape == logp.shape
    best = logp.max(axis=1, keepdims=True) if logp.size else logp
    near = logp >= best - FLOOR
    assert np.allclose(back.logp[near], logp[near], rtol=2e-3, atol=2e-3)
    assert (back.logp[~near] <= np.broadcast_to(best, logp.shape)[~near] - FLOOR + 0.1).all()


def test_a_line_takes_about_a_kilobyte() -> None:
    rng = np.random.default_rng(1)
    logp = np.full((100, 130), -30.0, dtype=np.float32)
    for step in logp:
        step[rng.integers(0, 130, 4)] = np.log([0.9, 0.05, 0.04, 0.01])
    assert len(pack(Lattice("x" * 129, logp))) < 2_000


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_other_text_is_no_lattice(text: str) -> None:
    with pytest.raises(ValueError, match="no packed lattice"):
        unpack(text)


def test_hand_printed_cells_come_back_with_their_gaps() -> None:
    scores = np.random.default_rng(3).normal(0, 3, (5, 37))
    logp = (scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))).astype(np.float32)
    cells = Cells("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", logp, (False, True, False, False, True))
    back = unpack_cells(pack_cells(cells))
    assert (back.alphabet, back.empty) == (cells.alphabet, cells.empty)
    assert np.allclose(np.exp(back.logp), np.exp(logp), atol=2e-3)
    with pytest.raises(ValueError, match="no packed"):
        unpack_cells("xx")
