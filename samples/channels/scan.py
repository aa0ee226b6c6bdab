"""The scanner: a sheet laid on the glass a little crooked, its shades, blur, grain and JPEG."""

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.random import Generator, default_rng

from pages.page import MM_PER_INCH, Picture
from samples.channels.trace import Floats, Traced, straight


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


def scanned(sheet: Traced, setting: Scan, seed: int) -> Traced:
    """Scan a sheet whose picture has the scanner's own resolution."""
    noise = default_rng(seed)
    laid = crooked(sheet, setting.skew, setting.scale, setting.shift_x, setting.shift_y)
    soft = floats(cv2.GaussianBlur(laid.picture.astype(np.float32), (0, 0), setting.blur))
    grey = setting.ink + soft / 255 * (setting.paper - setting.ink) + setting.shade * shadow(noise, soft.shape)
    grain = noise.standard_normal(soft.shape, dtype=np.float32) * setting.noise
    return laid.seen(np.asarray(np.clip(grey + grain, 0, 255), dtype=np.uint8))


def bilevel(picture: Picture, level: int = 150) -> Picture:
    """Make a scan of black and white only, as office machines send them."""
    return np.where(picture < level, 0, 255).astype(np.uint8)


def compressed(sheet: Traced, quality: int) -> Traced:
    """Send a picture through JPEG and back."""
    _, coded = cv2.imencode(".jpg", sheet.picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return sheet.seen(np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8))


def crooked(sheet: Traced, degrees: float, scale: float, right_mm: float, down_mm: float) -> Traced:
    """Turn (counter-clockwise), enlarge and shift a sheet on a glass of the same size; what hangs over is lost."""
    rows, columns = sheet.picture.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, scale)
    matrix[0, 2] += right_mm / MM_PER_INCH * sheet.dpi[0]
    matrix[1, 2] += down_mm / MM_PER_INCH * sheet.dpi[1]
    turned = cv2.warpAffine(sheet.picture, matrix, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=(255.0,))
    way = sheet.way.then(straight(np.vstack([matrix, [0.0, 0.0, 1.0]])))
    return Traced(np.asarray(turned, dtype=np.uint8), sheet.dpi, way)


def shadow(noise: Generator, shape: tuple[int, ...]) -> Floats:
    """Draw a shade that changes slowly over the sheet, about -2 to 2."""
    coarse = noise.standard_normal((5, 4), dtype=np.float32)
    return floats(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))


def floats(values: object) -> Floats:
    """Take what OpenCV answers as single floats."""
    return np.asarray(values, dtype=np.float32)
