"""The surface through displacements: smooth truth is found again, false patches are not followed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from templates.plane import Points
from templates.warp import FEWEST, fit_warp

SIZE = (210.0, 297.0)
GRID = np.array([(x, y) for x in np.linspace(10, 200, 10) for y in np.linspace(10, 287, 20)])


@settings(max_examples=15)
@given(st.floats(0, 6.2), st.floats(0.3, 1.5), st.floats(1.0, 2.5), st.integers(0, 1000))
def test_a_wave_is_followed_and_false_patches_are_not(phase: float, size: float, waves: float, seed: int) -> None:
    def true(points: Points) -> Points:
        along = points[:, 1] / 297 * 2 * np.pi * waves + phase
        return np.column_stack([0.2 * size * np.cos(along), size * np.sin(along)])

    rng = np.random.default_rng(seed)
    seen = true(GRID) + rng.normal(0, 0.05, GRID.shape)
    false = rng.choice(len(GRID), 15, replace=False)
    seen[false] += rng.uniform(1, 2, (15, 2))
    fitted = fit_warp(GRID, seen, SIZE)
    assert fitted is not None
    inner = rng.uniform((15, 15), (195, 280), (200, 2))
    off = np.hypot(*(fitted.warp.shift(inner) - true(inner)).T)
    assert np.percentile(off, 95) < 0.2
    assert np.median(fitted.weights[false]) < 0.2


def test_too_few_patches_make_no_surface() -> None:
    assert fit_warp(GRID[: FEWEST - 1], GRID[: FEWEST - 1] * 0, SIZE) is None


def test_no_displacement_is_no_warp() -> None:
    fitted = fit_warp(GRID, GRID * 0.0, SIZE)
    assert fitted is not None
    assert np.abs(fitted.warp.shift(GRID)).max() < 1e-9
    assert fitted.off_mm.max() < 1e-9
