"""Draw a text as type on white paper: a line, or characters cut from their cells and set side by side."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pages.page import POINTS_PER_INCH, Picture

DPI = 400
"""Type is drawn finer than any machine scans, and then brought to the machine's own grid."""
EDGE_PX = 40


@dataclass(frozen=True, slots=True)
class Hand:
    """How a text is typed: face, size and extra room between characters in points, and whether in cells."""

    face: Path
    size: float
    spacing: float = 0.0
    cells: bool = False


def draw_hand(rng: Random, faces: list[Path], kind: str) -> Hand:
    """Draw a face, a size of 6.5 to 12.5 points and the way of setting; codes often stand in cells."""
    coded = kind in {"tax_code", "pod", "digits", "iban", "date", "name", "noise", "town"}
    way = rng.random()
    spacing = 0.0
    if way > 0.94:
        spacing = rng.uniform(0.3, 4.0)
    elif way > 0.88:
        spacing = rng.uniform(-0.4, 0.3)
    return Hand(rng.choice(faces), rng.uniform(6.5, 12.5), spacing, cells=coded and way < 0.3)


@lru_cache(maxsize=512)
def _font(face: Path, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face), pixels, layout_engine=ImageFont.Layout.BASIC)


def draw_text(text: str, hand: Hand, rng: Random) -> Picture:
    """Draw a text in black on white at 400 dpi, with white around it."""
    font = _font(hand.face, round(hand.size / POINTS_PER_INCH * DPI))
    if hand.cells:
        return _in_cells(text, font, rng)
    if hand.spacing:
        return _spaced(text, font, hand.spacing / POINTS_PER_INCH * DPI)
    left, top, right, bottom = font.getbbox(text, anchor="ls")
    sheet = _paper(right - left, bottom - top)
    ImageDraw.Draw(sheet).text((EDGE_PX - left, EDGE_PX - top), text, fill=0, font=font, anchor="ls")
    return np.asarray(sheet)


def _paper(width: float, height: float) -> Image.Image:
    return Image.new("L", (int(width) + 2 * EDGE_PX, int(height) + 2 * EDGE_PX), 255)


def _spaced(text: str, font: ImageFont.FreeTypeFont, spacing: float) -> Picture:
    _, top, _, bottom = font.getbbox(text, anchor="ls")
    advances = [max(1.0, font.getlength(sign) + spacing) for sign in text]
    sheet = _paper(sum(advances) + 20, bottom - top)
    pen, x = ImageDraw.Draw(sheet), float(EDGE_PX)
    for sign, advance in zip(text, advances, strict=True):
        pen.text((round(x), EDGE_PX - top), sign, fill=0, font=font, anchor="ls")
        x += advance
    return np.asarray(sheet)


def _in_cells(text: str, font: ImageFont.FreeTypeFont, rng: Random) -> Picture:
    """Set characters with a gap of about 6 pixels at 200 dpi between their inks, as cells are joined."""
    boxes = [font.getbbox(sign, anchor="ls") for sign in text]
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    gap = rng.uniform(8, 18)
    room = font.getlength(" ") * rng.uniform(0.8, 2)
    widths = [room if sign == " " else box[2] - box[0] + gap for sign, box in zip(text, boxes, strict=True)]
    sheet = _paper(sum(widths), bottom - top + 12)
    pen, x = ImageDraw.Draw(sheet), float(EDGE_PX)
    for sign, box, width in zip(text, boxes, widths, strict=True):
        lift = rng.uniform(-3, 3)
        pen.text((round(x - box[0]), round(EDGE_PX - top + 6 + lift)), sign, fill=0, font=font, anchor="ls")
        x += width
    return np.asarray(sheet)
