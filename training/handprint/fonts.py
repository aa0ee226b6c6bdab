"""Glyphs of free handwriting fonts (npm ``@fontsource/*`` 5.3.0), as canvases."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from training.handprint.draw import CANVAS_PX, GLYPH_PX, Canvas

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGNS = "&%@#*+=?$"
"""Signs that are no character of a code: they teach the net what to reject."""
WEIGHTS = ("300", "400", "700")
DRAWN_PT = 160


def glyphs(folder: Path) -> Iterator[tuple[str, str, Canvas]]:
    """Draw every character and sign of every font below a folder: (font, character, canvas)."""
    for file in sorted(folder.glob("**/@fontsource/*/files/*-latin-*-normal.woff2")):
        name, _, rest = file.stem.rpartition("-latin-")
        if rest.split("-")[0] in WEIGHTS:
            font, known = _load(file)
            for character in CHARACTERS + SIGNS:
                if ord(character) in known and (drawn := _draw(font, character)) is not None:
                    yield f"{name}-{rest}", character, drawn


def _load(file: Path) -> tuple[ImageFont.FreeTypeFont, frozenset[int]]:
    packed = TTFont(file)
    known = frozenset(packed.getBestCmap())
    packed.flavor = None
    plain = BytesIO()
    packed.save(plain)
    plain.seek(0)
    return ImageFont.truetype(plain, DRAWN_PT), known


def _draw(font: ImageFont.FreeTypeFont, character: str) -> Canvas | None:
    """Draw one character with its larger side 64 pixels, in the middle; None for a glyph without ink."""
    left, top, right, bottom = font.getbbox(character)
    if right <= left or bottom <= top:
        return None
    large = Image.new("L", (int(right - left) + 20, int(bottom - top) + 20))
    ImageDraw.Draw(large).text((10 - left, 10 - top), character, fill=255, font=font)
    box = large.getbbox()
    if box is None:
        return None
    part = large.crop(box)
    scale = GLYPH_PX / max(part.size)
    small = part.resize((max(1, round(part.width * scale)), max(1, round(part.height * scale))), Image.Resampling.BOX)
    canvas = Image.new("L", (CANVAS_PX, CANVAS_PX))
    canvas.paste(small, ((CANVAS_PX - small.width) // 2, (CANVAS_PX - small.height) // 2))
    return np.asarray(canvas, dtype=np.uint8)
