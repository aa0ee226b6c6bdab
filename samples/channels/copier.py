"""The photocopier: each generation is a little off, harder in contrast, with bled print and more dirt."""

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.random import Generator, default_rng

from samples.channels.scan import crooked, floats, shadow
from samples.channels.trace import Floats, Traced


@dataclass(frozen=True, slots=True)
class Copier:
    """How one copy was made.

    ``scale``, ``skew`` (degrees) and shifts (mm) move the sheet; ``level`` (grey) is where print ends and paper
    begins, so that a high one makes print bleed; ``contrast`` is the steepness there; ``dirt`` counts specks.
    """

    skew: float = 0.3
    scale: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0
    level: float = 150.0
    contrast: float = 2.5
    blur_mm: float = 0.06
    dirt: int = 150
    streaks: int = 1


def copier_setting(rng: Random) -> Copier:
    """Draw the settings of one copy."""
    return Copier(
        skew=rng.uniform(-0.7, 0.7),
        scale=rng.uniform(0.985, 1.015),
        shift_x=rng.uniform(-1.5, 1.5),
        shift_y=rng.uniform(-1.5, 1.5),
        level=rng.uniform(125, 185),
        contrast=rng.uniform(1.8, 4.0),
        blur_mm=rng.uniform(0.04, 0.09),
        dirt=rng.randint(40, 400),
        streaks=rng.randint(0, 2),
    )


def copied(sheet: Traced, setting: Copier, seed: int) -> Traced:
    """Copy a sheet once."""
    noise = default_rng(seed)
    laid = crooked(sheet, setting.skew, setting.scale, setting.shift_x, setting.shift_y)
    per_mm = sheet.dpi[0] / 25.4
    soft = floats(cv2.GaussianBlur(laid.picture.astype(np.float32), (0, 0), setting.blur_mm * per_mm))
    soft = soft + 6 * shadow(noise, soft.shape) + noise.standard_normal(soft.shape, dtype=np.float32) * 6
    hard = 255 / (1 + np.exp(-(soft - setting.level) / 255 * 4 * setting.contrast))
    drawn = np.minimum(hard, _dirt(setting, noise, hard.shape, per_mm))
    return laid.seen(np.clip(drawn, 0, 250).astype(np.uint8))


def _dirt(setting: Copier, noise: Generator, shape: tuple[int, ...], per_mm: float) -> Floats:
    """Draw specks, streaks along the feed and the dark rim of a copy."""
    rows, columns = shape
    layer = np.full((rows, columns), 255, np.uint8)
    for _ in range(setting.dirt):
        centre = int(noise.integers(columns)), int(noise.integers(rows))
        cv2.circle(layer, centre, max(0, int(noise.exponential(0.15) * per_mm)), (float(noise.integers(0, 140)),), -1)
    for _ in range(setting.streaks):
        x = int(noise.integers(columns))
        width = max(1, int(noise.uniform(0.05, 0.25) * per_mm))
        layer[:, x : x + width] = np.minimum(layer[:, x : x + width], int(noise.integers(90, 200)))
    rim = int(noise.uniform(0, 4) * per_mm)
    if rim:
        layer[:, :rim] = np.minimum(layer[:, :rim], int(noise.integers(40, 180)))
    return floats(cv2.GaussianBlur(layer, (0, 0), 0.6))
