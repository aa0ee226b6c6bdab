"""The phone: a sheet on a table, seen from not quite above, bowed and curled, in uneven light with a shadow on it."""

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.random import Generator, default_rng

from pages.page import MM_PER_INCH
from samples.channels.scan import compressed, floats
from samples.channels.trace import Bend, Floats, Traced, bent, sources
from templates.plane import Homography, Points, apply, scale_to, shifted, turned

CURL_MM = 1.8
"""14 pixels of 200 dpi."""


@dataclass(frozen=True, slots=True)
class Photo:
    """How a sheet was photographed.

    ``fill`` is the share of the frame that the sheet takes up, ``pitch``, ``yaw`` and ``turn`` are degrees,
    ``distance`` is the camera's from the sheet in mm; ``curl`` is how far points are off in the sheet's plane and
    ``bow`` how high its middle or edge stands off the table, both in mm.
    """

    width: int = 3024
    height: int = 4032
    fill: float = 0.9
    pitch: float = 0.0
    yaw: float = 0.0
    turn: float = 0.0
    distance: float = 420.0
    curl: float = 0.0
    bow: float = 0.0
    light: float = 0.2
    shadow: float = 0.25
    blur: float = 1.0
    noise: float = 3.0
    table: int = 110
    quality: int = 85


def photo_setting(rng: Random, *, curl: float = 0.0, bow: float = 0.0, tilt: float = 9.0) -> Photo:
    """Draw the settings of one photo; ``curl`` and ``bow`` (mm) and ``tilt`` (degrees) are the most that may come."""
    return Photo(
        fill=rng.uniform(0.82, 0.97),
        pitch=rng.uniform(-tilt, tilt),
        yaw=rng.uniform(-tilt, tilt),
        turn=rng.uniform(-5.0, 5.0),
        distance=rng.uniform(350.0, 500.0),
        curl=rng.uniform(0.3, 1.0) * curl,
        bow=rng.uniform(-1.0, 1.0) * bow,
        light=rng.uniform(0.05, 0.4),
        shadow=rng.uniform(0.0, 0.4),
        blur=rng.uniform(0.5, 1.5),
        noise=rng.uniform(1.5, 5.0),
        table=rng.randint(25, 200),
        quality=rng.randint(70, 92),
    )


def photographed(sheet: Traced, setting: Photo, seed: int) -> Traced:
    """Take a photo of a sheet; a phone states no resolution, so that ``dpi`` is only about right."""
    noise = default_rng(seed)
    size = (setting.width, setting.height)
    bend, near = _view(sheet, setting, noise)
    seen = bent(sheet, bend, size, near)
    across, down = sources(bend, size, near)
    paper = np.full(sheet.picture.shape, 255, np.uint8)
    mask = floats(floats(cv2.remap(paper, across, down, cv2.INTER_LINEAR, borderValue=(0.0,))) / 255)
    light = _light(setting, noise)
    grey = mask * (30 + seen.picture * (205 / 255)) + (1 - mask) * _table(setting, noise) * _edge_shadow(mask)
    soft = floats(cv2.GaussianBlur(grey * light, (0, 0), setting.blur))
    grain = noise.standard_normal(soft.shape, dtype=np.float32) * setting.noise
    picture = np.clip(soft + grain, 0, 255).astype(np.uint8)
    dpi = setting.width * setting.fill / 210 * MM_PER_INCH
    return compressed(Traced(picture, (dpi, dpi), seen.way), setting.quality)


def _view(sheet: Traced, setting: Photo, noise: Generator) -> tuple[Bend, Homography]:
    """Answer where the camera sees each pixel of the sheet's picture, and the same for a sheet that lies flat."""
    rows, columns = sheet.picture.shape
    size_mm = columns / sheet.dpi[0] * MM_PER_INCH, rows / sheet.dpi[1] * MM_PER_INCH
    to_mm = np.asarray(np.linalg.inv(scale_to(*sheet.dpi)), dtype=np.float64)
    lens, turn = _camera(setting, size_mm)
    curl = _curl(setting.curl, size_mm, noise)
    phase, lean = noise.uniform(0, np.pi), noise.uniform(0, np.pi)

    def height(mm: Points) -> Points:
        along = (mm[:, 0] * np.cos(lean) + mm[:, 1] * np.sin(lean)) / max(size_mm)
        return np.asarray(setting.bow * np.sin(np.pi * along + phase), dtype=np.float64)

    def bend(points: Points) -> Points:
        mm = apply(to_mm, points)
        raised = np.column_stack([curl(mm), height(mm), np.ones(len(mm))])
        seen = raised @ (lens @ turn).T
        return np.asarray(seen[:, :2] / seen[:, 2:], dtype=np.float64)

    flat = (lens @ turn)[:, [0, 1, 3]]
    return bend, np.asarray(flat @ to_mm, dtype=np.float64)


def _camera(setting: Photo, size_mm: tuple[float, float]) -> tuple[Homography, Homography]:
    """Answer the lens (3 x 3) and the camera's place (3 x 4: turn and shift) that keep the whole sheet in the frame."""
    p, y = np.radians(setting.pitch), np.radians(setting.yaw)
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    turn = about_x @ about_y @ turned(setting.turn)
    middle = np.array([size_mm[0] / 2, size_mm[1] / 2, 0.0])
    place = np.column_stack([turn, np.array([0.0, 0.0, setting.distance]) - turn @ middle])
    corners = np.array([[x, y, 0, 1] for x in (0, size_mm[0]) for y in (0, size_mm[1])], dtype=np.float64)
    seen = corners @ place.T
    flat = seen[:, :2] / seen[:, 2:]
    low, high = flat.min(axis=0), flat.max(axis=0)
    focal = setting.fill * float(np.min(np.array([setting.width, setting.height]) / (high - low)))
    off = np.array([setting.width, setting.height]) / 2 - focal * (low + high) / 2
    lens = np.asarray(shifted(*off.tolist()) @ np.diag([focal, focal, 1.0]), dtype=np.float64)
    return lens, place


def _curl(most_mm: float, size_mm: tuple[float, float], noise: Generator) -> Bend:
    """Give a bend within the sheet's plane of which no point moves further than ``most_mm``."""
    phases = noise.uniform(0, 2 * np.pi, 4)
    share = noise.uniform(0.3, 1.0, 2) * most_mm / np.sqrt(2)

    def bend(mm: Points) -> Points:
        u, v = mm[:, 0] / size_mm[0] * np.pi, mm[:, 1] / size_mm[1] * np.pi
        dx = share[0] * np.sin(v + phases[0]) * np.cos(u / 2 + phases[1])
        dy = share[1] * np.sin(u + phases[2]) * np.cos(v / 2 + phases[3])
        return np.asarray(mm + np.column_stack([dx, dy]), dtype=np.float64)

    return bend


def _light(setting: Photo, noise: Generator) -> Floats:
    """Draw a lamp from one side, and the soft shadow of a hand or phone over a part of the picture."""
    rows, columns = setting.height // 16, setting.width // 16
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    side = noise.uniform(0, 2 * np.pi)
    slope = (x / columns - 0.5) * np.cos(side) + (y / rows - 0.5) * np.sin(side)
    lamp = 1.05 - setting.light * (slope + 0.5)
    centre = noise.uniform(0, 1, 2) * (columns, rows)
    hand = np.zeros((rows, columns), np.float32)
    axes = (int(noise.uniform(0.2, 0.6) * columns), int(noise.uniform(0.1, 0.4) * rows))
    cv2.ellipse(hand, (int(centre[0]), int(centre[1])), axes, float(noise.uniform(0, 180)), 0, 360, (1.0,), -1)
    hand = floats(cv2.GaussianBlur(hand, (0, 0), float(noise.uniform(3, 14))))
    return floats(cv2.resize(lamp * (1 - setting.shadow * hand), (setting.width, setting.height)))


def _table(setting: Photo, noise: Generator) -> Floats:
    """Draw a table of this grey with a grain of wood."""
    size = (setting.width, setting.height)
    grain = floats(cv2.resize(noise.standard_normal((220, 14), dtype=np.float32), size, interpolation=cv2.INTER_CUBIC))
    shade = floats(cv2.resize(noise.standard_normal((5, 4), dtype=np.float32), size, interpolation=cv2.INTER_CUBIC))
    return floats(np.clip(setting.table + 7 * grain + 8 * shade, 0, 255))


def _edge_shadow(mask: Floats) -> Floats:
    small = cv2.resize(mask, (mask.shape[1] // 16, mask.shape[0] // 16), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 2.0)
    return floats(cv2.resize(1 - 0.35 * floats(soft), mask.shape[::-1]))
