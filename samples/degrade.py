"""Turn clean pages into post: what a scanner and a fax machine do to a sheet.

All pictures are grey, [rows, columns] of 8 bits, 0 = black. Randomness comes only from the given generator.
"""

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from numpy.random import Generator, default_rng

from pages.page import MM_PER_INCH, POINTS_PER_INCH, Picture

Floats = npt.NDArray[np.float32]

FAX_WIDTH_PX = 1728
FAX_DPI_X = 204
FINE_DPI_Y = 196
STANDARD_DPI_Y = 98


@dataclass(frozen=True, slots=True)
class Scan:
    """How a sheet went through a scanner: ``skew`` in degrees, shifts in mm, ``blur`` in pixels, the rest in grey."""

    dpi: int
    skew: float = 0.0
    shift_x: float = 0.0
    shift_y: float = 0.0
    scale: float = 1.0
    paper: int = 246
    ink: int = 28
    shade: float = 3.0
    blur: float = 0.6
    noise: float = 2.0


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


def draw_pages(pdf: bytes, dpi: float) -> list[Picture]:
    """Render every page of a PDF, form values included (grey)."""
    with pdfium.PdfDocument(pdf) as document:
        document.init_forms()
        pictures = []
        for page in document:
            bitmap = page.render(scale=dpi / POINTS_PER_INCH, grayscale=True, may_draw_forms=True)
            pictures.append(np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, bitmap.width)).copy())
            page.close()
        return pictures


def scan_setting(rng: Random, dpi: int, *, skew: float = 3.0) -> Scan:
    """Draw the settings of one scanned sheet; ``skew`` is the largest angle either way."""
    return Scan(
        dpi=dpi,
        skew=rng.uniform(-skew, skew),
        shift_x=rng.uniform(-1.5, 1.5),
        shift_y=rng.uniform(-1.5, 1.5),
        scale=rng.uniform(0.99, 1.01),
        paper=rng.randint(232, 252),
        ink=rng.randint(15, 60),
        shade=rng.uniform(1.0, 6.0),
        blur=rng.uniform(0.35, 0.75) * dpi / 250,
        noise=rng.uniform(1.0, 2.5),
    )


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


def scan(picture: Picture, setting: Scan, seed: int) -> Picture:
    """Scan one clean picture that was drawn at ``setting.dpi``."""
    noise = default_rng(seed)
    turned = _turn(picture, setting.skew, setting.scale, setting.shift_x, setting.shift_y, setting.dpi)
    soft = _floats(cv2.GaussianBlur(turned.astype(np.float32), (0, 0), setting.blur))
    grey = setting.ink + soft / 255 * (setting.paper - setting.ink) + setting.shade * _shadow(noise, turned.shape)
    grain = noise.standard_normal(turned.shape, dtype=np.float32) * setting.noise
    return np.asarray(np.clip(grey + grain, 0, 255), dtype=np.uint8)


def fax(picture: Picture, dpi: float, setting: Fax, seed: int) -> Picture:
    """Fax one clean picture drawn at ``dpi``: 1728 columns of 204 dpi, rows of 196 or 98, only 0 and 255."""
    noise = default_rng(seed)
    turned = _turn(picture, setting.skew, 1.0, setting.shift_x, setting.shift_y, dpi)
    rows = round(turned.shape[0] / dpi * setting.dpi_y)
    columns = round(turned.shape[1] / dpi * FAX_DPI_X)
    small = np.asarray(cv2.resize(turned, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    sheet = _centre(small, FAX_WIDTH_PX)
    black = _dither(sheet) if setting.screen == "dither" else sheet < setting.level
    for _ in range(setting.specks):
        black[noise.integers(rows), noise.integers(FAX_WIDTH_PX)] = True
    return np.where(black, 0, 255).astype(np.uint8)


def bilevel(picture: Picture, level: int = 150) -> Picture:
    """Make a scan of black and white only, as office machines send them."""
    return np.where(picture < level, 0, 255).astype(np.uint8)


def _turn(picture: Picture, degrees: float, scale: float, right_mm: float, down_mm: float, dpi: float) -> Picture:
    rows, columns = picture.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, scale)
    matrix[0, 2] += right_mm / MM_PER_INCH * dpi
    matrix[1, 2] += down_mm / MM_PER_INCH * dpi
    turned = cv2.warpAffine(picture, matrix, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=(255.0,))
    return np.asarray(turned, dtype=np.uint8)


def _shadow(noise: Generator, shape: tuple[int, ...]) -> Floats:
    coarse = noise.standard_normal((5, 4), dtype=np.float32)
    return _floats(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float32)


def _centre(picture: Picture, width: int) -> Picture:
    sheet = np.full((picture.shape[0], width), 255, np.uint8)
    spare = max(0, (width - picture.shape[1]) // 2)
    part = picture[:, :width]
    sheet[:, spare : spare + part.shape[1]] = part
    return sheet


def _dither(picture: Picture) -> npt.NDArray[np.bool_]:
    # Fax machines screen with a fixed matrix (ordered dither); near-white paper is left clean.
    matrix = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], dtype=np.float32)
    rows, columns = picture.shape
    levels = np.tile((matrix + 0.5) * 255 / 16, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    return np.asarray((picture < levels) & (picture < 225), dtype=np.bool_)
