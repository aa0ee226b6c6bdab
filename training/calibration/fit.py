"""Fit what evidence is worth: logistic regression by manner, then the curves from surety to error by group of readings.

Curves are measured out of fold: what a reading is worth is said by weights that never saw its form.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parsers.calibration import FORMAT, Calibration, Step, features, group, is_poor
from parsers.evidence import Manner
from training.calibration.rows import Trial

RIDGE = 0.03
"""Pulls every weight towards 0, as if by so many readings; the constant is left free."""
RIDGES = {Manner.CELLS: 0.5}
"""Cells are right so often that their few errors must not bend many weights; chosen by the loss out of fold."""
ROUNDS = 60
STEPS = 120
FOLDS = 4
FORETOLD = 300
Floats = npt.NDArray[np.float64]
SHARES = {"copy-3": 0.1, "fax-of-copy": 0.2, "fax-screened": 0.3}
"""How often a channel comes beside the plain one of its medium: our estimate, not counted on real post. Copies that
read like clean scans stand under one curve with them, each as heavy as it is frequent."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A trial, and what weights that never saw its form say of it."""

    trial: Trial
    sure: float


def fit(trials: Iterable[Trial]) -> tuple[Calibration, tuple[Weighed, ...]]:
    """Fit weights on all trials, and curves on what weights say that were fitted without the form in question.

    Paragraphs are weighed too, but stand outside the curves: people read their words (``Acceptance.prose``).
    """
    kept = tuple(trials)
    weighed = tuple(w for fold in range(FOLDS) for w in _held_out(kept, fold))
    groups: dict[str, list[Weighed]] = {}
    for one in weighed:
        if one.trial.evidence.manner is not Manner.BLOCK:
            groups.setdefault(group(one.trial.evidence), []).append(one)
    return Calibration(_by_manner(kept), {name: curve(groups[name]) for name in sorted(groups)}), weighed


def _held_out(trials: Sequence[Trial], fold: int) -> Iterator[Weighed]:
    fitted = Calibration(_by_manner([t for t in trials if t.draft % FOLDS != fold]), {})
    yield from (Weighed(t, fitted.probability(t.evidence)) for t in trials if t.draft % FOLDS == fold)


def _by_manner(trials: Sequence[Trial]) -> dict[Manner, dict[str, float]]:
    weights = {
        manner: _weights([t for t in trials if t.evidence.manner is manner], RIDGES.get(manner, RIDGE))
        for manner in Manner
    }
    return {manner: found for manner, found in weights.items() if found}


def curve(weighed: Sequence[Weighed]) -> tuple[Step, ...]:
    """Answer for falling surety how much is kept and how much of that is wrong.

    The share wrong is what was counted, with what the weights foretell standing in for the first ``FORETOLD``
    readings: few readings prove little.
    """
    if not weighed:
        return ()
    ordered = sorted(weighed, key=lambda w: -w.sure)
    sure = np.array([w.sure for w in ordered])
    share = np.array([_share(w.trial) for w in ordered])
    wrong = np.cumsum(share * np.array([not w.trial.right for w in ordered]))
    count = np.cumsum(share)
    foretold = np.cumsum(share * (1 - sure)) / count
    rate = (wrong + FORETOLD * foretold) / (count + FORETOLD)
    places = sorted({round(i * (len(sure) - 1) / STEPS) for i in range(STEPS + 1)})
    return tuple(Step(float(sure[i]), float(rate[i]), float(count[i] / count[-1])) for i in places)


def _share(trial: Trial) -> float:
    """Weigh a reading by how often its channel comes; on a sheet that is seen to be poor every channel counts whole."""
    return SHARES.get(trial.channel, 1.0) if not is_poor(trial.evidence) else 1.0


def as_table(fitted: Calibration) -> dict[str, object]:
    """Write a calibration as the plain data that ``parsers.calibration`` reads."""
    return {
        "format": FORMAT,
        "weights": {m.value: {k: round(v, 5) for k, v in w.items()} for m, w in fitted.weights.items()},
        "curves": {
            name: [[round(s.sure, 7), round(s.wrong, 7), round(s.kept, 5)] for s in steps]
            for name, steps in fitted.curves.items()
        },
    }


def _weights(trials: Sequence[Trial], ridge: float) -> dict[str, float]:
    """Fit one manner by Newton's method with a ridge."""
    if not trials:
        return {}
    rows = [dict(features(t.evidence)) for t in trials]
    names = sorted({name for row in rows for name in row})
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    right = np.array([float(t.right) for t in trials])
    pull = np.array([1e-6 if name == "always" else ridge for name in names])
    found = np.zeros(len(names))
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(table @ found, -30, 30)))
        slope = table.T @ (right - chance) - pull * found
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + np.diag(pull)
        step = np.linalg.solve(bend, slope)
        found += step * min(1.0, 4.0 / max(1e-9, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-6:
            break
    return dict(zip(names, (float(v) for v in found), strict=True))
