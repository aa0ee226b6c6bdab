"""Read character boxes: typed ones as strips by the line reader, hand-printed ones cell by cell by our own net."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr.alphabet import ALPHABETS, LATIN
from ocr.cells import cut_cells
from ocr.engine import CellEngine, Engine, Recognised, label
from ocr.ink import Cells, Ink, Source
from ocr.zones import Zone, joined_cells
from pages.page import Picture
from templates.form import Field, Kind

CELL_INSET_MM = 0.46
OPINION_WORTH = 0.9
"""Less sure cells go to a clerk whatever the line reader says: it is not asked."""
WORDS = frozenset({Kind.NAME, Kind.TEXT, Kind.MUNICIPALITY, Kind.LIST, Kind.LONG_TEXT})


def strips_of(zone: Zone, item: Field) -> list[Picture]:
    """Set characters close: a code as one strip, words as a strip for each; none where the cells are empty."""
    strips = joined_cells(zone, item.cells, CELL_INSET_MM)
    if item.kind in WORDS or not strips:
        return strips
    height = min(strip.shape[0] for strip in strips)
    return [np.hstack([strip[:height] for strip in strips])]


def read_strips(line: Engine, strips: Sequence[Picture]) -> Recognised:
    """Read strips one after another; a single one keeps its lattice."""
    parts = [line.read_line(strip, LATIN) for strip in strips]
    if len(parts) == 1:
        return parts[0]
    return Recognised(" ".join(part.text for part in parts), min(part.confidence for part in parts))


def read_by_hand(zone: Zone, item: Field, nothing: Ink, hand: CellEngine, line: Engine) -> Ink:
    """Read hand-printed cells, with the line reader's opinion where it decides something."""
    cells = hand.read(cut_cells(zone, item.cells))
    if not cells.written:
        return nothing
    text, product, least = _best(cells, ALPHABETS.get(item.kind, cells.alphabet))
    ink = replace(nothing, source=Source.HANDPRINT, text=text, confidence=least, cells=cells, engine=label(hand))
    if item.kind is Kind.TAX_CODE or item.kind in WORDS or product < OPINION_WORTH:
        return ink
    strips = strips_of(zone, item)
    if not strips:
        return ink
    opinion = read_strips(line, strips)
    return replace(ink, others=(opinion.text,), lattice=opinion.lattice, engine=f"{ink.engine}; {label(line)}")


def _best(cells: Cells, allowed: str) -> tuple[str, float, float]:
    """Take the best allowed character of each written cell; with the product and the least of their probabilities."""
    columns = [i for i, char in enumerate(cells.alphabet) if char in allowed]
    rows = cells.logp[list(cells.written)]
    part = rows[:, columns]
    text = "".join(cells.alphabet[columns[i]] for i in part.argmax(axis=1).tolist())
    mass = np.exp(part).sum(axis=1) + np.exp(rows[:, -1])
    sure = np.exp(part.max(axis=1)) / mass
    return text, float(sure.prod()), float(np.clip(sure.min(), 0, 1))
