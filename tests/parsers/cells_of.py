"""Make hand-printed cells as our net would: a peak in each cell, a doubt where one is wanted, some share rejected."""

from collections.abc import Mapping

import numpy as np

from ocr.ink import Cells

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def cells_of(
    text: str,
    doubts: Mapping[int, tuple[str, float]] | None = None,
    *,
    sure: float = 0.99,
    count: int = 0,
    rejected: tuple[int, ...] = (),
) -> Cells:
    """Write a text into cells, spaces stay empty; ``doubts`` gives for a place another character and its share."""
    padded = text.ljust(count)
    rows = np.full((len(padded), 37), (1 - sure) / 36)
    for i, char in enumerate(padded):
        if char == " ":
            continue
        other, share = (doubts or {}).get(i, ("", 0.0))
        rows[i, ALPHABET.index(char)] = sure * (1 - share)
        if other:
            rows[i, ALPHABET.index(other)] = sure * share
        if i in rejected:
            rows[i] = (1 - sure) / 36
            rows[i, -1] = sure
    rows /= rows.sum(axis=1, keepdims=True)
    return Cells(ALPHABET, np.log(rows).astype(np.float32), tuple(char == " " for char in padded))
