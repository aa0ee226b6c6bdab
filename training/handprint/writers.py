"""Writers of the stroke file as penmen: they fill whole forms, for measuring and for calibrating."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from samples.penman import Drawn, Strokes, draw_style
from training.handprint.strokes import Sample

NARROW = frozenset("1I")


@dataclass(frozen=True, slots=True)
class Written:
    """Writes with one writer's own characters, and with those of a neighbour where the writer has none.

    ``size_mm`` is the larger side of a character: the file does not know how large it was written.
    """

    own: dict[str, list[Sample]] = field(repr=False)
    others: dict[str, list[Sample]] = field(repr=False)
    signs: Drawn
    size_mm: float
    pen_mm: float

    def write(self, character: str, rng: Random) -> Strokes:
        """Write one character; signs that the file does not have are drawn by our own hand."""
        found = self.own.get(character) or self.others.get(character)
        if not found:
            return self.signs.write(character, rng)
        size = self.size_mm * rng.uniform(0.9, 1.1)
        strokes = [(stroke * size).tolist() for stroke in rng.choice(found).strokes]
        low = max(y for stroke in strokes for _, y in stroke)
        return tuple(tuple((x, y - low) for x, y in stroke) for stroke in strokes)


def writers(samples: Sequence[Sample], rng: Random, *, least: int = 10) -> list[Written]:
    """Make a penman of each writer with at least ``least`` different characters, in a random order."""
    others: dict[str, list[Sample]] = {}
    for sample in samples:
        others.setdefault(sample.label, []).append(sample)
    own: dict[str, dict[str, list[Sample]]] = {}
    for sample in samples:
        own.setdefault(sample.writer, {}).setdefault(sample.label, []).append(sample)
    made = [
        Written(known, others, Drawn.of(draw_style(rng)), rng.uniform(3.2, 4.6), rng.uniform(0.28, 0.65))
        for _, known in sorted(own.items())
        if len(known) >= least
    ]
    rng.shuffle(made)
    return made
