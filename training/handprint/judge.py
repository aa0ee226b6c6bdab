"""Temperature and figures: what the net reaches within a mask, how well it is calibrated, what it rejects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.handprint.pictures import CLASSES, REJECT

Floats = npt.NDArray[np.float64]
MASKS: Mapping[str, str] = {"digits": CLASSES[:10], "capitals": CLASSES[10:], "all": CLASSES}
SURE = 0.9
BINS = 15


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates of ``count`` characters under one mask: ``top1`` among the allowed; ``error`` among those ``covered`` sure.

    ``ece`` is the calibration error of the best allowed character, ``rejected`` the share read as reject.
    """

    count: int
    top1: float
    covered: float
    error: float
    ece: float
    rejected: float

    @property
    def spread(self) -> float:
        """Standard error of ``top1``."""
        return sqrt(max(self.top1 * (1 - self.top1), 1 / self.count**2) / self.count)

    def __str__(self) -> str:
        return (
            f"n {self.count} top-1 {self.top1:.2%} ± {self.spread:.2%}; p > .9: covers {self.covered:.1%}, "
            f"wrong {self.error:.2%}; ECE {self.ece:.3f}; rejected {self.rejected:.1%}"
        )


def fit_temperature(logits: Tensor, label: Tensor, mask: str) -> float:
    """Find the temperature with the least cross entropy over all classes, among samples of the mask's characters."""
    inside = _inside(label, mask)
    log_t = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([log_t], max_iter=60)

    def loss() -> Tensor:
        optimiser.zero_grad()
        value = torch.nn.functional.cross_entropy(logits[inside] / log_t.exp(), label[inside])
        value.backward()
        return value

    optimiser.step(loss)
    return float(log_t.exp())


def figures(logits: Tensor, label: Tensor, mask: str, temperature: float) -> Figures:
    """Judge the characters of a mask, read within it."""
    inside = _inside(label, mask)
    p = torch.softmax(logits[inside] / temperature, dim=1).numpy().astype(np.float64)
    truth, allowed = label[inside].numpy(), [CLASSES.index(c) for c in MASKS[mask]]
    best = np.array(allowed)[p[:, allowed].argmax(axis=1)]
    sure, right = within(p, allowed), best == truth
    covered = sure > SURE
    wrong = float(np.mean(~right[covered])) if covered.any() else 0.0
    return Figures(len(truth), float(right.mean()), float(covered.mean()), wrong, ece(sure, right), rejected(p))


def rejected(p: Floats) -> float:
    """Answer the share whose best class is reject."""
    return float(np.mean(p.argmax(axis=1) == REJECT))


def within(p: Floats, allowed: list[int]) -> Floats:
    """Answer the best allowed character's probability among the allowed ones and reject."""
    return np.asarray(p[:, allowed].max(axis=1) / p[:, [*allowed, REJECT]].sum(axis=1), dtype=np.float64)


def read_anyway(logits: Tensor, mask: str, temperature: float) -> float:
    """Answer the share of cells read with p > .9 within a mask: for spoiled cells, the danger."""
    p = torch.softmax(logits / temperature, dim=1).numpy().astype(np.float64)
    return float(np.mean(within(p, [CLASSES.index(c) for c in MASKS[mask]]) > SURE))


def ece(sure: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Answer the expected calibration error over fifteen equal bins."""
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(right[bins == b].mean() - sure[bins == b].mean()) * np.mean(bins == b) for b in set(bins.tolist())]
    return float(sum(gaps))


def joined(parts: Sequence[Tensor]) -> Tensor:
    """Join the logits or labels of several channels."""
    return torch.cat(list(parts))


def _inside(label: Tensor, mask: str) -> Tensor:
    return torch.isin(label, torch.tensor([CLASSES.index(c) for c in MASKS[mask]]))
