"""Decode a lattice by the grammar of a field's kind.

The reader's posterior knows more than its best text: the best path that has the right shape, how much worse it is than
the free reading (the penalty), and what else each character might be. Nothing here decides whether to believe it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from ocr.ink import Lattice
from parsers.lattices import Logs, Path, Steps, fold, search
from parsers.patterns import Grammar

FARTHEST = 12.0
"""Nats: an alternative, or a pattern, further behind than this is no evidence at all."""
MOST_ALTERNATIVES = 6
MOST_TRIES = 150
NEAREST = 30
MOST_PROPOSALS = 3
FAILED_CHECK = 5.0
"""Nats by which another shape, whose text passes its check, may fit worse than the best, whose text does not."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another character at a position; ``gap`` in nats is how much less likely it is than the chosen one."""

    char: str
    gap: float


@dataclass(frozen=True, slots=True)
class Repair:
    """A text that passes its check, made by substitutions of ``cost`` nats in all."""

    text: str
    cost: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text of the right shape, and how well it fits.

    ``penalty`` in nats is 0 when the page says it by itself, infinite when no shape fits at all (then ``text`` is
    ""). ``fixed`` is the part of the penalty at places that say nothing about the value (the IT of a POD, the comma
    of an amount). ``confidence`` is that of the least certain character among those allowed at its place: what the
    shape had to force shows in the penalty, not here. ``alternatives`` are those of each position. ``proposals`` are
    repairs, cheapest first, only where ``text`` fails its check.
    """

    text: str
    penalty: float
    fixed: float = 0.0
    confidence: float = 0.0
    passes: bool = False
    alternatives: tuple[tuple[Alternative, ...], ...] = ()
    proposals: tuple[Repair, ...] = ()


NOTHING = Decoded("", float("inf"))


def greedy(lattice: Lattice) -> tuple[str, float]:
    """Read the best path: repeats collapsed, blanks dropped; with the probability of its least certain character."""
    if lattice.logp.shape[0] == 0:
        return "", 0.0
    best = lattice.logp.argmax(axis=1)
    peaks = np.exp(lattice.logp.max(axis=1))
    runs = _runs(best)
    text = "".join(lattice.alphabet[column - 1] for column, _, _ in runs)
    sure = [float(peaks[first:after].max()) for _, first, after in runs]
    return text, min(1.0, *sure) if sure else 0.0


def decode(lattice: Lattice, grammar: Grammar, passes: Callable[[str], bool]) -> Decoded:
    """Find the text of the grammar's shape that the lattice supports best, with repairs where it fails its check."""
    steps = fold(lattice, grammar.ignored, upper=grammar.upper)
    if not grammar.shapes:
        return _loose(steps, grammar.charset, passes)
    shapes = tuple(shape for shape, _ in grammar.shapes)
    best: Decoded | None = None
    least = float("inf")
    # A path's own score flatters: a position may change its character from step to step. What is read of it pays for
    # that, so paths are read in the order of their scores until none that is left can be better.
    for cost, path in sorted(_costed(search(steps, shapes, FARTHEST), grammar, steps.free), key=lambda c: c[0]):
        if cost >= least:
            break
        read = _read(steps, path, shapes[path.pattern], passes)
        true_cost = read.penalty + grammar.shapes[path.pattern][1] + (0.0 if read.passes else FAILED_CHECK)
        if true_cost < least:
            best, least = read, true_cost
    if best is None:
        return NOTHING
    return best if best.passes else replace(best, proposals=tuple(_repairs(best, passes)))


def _costed(paths: Iterable[Path], grammar: Grammar, free: float) -> Iterator[tuple[float, Path]]:
    for path in paths:
        yield free - path.score + grammar.shapes[path.pattern][1], path


def _read(steps: Steps, path: Path, shape: tuple[str, ...], passes: Callable[[str], bool]) -> Decoded:
    positions = [_position(steps, span, allowed) for span, allowed in zip(path.spans, shape, strict=True)]
    text = "".join(p.char for p in positions)
    forced = [max(0.0, p.cost) for p in positions]
    return Decoded(
        text=text,
        penalty=max(0.0, steps.free - path.score) + sum(p.drift for p in positions),
        fixed=sum(cost for cost, allowed in zip(forced, shape, strict=True) if not _says_anything(allowed)),
        confidence=min(p.share for p in positions),
        passes=passes(text),
        alternatives=tuple(p.others for p in positions),
    )


def _says_anything(allowed: str) -> bool:
    """Tell a place that holds a part of the value from one that always holds the same letter, or a separator."""
    return len(allowed) > 1 and any(c.isalnum() for c in allowed)


@dataclass(frozen=True, slots=True)
class _Position:
    """One place: its character and that one's share among the allowed; costs in nats over its span.

    ``cost`` is against the free reading, ``drift`` against the best allowed character of each step.
    """

    char: str
    share: float
    cost: float
    drift: float
    others: tuple[Alternative, ...]


def _position(steps: Steps, span: tuple[int, int], allowed: str) -> _Position:
    """Choose the allowed character that is best over the whole span; the others follow with their gaps."""
    chars, columns = steps.columns(allowed)
    rows = steps.logp[span[0] : span[1]]
    part: Logs = rows[:, columns]
    total = part.sum(axis=0)
    gaps = total.max() - total
    order = np.argsort(gaps, kind="stable")[: 1 + MOST_ALTERNATIVES].tolist()
    best = order[0]
    return _Position(
        char=chars[best],
        share=float(1.0 / np.exp(-gaps).sum()),
        cost=float(rows.max(axis=1).sum() - total[best]),
        drift=float(part.max(axis=1).sum() - total[best]),
        others=tuple(Alternative(chars[i], float(gaps[i])) for i in order[1:] if gaps[i] < FARTHEST),
    )


def _loose(steps: Steps, charset: str, passes: Callable[[str], bool]) -> Decoded:
    """Read the best path within a set of characters, of any length; without a check digit nothing can be repaired."""
    if steps.logp.shape[0] == 0:
        return NOTHING
    columns = np.array([0, *(1 + i for i, c in enumerate(steps.chars) if c in charset)], dtype=np.intp)
    inside = columns[steps.logp[:, columns].argmax(axis=1)]
    score = float(steps.logp[np.arange(len(inside)), inside].sum())
    path = Path(0, score, tuple((first, after) for _, first, after in _runs(inside)))
    if not path.spans:
        return NOTHING
    return _read(steps, path, (charset,) * len(path.spans), passes)


def _repairs(found: Decoded, passes: Callable[[str], bool]) -> list[Repair]:
    """Try single, then paired substitutions, cheapest first; stop at the first round that has any that pass."""
    single = sorted(
        ((place, a) for place, others in enumerate(found.alternatives) for a in others), key=lambda s: s[1].gap
    )
    for round_ in (((s,) for s in single), combinations(single[:NEAREST], 2)):
        costed = sorted(((sum(a.gap for _, a in swaps), swaps) for swaps in round_), key=lambda c: c[0])[:MOST_TRIES]
        tries = [Repair(_substituted(found.text, swaps), cost) for cost, swaps in costed if cost < FARTHEST]
        passing = [repair for repair in tries if passes(repair.text)]
        if passing:
            return passing[:MOST_PROPOSALS]
    return []


def _substituted(text: str, swaps: Iterable[tuple[int, Alternative]]) -> str:
    chars = list(text)
    for place, alternative in swaps:
        chars[place] = alternative.char
    return "".join(chars)


def _runs(columns: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[tuple[int, int, int]]:
    """Split into runs of one column each, without the blank's: (column, first step, step after the last)."""
    edges = np.flatnonzero(np.diff(columns)) + 1
    bounds = [0, *edges.tolist(), len(columns)]
    runs = [(int(columns[a]), a, b) for a, b in pairwise(bounds)]
    return [run for run in runs if run[0] != 0]
