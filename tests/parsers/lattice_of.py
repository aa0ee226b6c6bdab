"""Make lattices as a recogniser would: a peak for each character, blanks between."""

from collections.abc import Mapping

import numpy as np

from ocr.ink import Lattice

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .,-/@_€'èìò+()"


def lattice_of(text: str, doubts: Mapping[int, tuple[str, float]] | None = None, sure: float = 0.99) -> Lattice:
    """Draw a text; ``doubts`` gives for a place another character and its probability."""
    rows = []
    for place, char in enumerate(text):
        other, share = (doubts or {}).get(place, ("", 0.0))
        rows += [_row({char: sure * (1 - share), other: sure * share}), _row({"": sure})]
    return Lattice(ALPHABET, np.log(np.array(rows or [_row({"": sure})], dtype=np.float32)))


def _row(masses: Mapping[str, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    row = np.full(1 + len(ALPHABET), (1 - sum(masses.values())) / (1 + len(ALPHABET)) + 1e-9)
    for char, mass in masses.items():
        if mass:
            row[1 + ALPHABET.index(char) if char else 0] += mass
    return row / row.sum()
