"""The codes that 16 hand-printed cells can be: an exact search over the running check sum.

Every partial code is kept by its check sum modulo 26, the best few of each; what cannot become a code is dropped where
that shows (consonants before vowels in names, days that the month has), and the last cell must be the sum's letter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from ocr.ink import Cells
from parsers.fields import checksums, places
from parsers.fields.tax_code_shape import DIGIT_PLACES, FEMALE, MONTHS, OMOCODIA, plain

LENGTH = 16
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OMOCODIC = log(1e-3)
"""How rare it is that a letter stands for a digit."""
MOST_CHARACTERS = 12
MOST_OF_A_SUM = 24
KEPT = 50
FARTHEST = 16.0
"""Nats behind the best of its cell at which a character is not tried."""
NAME = re.compile(r"[B-DF-HJ-NP-TV-Z]*[AEIOU]*X*")
DAYS = dict(zip(MONTHS, (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A valid code and its log probability, not normalised."""

    code: str
    score: float


def candidates(cells: Cells) -> list[Candidate]:
    """List the codes that the cells can be, best first; their check, birth date and birthplace are right."""
    if len(cells.empty) < LENGTH or cells.written != tuple(range(LENGTH)):
        return []
    beams: dict[int, list[tuple[float, str]]] = {0: [(0.0, "")]}
    for place in range(LENGTH - 1):
        beams = _grown(beams, place, _choices(cells, place))
    last = {char: float(cells.logp[LENGTH - 1, cells.alphabet.index(char)]) for char in LETTERS}
    found = [
        Candidate(text + letter, score + last[letter])
        for total, kept in beams.items()
        for score, text in kept
        for letter in (LETTERS[total],)
    ]
    known = (c for c in sorted(found, key=lambda c: -c.score)[: 2 * KEPT] if plain(c.code)[11:15] in places.codes())
    return [c for c, _ in zip(known, range(KEPT), strict=False)]


def _choices(cells: Cells, place: int) -> list[tuple[str, float]]:
    row = cells.logp[place]
    scored = [(char, float(row[cells.alphabet.index(char)]) + prior) for char, prior in allowed(place)]
    scored.sort(key=lambda pair: -pair[1])
    return [pair for pair in scored[:MOST_CHARACTERS] if pair[1] > scored[0][1] - FARTHEST]


def allowed(place: int) -> Iterator[tuple[str, float]]:
    """List the characters that a place of the code may hold, with the logarithm of their share."""
    if place in DIGIT_PLACES:
        yield from ((char, 0.0) for char in (DIGITS[:8] if place == 9 else DIGITS))
        yield from ((char, OMOCODIC) for char in OMOCODIA if place != 9 or OMOCODIA[char] in DIGITS[:8])
    else:
        yield from ((char, 0.0) for char in (MONTHS if place == 8 else LETTERS))


def _grown(
    beams: dict[int, list[tuple[float, str]]], place: int, choices: list[tuple[str, float]]
) -> dict[int, list[tuple[float, str]]]:
    grown: dict[int, list[tuple[float, str]]] = {}
    for char, more in choices:
        value = checksums.even_value(char)
        step = value if place % 2 else checksums.ODD_VALUES[value]
        for total, kept in beams.items():
            grown.setdefault((total + step) % 26, []).extend((score + more, text + char) for score, text in kept)
    return {total: _best(found, place) for total, found in grown.items()}


def _best(found: list[tuple[float, str]], place: int) -> list[tuple[float, str]]:
    found.sort(key=lambda pair: -pair[0])
    possible = (pair for pair in found if _possible(pair[1], place))
    return [pair for pair, _ in zip(possible, range(MOST_OF_A_SUM), strict=False)]


def _possible(text: str, place: int) -> bool:
    if place in {2, 5}:
        return NAME.fullmatch(text[place - 2 :]) is not None
    if place == 10:
        bare = plain(text)
        day = int(bare[9:11]) % FEMALE
        return 0 < day <= DAYS[bare[8]]
    return True
