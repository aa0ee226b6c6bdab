"""Search a recogniser's posterior for texts of given shapes: CTC Viterbi over patterns (natural logs)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ocr.ink import Lattice

Logs = npt.NDArray[np.float64]
NEVER = -np.inf
FLOOR = 1e-40


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A lattice after folding: natural logs [steps, 1 + characters], column 0 the blank, each character once."""

    chars: str
    logp: Logs = field(repr=False)
    column: Mapping[str, int] = field(init=False, repr=False)
    sets: dict[str, tuple[str, npt.NDArray[np.intp]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", {c: i for i, c in enumerate(self.chars, start=1)})

    def columns(self, allowed: str) -> tuple[str, npt.NDArray[np.intp]]:
        """Give the characters of a set that the lattice has, and their columns."""
        known = self.sets.get(allowed)
        if known is None:
            chars = "".join(c for c in allowed if c in self.column)
            known = self.sets[allowed] = (chars, np.array([self.column[c] for c in chars], dtype=np.intp))
        return known

    @property
    def free(self) -> float:
        """The log of the free best path: the sum of each step's best."""
        return float(self.logp.max(axis=1).sum()) if self.logp.size else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The best path of one pattern: its log, and the steps [first, last + 1) of each position."""

    pattern: int
    score: float
    spans: tuple[tuple[int, int], ...]


def fold(lattice: Lattice, ignored: str, *, upper: bool) -> Steps:
    """Add the probability of ignored characters to the blank's, and of small letters to the capitals' if ``upper``.

    A character that is no single ASCII letter in upper case (the sharp s) keeps its own column.
    """
    names = [_folded(c, ignored, upper=upper) for c in lattice.alphabet]
    chars = "".join(dict.fromkeys(n for n in names if n))
    place = {"": 0} | {c: i for i, c in enumerate(chars, start=1)}
    target = np.array([0, *(place[n] for n in names)])
    gather = np.zeros((len(target), 1 + len(chars)))
    gather[np.arange(len(target)), target] = 1.0
    probability = np.exp(lattice.logp.astype(np.float64)) @ gather
    return Steps(chars, np.log(np.maximum(probability, FLOOR)))


def _folded(char: str, ignored: str, *, upper: bool) -> str:
    if char in ignored:
        return ""
    return char.upper() if upper and char.isascii() else char


@dataclass(frozen=True, slots=True, eq=False)
class _States:
    """The states of several patterns in one row: blank, p1, blank, p2, ..., blank for each."""

    sets: npt.NDArray[np.intp]
    """For each state the index of its character set; 0 is the blank's."""
    starts: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    skips: npt.NDArray[np.bool_]
    """Positions that a path may reach without the blank before them."""


@lru_cache(maxsize=64)
def _layout(patterns: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], _States]:
    sets = tuple(dict.fromkeys(s for pattern in patterns for s in pattern))
    row: list[int] = []
    starts: list[int] = []
    skips: list[bool] = []
    for pattern in patterns:
        starts.append(len(row))
        for place, allowed in enumerate(pattern):
            row += [0, 1 + sets.index(allowed)]
            skips += [False, place > 0]
        row.append(0)
        skips.append(False)
    ends = [*starts[1:], len(row)]
    return sets, _States(np.array(row), np.array(starts), np.array(ends), np.array(skips))


def search(steps: Steps, patterns: tuple[tuple[str, ...], ...], within: float) -> tuple[Path, ...]:
    """Find the best path of each pattern, best first; patterns more than ``within`` nats behind the best are left out.

    A pattern is one string of allowed characters for each position. Patterns that do not fit into the steps are
    left out too.
    """
    if steps.logp.shape[0] == 0 or not patterns:
        return ()
    sets, states = _layout(patterns)
    emission, winner = _emissions(steps, sets, states)
    final, back = _forward(emission, winner, states)
    last = np.array([end - 2 + int(final[end - 1] >= final[end - 2]) for end in states.ends])
    scores = final[last]
    keep = [int(p) for p in np.argsort(-scores, kind="stable") if np.isfinite(scores[p])]
    keep = [p for p in keep if scores[p] >= scores[keep[0]] - within]
    return tuple(
        Path(p, float(scores[p]), _spans(back, int(last[p]), int(states.starts[p]), len(patterns[p]))) for p in keep
    )


def _emissions(steps: Steps, sets: Sequence[str], states: _States) -> tuple[Logs, npt.NDArray[np.intp]]:
    """Give each state's log at each step, and the column of the character that wins there."""
    count = steps.logp.shape[0]
    best = np.full((count, 1 + len(sets)), NEVER)
    wins = np.zeros((count, 1 + len(sets)), dtype=np.intp)
    best[:, 0] = steps.logp[:, 0]
    for place, allowed in enumerate(sets, start=1):
        _, columns = steps.columns(allowed)
        if columns.size:
            inside = steps.logp[:, columns].argmax(axis=1)
            wins[:, place] = columns[inside]
            best[:, place] = steps.logp[np.arange(count), wins[:, place]]
    return best[:, states.sets], wins[:, states.sets]


def _forward(emission: Logs, winner: npt.NDArray[np.intp], states: _States) -> tuple[Logs, npt.NDArray[np.uint8]]:
    """Run the Viterbi recursion over all states at once; the back pointers count the states gone forward (0, 1, 2)."""
    count, size = emission.shape
    bar = np.zeros((count, size))
    bar[:, ~states.skips] = NEVER
    bar[1:, 2:][winner[1:, 2:] == winner[:-1, :-2]] = NEVER
    back = np.zeros((count, size), dtype=np.uint8)
    score = np.full(size, NEVER)
    score[states.starts] = emission[0, states.starts]
    score[states.starts + 1] = emission[0, states.starts + 1]
    one, two = np.full(size, NEVER), np.full(size, NEVER)
    for t in range(1, count):
        one[1:] = score[:-1]
        one[states.starts] = NEVER
        two[2:] = score[:-2]
        two += bar[t]
        np.greater(one, score, out=back[t], casting="unsafe")
        score = np.maximum(score, one)
        back[t][two > score] = 2
        score = np.maximum(score, two)
        score += emission[t]
    return score, back


def _spans(back: npt.NDArray[np.uint8], last: int, start: int, length: int) -> tuple[tuple[int, int], ...]:
    first = [0] * length
    after = [0] * length
    state = last
    for t in range(back.shape[0] - 1, -1, -1):
        place, is_position = divmod(state - start, 2)
        if is_position:
            first[place] = t
            after[place] = after[place] or t + 1
        state -= int(back[t, state])
    return tuple(zip(first, after, strict=True))
