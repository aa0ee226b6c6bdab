"""Calibration: from evidence to the probability that a reading is exactly right, and how much of it is enough.

The weights are fitted on readings whose truth is known (``training/calibration``), kept as data, and never written by
hand. How much is enough follows from an error budget: the share of wrong values among those that nobody looks at.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from math import exp, log, log1p

from ocr.medium import Medium
from parsers.evidence import Evidence, Manner, Vote

SHIPPED = "calibration-1.json"
FORMAT = 2
BUDGET = 0.0014
"""Pooled error of double keying (0.14 %): nobody is asked as long as values are at least as right as that."""
LEAST = 0.95
"""No reading that is wrong more often than once in twenty is taken by itself, however good those around it are."""
_SUREST = 1 - 1e-6
_MOST_NATS = 12.0
_MOST_KEYS = 3
LEGIBLE = 0.88
"""The share of its other lines that were read alike, below which a sheet counts as poor: nine copies in ten do."""
FAITHFUL = 0.89
"""How like the blank's its own print must be on a scan that is none of a copy: that of all is, at 200 dpi and more."""
POOR = ", poor"

Weights = Mapping[str, float]


class BrokenCalibration(ValueError):
    """The shipped table cannot be used; it is made anew by ``python -m training.calibration``."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a curve: among readings with at least ``sure``, at most ``wrong`` of all are not right.

    ``kept`` is the share of readings that are left. All are shares in 0..1, measured on readings not fitted on.
    """

    sure: float
    wrong: float
    kept: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted weights by manner, and for each group of readings (``group``) the curve from surety to error."""

    weights: Mapping[Manner, Weights] = field(repr=False)
    curves: Mapping[str, tuple[Step, ...]] = field(repr=False)

    def probability(self, evidence: Evidence) -> float:
        """Answer the probability in 0..1 that a reading with this evidence is exactly right."""
        weights = self.weights.get(evidence.manner)
        if weights is None:
            return 0.0
        nats = sum(weights.get(name, 0.0) * amount for name, amount in features(evidence))
        return 1 / (1 + exp(-max(-30.0, min(30.0, nats))))

    def needed(self, group: str, budget: float = BUDGET) -> float:
        """Answer the least probability that keeps the error among the unseen values of a group within the budget.

        Above 1, which nothing reaches, where no step of the curve does. Never below ``LEAST``: among thousands of good
        readings the budget would bear one that is itself held for wrong.
        """
        enough = [step.sure for step in self.curves.get(group, ()) if step.wrong <= budget]
        return max(LEAST, min(enough, default=2.0))


def group(evidence: Evidence) -> str:
    """Name the readings that share one curve: all that hands wrote into cells, else those of a medium.

    Poor sheets have a curve of their own, so that the budget holds on them as well: a copy of copies comes as a clean
    scan does, and among so many good ones its errors would not be seen.
    """
    if evidence.manner is Manner.CELLS:
        return Manner.CELLS.value
    return f"{evidence.medium.value}{POOR}" if is_poor(evidence) else evidence.medium.value


def is_poor(evidence: Evidence) -> bool:
    """Tell a poor sheet, by what readers made of its other lines or, of a scan, by its own print."""
    worn = evidence.medium is Medium.SCAN and evidence.faithful < FAITHFUL
    return evidence.legible < LEGIBLE or worn


def features(evidence: Evidence) -> Iterator[tuple[str, float]]:
    """Yield the named amounts that the weights are for."""
    sure = _logit(evidence.confidence)
    medium = evidence.medium.value
    yield "always", 1.0
    yield "confidence", sure
    yield f"medium {medium}", 1.0
    yield f"confidence on {medium}", sure
    yield f"reader {evidence.reader}", 1.0
    yield f"confidence of {evidence.reader}", sure
    yield f"kind {evidence.kind.value}", 1.0
    yield "penalty", min(evidence.penalty, _MOST_NATS)
    yield "some penalty", log1p(min(evidence.penalty, _MOST_NATS))
    yield "margin", min(evidence.margin, _MOST_NATS)
    yield "checked", float(evidence.checked)
    yield "listed", float(evidence.listed)
    yield "poor sheet", 1 - evidence.sheet
    yield f"poor sheet on {medium}", 1 - evidence.sheet
    yield "illegible", 1 - evidence.legible
    yield f"illegible on {medium}", 1 - evidence.legible
    yield "unfaithful", 1 - evidence.faithful
    yield f"unfaithful on {medium}", 1 - evidence.faithful
    yield "length", log1p(evidence.length)
    yield "fragile", log1p(evidence.fragile)
    yield f"backing {evidence.backing.value}", 1.0
    yield f"backing {evidence.backing.value} of {evidence.kind.value}", 1.0
    yield "keys", min(evidence.keys or 0, _MOST_KEYS)
    for vote in Vote:
        count = evidence.votes.count(vote)
        yield f"votes {vote.value}", float(count)
        yield f"votes {vote.value} on {medium}", float(count)


@lru_cache(maxsize=4)
def load_calibration(name: str = SHIPPED) -> Calibration:
    """Load a table of this package. Raises ``BrokenCalibration``."""
    return read_calibration((files("parsers") / "data" / name).read_text(encoding="utf-8"))


def read_calibration(text: str) -> Calibration:
    """Read a table as ``training.calibration`` writes it. Raises ``BrokenCalibration``."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise BrokenCalibration(f"calibration of format {told['format']}, this program knows format {FORMAT}")
        weights = {Manner(manner): {str(k): float(v) for k, v in w.items()} for manner, w in told["weights"].items()}
        curves = {str(name): tuple(Step(*map(float, step)) for step in curve) for name, curve in told["curves"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenCalibration(f"the calibration table cannot be read: {error!r}") from error
    return Calibration(weights, curves)


def _logit(share: float) -> float:
    held = min(max(share, 1e-4), _SUREST)
    return log(held / (1 - held))
