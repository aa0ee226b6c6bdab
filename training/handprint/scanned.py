"""What a scanner or a fax machine makes of ink on a canvas, in device pixels; rows of a standard fax are doubled."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pages.page import Picture
from training.handprint.draw import CANVAS_PX, GLYPH_PX, Canvas, Random

Floats = npt.NDArray[np.float32]
MODES = ("grey", "bilevel", "fine", "standard")
SHARES = (0.36, 0.24, 0.20, 0.20)
SMOOTHED = 0.5
"""Share of black and white pictures smoothed as the reader smooths a fax (ocr/zones.py) before it cuts zones."""
FAX_BLUR_PX = 0.8


@dataclass(frozen=True, slots=True)
class Device:
    """``mode`` as above; ``size`` is the larger side of the character in device pixels."""

    mode: str
    size: float


def draw_device(rng: Random, mode: str = "") -> Device:
    """Draw a device: characters of 18 to 44 pixels on scans, 22 to 38 on faxes."""
    mode = mode or str(rng.choice(MODES, p=SHARES))
    low, high = (22, 38) if mode in {"fine", "standard"} else (18, 44)
    return Device(mode, float(rng.uniform(low, high)))


def pictured(canvas: Canvas, device: Device, rng: Random) -> Picture:
    """Take a picture of a canvas: dark on light, square pixels."""
    halved = 0.5 if device.mode == "standard" else 1.0
    scale = device.size / GLYPH_PX
    ink = _shrunk(canvas, scale, scale * halved, rng)
    if rng.random() < 0.6:
        ink = _blurred(ink, rng.uniform(0.3, 1.0), halved)
    if device.mode == "grey":
        return _grey(ink, rng)
    black = _black(ink, rng)
    return _as_read(black, halved, rng)


def _shrunk(canvas: Canvas, across: float, down: float, rng: Random) -> Floats:
    """Shrink by one warp with a random phase; blurred before, so that thin strokes are not lost between rows."""
    soft = cv2.GaussianBlur(canvas, (0, 0), sigmaX=max(0.1, 0.42 / across), sigmaY=max(0.1, 0.42 / down))
    size = (round(CANVAS_PX * across), round(CANVAS_PX * down))
    way = np.array([[across, 0, rng.uniform(-0.5, 0.5)], [0, down, rng.uniform(-0.5, 0.5)]], dtype=np.float32)
    drawn = np.asarray(cv2.warpAffine(soft, way, size, flags=cv2.INTER_LINEAR), dtype=np.float32)
    return np.asarray(drawn / 255, dtype=np.float32)


def _blurred(ink: Floats, sigma: float, halved: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), sigmaX=sigma, sigmaY=sigma * halved), dtype=np.float32)


def _grey(ink: Floats, rng: Random) -> Picture:
    contrast = rng.uniform(0.35, 1)
    paper = rng.uniform(0.75, 1) if contrast < 0.8 else 1.0
    light = np.full(ink.shape, paper, np.float32)
    if rng.random() < 0.3:
        light = light - np.linspace(0, rng.uniform(-0.25, 0.25), ink.shape[1], dtype=np.float32)
    grain = rng.standard_normal(ink.shape, dtype=np.float32) * rng.uniform(0, 0.07) * contrast
    return np.asarray(np.clip((light - contrast * ink * paper + grain) * 255, 0, 255), dtype=np.uint8)


def _black(ink: Floats, rng: Random) -> npt.NDArray[np.bool_]:
    grain = rng.standard_normal(ink.shape, dtype=np.float32) * rng.uniform(0.01, 0.13)
    level = rng.uniform(0.22, 0.6)
    black = np.asarray(ink + grain > level)
    if not black.any():
        black = np.asarray(ink > ink.max() * 0.5)
    dust = rng.random(ink.shape)
    chance = rng.random()
    if chance < 0.15:
        black |= dust < rng.uniform(0.001, 0.02)
    elif chance < 0.27:
        black &= dust > rng.uniform(0.005, 0.06)
    return black


def _as_read(black: npt.NDArray[np.bool_], halved: float, rng: Random) -> Picture:
    """Bring rows to square pixels: doubled as they are, or smoothed and drawn anew as the reader of sheets does."""
    picture = np.where(black, 0, 255).astype(np.uint8)
    if rng.random() >= SMOOTHED:
        return np.repeat(picture, 2, axis=0) if halved < 1 else picture
    soft = cv2.GaussianBlur(picture, (0, 0), FAX_BLUR_PX, sigmaY=FAX_BLUR_PX * halved)
    rows, columns = picture.shape
    return np.asarray(cv2.resize(soft, (columns, round(rows / halved)), interpolation=cv2.INTER_LINEAR), np.uint8)
