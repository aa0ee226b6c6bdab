"""Decode hand-printed cells by the grammar of their kind: the best valid text, its probability, the alternatives.

Reading is not repairing: the text that the cells show under the mask of their places (``shown``) is kept beside the
valid one that was chosen, and a cell that was itself sure of another character makes the choice a proposal only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log

from ocr.ink import Cells
from parsers import tax_code_beam
from parsers.best_first import Choices, best_first
from parsers.fields.parsed import Context
from parsers.patterns import DIGIT, LETTER, Shape, grammar, judge
from templates.form import Kind

SURE_CELL = 0.9
LEAST_MASS = 0.5
"""What the allowed characters of a cell must hold of the probability over all classes."""
TWINS = {
    "0": "OQD", "1": "IL", "2": "Z", "5": "S", "6": "G", "8": "B",
    "O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8",
}  # fmt: skip
"""Characters that no shape tells apart: which of them it is, only the place says."""
MOST_TRIES = 300
MOST_VALID = 12
MOST_OPTIONS = 50
MOST_PROPOSALS = 4
FARTHEST = 14.0
OUT_OF_REACH = 30.0
"""Nats: no text of cells is told from another by more."""
WORDS = frozenset({Kind.NAME, Kind.TEXT, Kind.MUNICIPALITY, Kind.LIST, Kind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class Option:
    """A valid text that the cells can be, with its share of the probability among the valid ones."""

    text: str
    share: float
    score: float


@dataclass(frozen=True, slots=True)
class HandReading:
    """What cells say. ``shown`` is the masked reading without any check, ``options`` the valid texts, best first.

    ``clear`` is false where a cell is rejected, or its allowed characters, with what looks the same as the best of
    them, hold too little of the probability.
    ``plain`` is the product of the shown characters' probabilities under the mask, ``score`` the logarithm of that over
    all classes, as the options have it.
    """

    shown: str
    plain: float
    clear: bool
    sure: tuple[bool, ...]
    options: tuple[Option, ...] = ()
    score: float = 0.0

    @property
    def best(self) -> str:
        """The best valid text, "" if there is none."""
        return self.options[0].text if self.options else ""

    @property
    def share(self) -> float:
        """The probability of the best valid text among the valid ones."""
        return self.options[0].share if self.options else 0.0

    @property
    def margin(self) -> float:
        """How far the second best valid text lies behind (nats), as far as anything can where there is none."""
        return self.options[0].score - self.options[1].score if len(self.options) > 1 else OUT_OF_REACH

    @property
    def forced(self) -> float:
        """What the best valid text costs against what the cells show by themselves (nats)."""
        return max(0.0, self.score - self.options[0].score) if self.options else OUT_OF_REACH

    @property
    def texts(self) -> tuple[str, ...]:
        """What to offer to a clerk, best first."""
        return tuple(option.text for option in self.options[:MOST_PROPOSALS]) or (self.shown,)

    def overrules(self, text: str) -> bool:
        """Tell whether a text changes a cell that was itself sure: that is a repair, not a reading."""
        if len(text) != len(self.shown):
            return True
        return any(a != b and sure for a, b, sure in zip(text, self.shown, self.sure, strict=True))


def decode_cells(cells: Cells, kind: Kind, context: Context) -> HandReading:
    """Decode the cells of a field."""
    if kind in WORDS:
        return _words(cells)
    written = cells.written
    if not written or written != tuple(range(written[0], written[-1] + 1)):
        return _masked(cells, (DIGIT + LETTER,) * len(written))
    if kind is Kind.TAX_CODE and len(written) == tax_code_beam.LENGTH:
        return _tax_code(cells)
    shapes = [(s, cost) for s, cost in _shapes(kind, context, len(written)) if len(s) == len(written)]
    if not shapes:
        return _masked(cells, (DIGIT + LETTER,) * len(written))
    return _by_shapes(cells, shapes, judge(kind, context))


def with_scores(reading: HandReading, more: Callable[[str], float]) -> HandReading:
    """Weigh the options anew by what else is known about each, in nats."""
    scored = [(o.text, o.score + more(o.text)) for o in reading.options]
    return replace(reading, options=_options(scored))


def _shapes(kind: Kind, context: Context, count: int) -> Sequence[tuple[Shape, float]]:
    shape = grammar(kind, context)
    if shape is None:
        return ()
    return shape.shapes or (((shape.charset,) * count, 0.0),)


def _tax_code(cells: Cells) -> HandReading:
    mask = tuple("".join(char for char, prior in tax_code_beam.allowed(i) if not prior) for i in range(15))
    found = tax_code_beam.candidates(cells)
    return replace(_masked(cells, (*mask, LETTER)), options=_options([(c.code, c.score) for c in found]))


def _by_shapes(cells: Cells, shapes: Sequence[tuple[Shape, float]], passes: Callable[[str], bool]) -> HandReading:
    found: dict[str, float] = {}
    readings = []
    for shape, handicap in shapes:
        readings.append((_masked(cells, shape), handicap))
        for text, score in _valid(cells, shape, passes):
            found[text] = max(found.get(text, -1e9), score - handicap)
    # By what the cells hold of it, not by its share of what the shape allows: a wrong shape allows little else.
    shown = max(readings, key=lambda pair: pair[0].score - pair[1])[0]
    return replace(shown, options=_options(found.items()))


def _valid(cells: Cells, shape: Shape, passes: Callable[[str], bool]) -> Iterator[tuple[str, float]]:
    places = [_choices(cells, i, allowed) for i, allowed in zip(cells.written, shape, strict=True)]
    tried = zip(best_first(places), range(MOST_TRIES), strict=False)
    valid = ((text, score) for (text, score), _ in tried if passes(text))
    yield from (pair for pair, _ in zip(valid, range(MOST_VALID), strict=False))


def _options(scored: Iterable[tuple[str, float]]) -> tuple[Option, ...]:
    ranked = sorted(scored, key=lambda pair: -pair[1])[:MOST_OPTIONS]
    if not ranked:
        return ()
    best = ranked[0][1]
    total = sum(exp(score - best) for _, score in ranked)
    return tuple(Option(text, exp(score - best) / total, score) for text, score in ranked)


def _choices(cells: Cells, place: int, allowed: str) -> Choices:
    row = cells.logp[place]
    scored = [(char, float(row[cells.alphabet.index(char)])) for char in allowed if char in cells.alphabet]
    scored.sort(key=lambda pair: -pair[1])
    return [pair for pair in scored if pair[1] > scored[0][1] - FARTHEST]


def _masked(cells: Cells, shape: Shape) -> HandReading:
    """Read each written cell by itself under the mask of its place."""
    shown, product, score, clear, sure = "", 1.0, 0.0, True, []
    for place, allowed in zip(cells.written, shape, strict=False):
        choices = _choices(cells, place, allowed)
        if not choices:
            return HandReading("", 0.0, clear=False, sure=(), score=-inf)
        mass = sum(exp(score) for _, score in choices)
        rejected = exp(float(cells.logp[place, -1]))
        best = exp(choices[0][1])
        shown += choices[0][0]
        product *= best / (mass + rejected)
        score += choices[0][1]
        twins = sum(
            exp(float(cells.logp[place, cells.alphabet.index(t)]))
            for t in TWINS.get(choices[0][0], "")
            if t not in allowed
        )
        clear = clear and mass + twins > LEAST_MASS and int(cells.logp[place].argmax()) != len(cells.alphabet)
        sure.append(best / (mass + rejected) > SURE_CELL)
    return HandReading(shown, product, clear, tuple(sure), score=score)


def _words(cells: Cells) -> HandReading:
    """Read words in cells: letters only, an empty cell between them is a space."""
    read = _masked(cells, (LETTER,) * len(cells.written))
    chars = dict(zip(cells.written, read.shown, strict=False))
    text = "".join(chars.get(i, " ") for i in range(len(cells.empty))).strip()
    return replace(read, options=(Option(" ".join(text.split()), read.plain, log(max(read.plain, 1e-30))),))
