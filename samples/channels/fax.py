"""The fax: 1728 columns of 204 dpi, rows of 196 or 98, black and white; its header, lost and stretched lines."""

from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt
from numpy.random import default_rng
from PIL import Image, ImageDraw, ImageFont

from pages.page import MM_PER_INCH, Picture
from samples.channels.scan import crooked
from samples.channels.trace import Bend, Traced, bent, brought_to, placed
from templates.plane import Points

FAX_WIDTH_PX = 1728
FAX_DPI_X = 204
FINE_DPI_Y = 196
STANDARD_DPI_Y = 98
HEADER_ROWS = 34
"""Height of the sending machine's line in square pixels of 204 dpi."""


@dataclass(frozen=True, slots=True)
class Fax:
    """How a sheet went through a fax machine. ``screen`` is "threshold" or "dither"."""

    fine: bool = True
    screen: str = "threshold"
    skew: float = 0.0
    shift_x: float = 0.0
    shift_y: float = 0.0
    level: int = 150
    specks: int = 30

    @property
    def dpi_y(self) -> int:
        """Rows per inch; columns are always 204."""
        return FINE_DPI_Y if self.fine else STANDARD_DPI_Y


def fax_setting(rng: Random, *, fine: bool = True, screen: str = "threshold") -> Fax:
    """Draw the settings of one faxed sheet."""
    return Fax(
        fine=fine,
        screen=screen,
        skew=rng.uniform(-1.2, 1.2),
        shift_x=rng.uniform(-1.0, 1.0),
        shift_y=rng.uniform(-1.0, 2.0),
        level=rng.randint(130, 175),
        specks=rng.randint(5, 60),
    )


def faxed(sheet: Traced, setting: Fax, seed: int) -> Traced:
    """Fax a sheet: the result has only 0 and 255."""
    noise = default_rng(seed)
    laid = crooked(sheet, setting.skew, 1.0, setting.shift_x, setting.shift_y)
    small = brought_to(laid, FAX_DPI_X, setting.dpi_y)
    rows, columns = small.picture.shape
    line = placed(small, max(0, (FAX_WIDTH_PX - columns) // 2), 0, (FAX_WIDTH_PX, rows))
    black = _dither(line.picture) if setting.screen == "dither" else line.picture < setting.level
    for _ in range(setting.specks):
        black[noise.integers(rows), noise.integers(FAX_WIDTH_PX)] = True
    return line.seen(np.where(black, 0, 255).astype(np.uint8))


def stamped(picture: Picture, text: str, dpi_y: int) -> Picture:
    """Print the sending machine's line over the top margin of a faxed sheet."""
    line = _line(text, picture.shape[1], dpi_y)
    covered = picture.copy()
    covered[: line.shape[0]] = line
    return covered


def headed(sheet: Traced, text: str) -> Traced:
    """Print the sending machine's line above a faxed sheet, which moves down by its height."""
    line = _line(text, sheet.picture.shape[1], round(sheet.dpi[1]))
    rows, columns = sheet.picture.shape
    moved = placed(sheet, 0, line.shape[0], (columns, rows + line.shape[0]))
    picture = moved.picture.copy()
    picture[: line.shape[0]] = line
    return moved.seen(picture)


def header_line(rng: Random) -> str:
    """Draw what a sending machine writes at the top of a sheet."""
    number = f"0{rng.randint(2, 99)} {rng.randint(100_000, 9_999_999)}"
    name = rng.choice(("CARTOLIBRERIA", "CAF", "TABACCHERIA", "UFFICIO", "DA"))
    day = f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/2026 {rng.randint(8, 19):02}:{rng.randint(0, 59):02}"
    return f"{day}   DA: {name}   TEL: {number}   P.{rng.randint(1, 9):02}"


def dropped(sheet: Traced, count: int, seed: int) -> Traced:
    """Spoil lines as a bad connection does: some stay white, some repeat the line above, in short runs."""
    noise = default_rng(seed)
    picture = sheet.picture.copy()
    for _ in range(count):
        start, run = int(noise.integers(1, len(picture) - 8)), int(noise.integers(1, 5))
        picture[start : start + run] = 255 if noise.random() < 0.5 else picture[start - 1]
    return sheet.seen(picture)


def stretched(sheet: Traced, most_mm: float, seed: int) -> Traced:
    """Feed the paper unevenly: rows lie up to ``most_mm`` off their place, more here and less there."""
    return bent(sheet, _feed(most_mm / MM_PER_INCH * sheet.dpi[1], len(sheet.picture), seed))


def _feed(most_px: float, rows: int, seed: int) -> Bend:
    noise = default_rng(seed)
    waves = [(noise.uniform(-1, 1), noise.uniform(0, 2 * np.pi), k) for k in (0.5, 1.0, 1.5, 2.5)]
    weight = most_px / sum(abs(size) for size, _, _ in waves)

    def bend(points: Points) -> Points:
        along = points[:, 1] / rows * 2 * np.pi
        off = sum(size * weight * np.sin(k * along + phase) for size, phase, k in waves)
        return np.column_stack([points[:, 0], points[:, 1] + off])

    return bend


def _line(text: str, width: int, dpi_y: int) -> Picture:
    # Drawn in square pixels, then squeezed to the rows of the fax.
    tall = Image.new("L", (width, HEADER_ROWS), 255)
    ImageDraw.Draw(tall).text((60, 4), text, fill=0, font=ImageFont.load_default(24))
    line = np.asarray(tall.resize((width, round(HEADER_ROWS * dpi_y / FAX_DPI_X))))
    return np.where(line < 128, 0, 255).astype(np.uint8)


def _dither(picture: Picture) -> npt.NDArray[np.bool_]:
    # Fax machines screen with a fixed matrix (ordered dither); near-white paper is left clean.
    matrix = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], dtype=np.float32)
    rows, columns = picture.shape
    levels = np.tile((matrix + 0.5) * 255 / 16, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    return np.asarray((picture < levels) & (picture < 225), dtype=np.bool_)
