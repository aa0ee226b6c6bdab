"""Warp: how far the print of a curled, folded or stretched sheet lies off a straight laying, smooth in between.

A surface of cubic B-splines through the displacements of many patches. How stiff it is, is decided by the sheet
itself: of a few stiffnesses the one is taken under which patches are best foretold by the others.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from templates.plane import Points

Array = npt.NDArray[np.float64]

ROWS = 16
COLUMNS = 7
STIFFNESSES = (0.01, 0.1, 1.0)
ROUNDS = 3
FEWEST = 30


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """Displacements over one template page of this size; ``knots`` [rows, columns, 2] are the spline's, in mm."""

    width_mm: float
    height_mm: float
    knots: Array = field(repr=False)

    def shift(self, points_mm: Points) -> Points:
        """Answer by how many mm (on the template) print that belongs at these points lies off."""
        down = _basis(points_mm[:, 1] / self.height_mm, self.knots.shape[0])
        across = _basis(points_mm[:, 0] / self.width_mm, self.knots.shape[1])
        return np.stack([((down @ self.knots[..., k]) * across).sum(axis=1) for k in (0, 1)], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A warp with the distance of each patch, in mm, from where the other patches foretell it, and its weight 0-1."""

    warp: Warp
    off_mm: Array = field(repr=False)
    weights: Array = field(repr=False)


def fit_warp(points_mm: Points, shifts_mm: Points, size_mm: tuple[float, float]) -> Fitted | None:
    """Lay a smooth surface through displacements, some of which are false. None when they are too few."""
    if len(points_mm) < FEWEST:
        return None
    down = _basis(points_mm[:, 1] / size_mm[1], ROWS)
    across = _basis(points_mm[:, 0] / size_mm[0], COLUMNS)
    design = (down[:, :, None] * across[:, None, :]).reshape(len(points_mm), -1)
    found = [_robust(design, shifts_mm, stiffness * _BENDING) for stiffness in STIFFNESSES]
    knots, off, weights = min(found, key=lambda one: float(np.average(one[1], weights=one[2] + 1e-9)))
    return Fitted(Warp(*size_mm, knots.reshape(ROWS, COLUMNS, 2)), off, weights)


def _robust(design: Array, shifts: Points, bending: Array) -> tuple[Array, Array, Array]:
    """Solve again and again, each time believing less what lies far off (Cauchy's weights)."""
    weights = np.ones(len(design))
    knots, off = np.zeros((design.shape[1], 2)), np.zeros(len(design))
    for _ in range(ROUNDS):
        weighted = design * weights[:, None]
        solve = np.linalg.inv(design.T @ weighted + bending)
        knots = solve @ (weighted.T @ shifts)
        leverage = np.minimum(((design @ solve) * weighted).sum(axis=1), 0.95)
        # What a patch's own pull is taken out of: its distance from the surface through all the others.
        off = np.hypot(*(shifts - design @ knots).T) / (1 - leverage)
        scale = max(1.5 * float(np.median(off)), 0.03)
        weights = 1 / (1 + (off / scale) ** 2)
    return knots, off, weights


def _basis(share: Array, count: int) -> Array:
    """Give the weights [points, count] of uniform cubic B-splines at shares 0-1 of the length; held beyond its ends."""
    along = np.clip(share, 0.0, 1.0) * (count - 3)
    first = np.minimum(along.astype(int), count - 4)
    t = along - first
    pieces = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    weights = np.zeros((len(along), count))
    for k, piece in enumerate(pieces):
        weights[np.arange(len(along)), first + k] = piece / 6
    return weights


def _bending() -> Array:
    """Give the quadratic form that is large for knots that change abruptly."""
    down, across = (np.diff(np.eye(n), 2, axis=0) for n in (ROWS, COLUMNS))
    bend = np.kron(down.T @ down, np.eye(COLUMNS)) + np.kron(np.eye(ROWS), across.T @ across)
    return np.asarray(bend + 1e-4 * np.eye(ROWS * COLUMNS), dtype=np.float64)


_BENDING = _bending()
