"""The proof picture: a blank's page with every proposed zone drawn on it and named."""

import cv2
import numpy as np

from pages.page import MM_PER_INCH, Box, Picture
from templates.draft.guess import folded
from templates.draft.propose import FieldGuess, Proposal
from templates.form import Kind
from templates.plan import CHOICES

DPI = 130.0
COLOURS = {Kind.TEXT: (60, 60, 60), Kind.INK: (160, 60, 160), Kind.TICK: (20, 130, 20)}
CHOSEN = (20, 130, 20)
READ = (200, 90, 0)
"""Blue, green and red: a plain text is grey, so that what was not guessed stands out."""


def draw_proof(proposal: Proposal, page: int, picture: Picture, dpi: float) -> bytes:
    """Draw the zones of one page (from 1) over its picture; answers a PNG."""
    scale = DPI / dpi
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    grey = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2BGR)
    paper: Picture = np.asarray(255 - (255 - grey.astype(np.int16)) * 2 // 3, dtype=np.uint8)
    for section in proposal.sections:
        for field in section.fields:
            if field.place.page == page:
                _zone(paper, field)
    return bytes(cv2.imencode(".png", paper)[1])


def _zone(paper: Picture, field: FieldGuess) -> None:
    colour = CHOSEN if field.kind in CHOICES else COLOURS.get(field.kind, READ)
    kind = "" if field.kind is Kind.TEXT else f": {field.kind.value}"
    if field.options:
        for option in field.options:
            _frame(paper, option.place.box, colour)
            _words(paper, _below(option.place.box), option.value, colour)
        _words(paper, field.place.box, f"{field.name}{kind}", colour, above=True)
        return
    for cell in field.place.box.split(max(1, field.place.cells)):
        _frame(paper, cell, colour)
    _words(paper, field.place.box, f"{field.name}{kind}", colour)


def _below(box: Box) -> Box:
    return Box(box.left, box.bottom - 0.6, box.width, box.height)


def _frame(paper: Picture, box: Box, colour: tuple[int, int, int]) -> None:
    cv2.rectangle(paper, _pixel(box.left, box.top), _pixel(box.right, box.bottom), colour, 1)


def _words(paper: Picture, box: Box, text: str, colour: tuple[int, int, int], *, above: bool = False) -> None:
    x, y = _pixel(box.left + 0.3, box.top - 0.4 if above else box.top + 2.2)
    cv2.putText(paper, folded(text), (x, y), cv2.FONT_HERSHEY_PLAIN, 0.75, colour, 1, cv2.LINE_AA)


def _pixel(x_mm: float, y_mm: float) -> tuple[int, int]:
    return round(x_mm / MM_PER_INCH * DPI), round(y_mm / MM_PER_INCH * DPI)
