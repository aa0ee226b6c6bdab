"""Read the packed pen strokes, and choose who is trained on and who only judges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Stroke = npt.NDArray[np.float32]
"""Points [n, 2] of one pen stroke, x right and y down, the larger side of the character 1, its middle at 0."""

UNIT = 1000.0
TUNING = frozenset({"tos"})
"""Contributors of the dev split on which the temperature is fitted; the others of that split are only reported."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One written character: who wrote it, and its strokes in order."""

    label: str
    writer: str
    split: str
    strokes: tuple[Stroke, ...]

    @property
    def contributor(self) -> str:
        """Who collected it."""
        return self.writer.split("/")[0]


def read_strokes(path: Path) -> list[Sample]:
    """Read a packed file: points coded by differences within a stroke, y upwards, the larger side 1000."""
    with np.load(path) as packed:
        lengths, counts = packed["stroke_lengths"], packed["strokes_per_sample"]
        points = packed["points"].astype(np.float32)
        about = zip(packed["labels"].tolist(), packed["writers"].tolist(), packed["split"].tolist(), strict=True)
    strokes = iter([np.cumsum(part, axis=0) for part in np.split(points, np.cumsum(lengths)[:-1])])
    return [
        Sample(label, writer, split, centred([next(strokes) for _ in range(count)]))
        for count, (label, writer, split) in zip(counts.tolist(), about, strict=True)
    ]


def centred(strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Turn y downwards, put the middle to 0 and the larger side to 1."""
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    size = float((high - low).max()) or 1.0
    turn = np.array([1, -1], dtype=np.float32)
    return tuple(np.asarray((stroke - (low + high) / 2) / size * turn, dtype=np.float32) for stroke in strokes)


def trained_on(samples: Iterable[Sample]) -> list[Sample]:
    """Keep the samples that may be trained on."""
    return [sample for sample in samples if sample.split == "train"]


def tuned_on(samples: Iterable[Sample]) -> list[Sample]:
    """Keep the samples on which temperature and thresholds are fitted."""
    return [sample for sample in samples if sample.split == "dev" and sample.contributor in TUNING]


def held_out(samples: Iterable[Sample]) -> list[Sample]:
    """Keep the samples that only judge."""
    return [sample for sample in samples if sample.split == "dev" and sample.contributor not in TUNING]


def weights(samples: Sequence[Sample]) -> npt.NDArray[np.float64]:
    """Weigh samples so that rare characters count more, and no diligent writer outweighs all others."""
    classes: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    for s in samples:
        classes[s.label] = classes.get(s.label, 0) + 1
        pairs[s.label, s.writer] = pairs.get((s.label, s.writer), 0) + 1
    raw = np.array([classes[s.label] ** -0.7 * pairs[s.label, s.writer] ** -0.5 for s in samples])
    return np.asarray(raw / raw.sum(), dtype=np.float64)
