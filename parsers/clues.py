"""Clue: a phrase that speaks for a kind of paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clue:
    """A phrase with its weight; about 1.0 names a paper by itself, less only together with others."""

    phrase: str
    weight: float


def clues(text: str) -> tuple[Clue, ...]:
    """Read lines of ``weight phrase``."""
    rows = (line.split(maxsplit=1) for line in text.strip().splitlines())
    return tuple(Clue(phrase.strip(), float(weight)) for weight, phrase in rows)
