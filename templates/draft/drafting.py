"""Draft a definition for the bytes of a blank: its sheets read and looked at, proposed, written, and drawn as proof."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import cv2
import numpy as np

from pages.acroform import FormFields, form_fields
from pages.drawing import Drawing, Letter
from pages.limits import PageLimits
from pages.page import MM_PER_INCH, Box, Page, Picture, Unreadable
from pages.pdf import render
from pages.raster import Raster
from pages.vectors import read_drawings, widget_boxes
from templates.draft.find import Crowded, find
from templates.draft.level import crooked, levelled, turned_back
from templates.draft.look import DPI, rounds_of, rules_of, without_lines
from templates.draft.place import Sheet
from templates.draft.proof import draw_proof
from templates.draft.propose import propose
from templates.draft.written import Head, as_toml
from templates.pictured import ink_of, whitened
from templates.posture import skew_of
from templates.views import Views

LIMITS = PageLimits(max_bytes=20_000_000, max_pages=20)
CROOKED_DEGREES = 0.4

WordsOn = Callable[[Picture], Sequence[tuple[str, tuple[int, int, int, int]]]]
"""Reads a picture at 200 dpi: words with left, top, right, bottom in pixels."""

REFUSALS = {
    "empty": "is empty. Give the blank PDF of a form.",
    "foreign": "is no PDF. Save or scan the blank form as PDF.",
    "encrypted": "is locked with a password. Save a copy without it.",
    "truncated": "breaks off before its end. Download or save it again.",
    "damaged": "is damaged. Download or save it again.",
    "no_pages": "has no pages. Give the blank PDF of a form.",
    "oversize": f"is too large, has more than {LIMITS.max_pages} pages, or draws more than any form. "
    "Give the pages of one form alone, printed to PDF anew if need be.",
    "xfa": "is a dynamic form (XFA) that only Adobe Reader shows. Print it to a PDF and give that.",
}


class Undraftable(Exception):
    """Nothing can be proposed for a PDF; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A proposed definition, one proof picture (PNG) for each page, and how many fields were found and not named."""

    toml: str
    proofs: tuple[bytes, ...]
    fields: int
    unnamed: int
    remarks: tuple[str, ...]


def draft(raw: bytes, source: str, code: str, edition: str, today: date, read: WordsOn | None) -> Drafted:
    """Draft form.toml for a blank. ``read`` is asked for the words of scanned sheets, None where there is no engine.

    Raises ``Undraftable``.
    """
    if not raw:
        raise Undraftable(f"{source} {REFUSALS['empty']}")
    try:
        if len(raw) > LIMITS.max_bytes:
            raise Undraftable(f"{source} {REFUSALS['oversize']}")
        drawings = read_drawings(raw, LIMITS)
        fields = form_fields(raw)
        pictures = [render(raw, page, DPI) for page in range(1, len(drawings) + 1)]
    except Unreadable as error:
        raise Undraftable(f"{source} {REFUSALS[error.reason]}") from error
    if fields.xfa and not fields.pages:
        raise Undraftable(f"{source} {REFUSALS['xfa']}")
    remarks: list[str] = []
    try:
        sheets = [
            _sheet(raw, drawing, page, fields, picture, read, remarks)
            for page, (drawing, picture) in enumerate(zip(drawings, pictures, strict=True), 1)
        ]
    except Crowded as error:
        raise Undraftable(f"{source}: {error}. Leave such pages out of the PDF.") from error
    remarks += _sizes(drawings)
    proposal = propose(sheets, remarks)
    found = [field for section in proposal.sections for field in section.fields]
    if not found:
        raise Undraftable(f"{source} shows no line, box or field to write into. Write form.toml by hand.")
    head = Head(code, edition, today, source, hashlib.sha256(raw).hexdigest())
    proofs = tuple(draw_proof(proposal, p, r.picture, r.dpi_x) for p, r in enumerate(pictures, 1))
    unnamed = sum("NONE FOUND" in reason for field in found for reason in field.reasons)
    return Drafted(as_toml(proposal, head), proofs, len(found), unnamed, tuple(remarks))


def _sizes(drawings: Sequence[Drawing]) -> list[str]:
    first = drawings[0]
    odd = [
        str(page)
        for page, d in enumerate(drawings, 1)
        if abs(d.width_mm - first.width_mm) > 1 or abs(d.height_mm - first.height_mm) > 1
    ]
    if not odd:
        return []
    return [f"page {', '.join(odd)} is of another size than page 1: such pages must become a form of their own"]


def _sheet(
    raw: bytes,
    drawing: Drawing,
    page: int,
    fields: FormFields,
    raster: Raster,
    read: WordsOn | None,
    remarks: list[str],
) -> Sheet:
    if not (drawing.scanned or not (drawing.rules or drawing.letters)):
        return find(drawing, page, widget_boxes(raw, page, fields))
    paper = whitened(_at_dpi(raster))
    degrees = crooked(paper)
    level = levelled(paper, degrees) if degrees else paper
    found = find(_seen(drawing, page, level, degrees, read, remarks), page, widget_boxes(raw, page, fields))
    return turned_back(found, degrees) if degrees else found


def _seen(
    drawing: Drawing, page: int, paper: Picture, turned: float, read: WordsOn | None, remarks: list[str]
) -> Drawing:
    """Look at the picture of a sheet that is one, and read its words; it was ``turned`` by so many degrees."""
    ink = ink_of(paper)
    rules = rules_of(ink)
    skew = turned or skew_of(Views(Page("", "", 1, paper, DPI, DPI))).degrees
    if abs(skew) > CROOKED_DEGREES:
        remarks.append(
            f"page {page} was scanned askew by about {abs(skew):.1f} degrees: zones drift along a line. Scan it anew."
        )
    remarks.append(f"page {page} is a picture: its zones and words were seen, not read; look at each of them")
    letters: list[Letter] = []
    if read is None:
        remarks.append(f"page {page}: no engine was there to read its words, so nothing is named")
    else:
        for text, corners in read(without_lines(paper, rules)):
            letters += _letters(text, corners)
    rounds = tuple(rounds_of(ink))
    return replace(drawing, rules=tuple(rules), rounds=rounds, letters=tuple(letters))


def _at_dpi(raster: Raster) -> Picture:
    """Bring a picture to exactly the resolution at which it is looked at."""
    rows, columns = raster.picture.shape
    size = (max(8, round(columns * DPI / raster.dpi_x)), max(8, round(rows * DPI / raster.dpi_y)))
    return np.asarray(cv2.resize(raster.picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _letters(text: str, corners: tuple[int, int, int, int]) -> list[Letter]:
    """Part a word into letters of one width: only where the word stands matters."""
    left, top, right, bottom = (value / DPI * MM_PER_INCH for value in corners)
    if not text or right - left < 0.2 or bottom - top < 0.2:
        return []
    box = Box(left, top, right - left, bottom - top)
    return [*(Letter(sign, part) for sign, part in zip(text, box.split(len(text)), strict=True)), Letter(" ", box)]
