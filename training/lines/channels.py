"""What a machine does to a drawn line: scanner, copier, fax, camera; then the crop as the product cuts it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
from numpy.random import Generator, default_rng

from pages.page import Picture
from training.lines.draw import DPI

CROP_DPI = 200
FAX_BLUR_PX = 0.8
"""As ``ocr.zones`` smooths the dots of a fax; repeated here so that training needs no template."""
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Device:
    """The grid of a machine in dots per inch, and whether it knows only black and white."""

    dpi_x: float
    dpi_y: float
    bilevel: bool = False


def scanned(drawn: Picture, rng: Random, noise: Generator) -> Picture:
    """Scan in grey at 150 to 400 dpi."""
    device = Device(dpi := rng.choice((150, 200, 200, 200, 240, 300, 300, 400)), dpi)
    grid = _on_grid(drawn, device, rng, blur=rng.uniform(0.3, 0.8))
    grey = _toned(grid, rng, noise, paper=(215, 254), ink=(0, 110), grain=(0.5, 7))
    return _cropped(_jpeg(grey, rng), device, rng)


def bilevel(drawn: Picture, rng: Random, noise: Generator) -> Picture:
    """Scan in black and white."""
    device = Device(dpi := rng.choice((200, 200, 300)), dpi, bilevel=True)
    grid = _on_grid(drawn, device, rng, blur=rng.uniform(0.3, 0.9))
    return _cropped(_threshold(grid, rng, noise, (90, 205), 12), device, rng)


def copied(drawn: Picture, rng: Random, noise: Generator) -> Picture:
    """Copy one to three times, stretching contrast each time, then scan in grey."""
    device = Device(dpi := rng.choice((200, 200, 300)), dpi)
    grid = _on_grid(drawn, device, rng, blur=rng.uniform(0.4, 0.9))
    for _ in range(rng.randint(1, 3)):
        soft = cv2.GaussianBlur(grid, (0, 0), rng.uniform(0.3, 0.8)) + noise.standard_normal(
            grid.shape, np.float32
        ) * rng.uniform(3, 18)
        middle, steep = rng.uniform(95, 190), rng.uniform(1.2, 3.0)
        grid = np.clip((soft - middle) * steep + middle, 0, 255).astype(np.float32)
    grid = _specked(grid, rng, noise, most=25)
    grey = _toned(grid, rng, noise, paper=(190, 252), ink=(10, 120), grain=(1, 8))
    return _cropped(_jpeg(grey, rng), device, rng)


def fine_fax(drawn: Picture, rng: Random, noise: Generator) -> Picture:
    """Fax at 204 x 196 dots per inch."""
    return _faxed(drawn, Device(204, 196, bilevel=True), rng, noise)


def standard_fax(drawn: Picture, rng: Random, noise: Generator) -> Picture:
    """Fax at 204 x 98 dots per inch."""
    return _faxed(drawn, Device(204, 98, bilevel=True), rng, noise)


def photographed(drawn: Picture, rng: Random, noise: Generator) -> Picture:
    """Photograph at 130 to 300 dots per inch: out of focus or shaken, in uneven light."""
    device = Device(dpi := rng.uniform(130, 300), dpi)
    grid = _on_grid(drawn, device, rng, blur=rng.uniform(0.5, 1.3) * max(1.0, dpi / 200))
    if rng.random() < 0.3:
        length = rng.choice((2, 3, 4))
        shake = np.ones((1, length) if rng.random() < 0.5 else (length, 1), np.float32) / length
        grid = np.asarray(cv2.filter2D(grid, -1, shake), dtype=np.float32)
    grey = _toned(grid, rng, noise, paper=(110, 235), ink=(10, 90), grain=(1, 9), shade=45)
    return _cropped(_jpeg(grey, rng, 0.8), device, rng)


def printed(drawn: Picture, rng: Random, noise: Generator) -> Picture:
    """Leave it as it was drawn into the PDF."""
    device = Device(dpi := rng.choice((200, 300)), dpi)
    grid = _on_grid(drawn, device, rng, blur=0.2)
    return _cropped(
        np.asarray(np.clip(grid + noise.standard_normal(grid.shape, np.float32) * 0.3, 0, 255), np.uint8), device, rng
    )


CHANNELS: dict[str, tuple[int, Callable[[Picture, Random, Generator], Picture]]] = {
    "scan": (22, scanned),
    "bilevel": (10, bilevel),
    "copy": (13, copied),
    "fine": (20, fine_fax),
    "standard": (20, standard_fax),
    "photo": (11, photographed),
    "print": (4, printed),
}
"""Channel -> (weight in training, the machine)."""


def send(drawn: Picture, channel: str, rng: Random) -> Picture:
    """Send a drawn line through a channel and cut it out as the product does."""
    return CHANNELS[channel][1](drawn, rng, default_rng(rng.getrandbits(32)))


def _on_grid(drawn: Picture, device: Device, rng: Random, *, blur: float) -> Floats:
    """Bring 400 dpi to the machine's grid: skewed by up to a degree, at any phase, thickened or thinned, blurred."""
    if rng.random() < 0.25:
        kernel = np.ones(rng.choice(((2, 2), (3, 3), (2, 3), (3, 2))), np.uint8)
        thicker = rng.random() < 0.65
        drawn = np.asarray(
            cv2.erode(drawn, kernel) if thicker else cv2.dilate(drawn, np.ones((2, 2), np.uint8)), np.uint8
        )
    sx, sy = device.dpi_x / DPI, device.dpi_y / DPI
    # Each dot sees an area of its own size: half a dot of blur before sampling, besides the machine's own.
    soft = cv2.GaussianBlur(drawn, (0, 0), np.hypot(0.4, blur * 0.7) / sx, sigmaY=np.hypot(0.4, blur * 0.7) / sy)
    angle = np.radians(rng.gauss(0, 0.35) if rng.random() < 0.8 else rng.uniform(-1.1, 1.1))
    stretch = rng.uniform(0.95, 1.05)
    rows, columns = drawn.shape
    slope = float(np.tan(angle))
    way = np.array(
        [[sx * stretch, 0.0, rng.random()], [-slope * sy * stretch, sy, rng.random() + max(0.0, slope) * columns * sy]]
    )
    size = (int(columns * sx * stretch) + 2, int(rows * sy + abs(slope) * columns * sy * stretch) + 2)
    return np.asarray(cv2.warpAffine(soft, way, size, flags=cv2.INTER_LINEAR, borderValue=(255.0,)), dtype=np.float32)


def _toned(
    grid: Floats,
    rng: Random,
    noise: Generator,
    *,
    paper: tuple[int, int],
    ink: tuple[int, int],
    grain: tuple[float, float],
    shade: float = 12,
) -> Picture:
    white, black = rng.uniform(*paper), rng.uniform(*ink)
    black = min(black, white - 50)
    tone = black + grid / 255 * (white - black)
    if rng.random() < 0.6:
        slope = noise.standard_normal((2, 3), dtype=np.float32) * rng.uniform(0, shade)
        tone = tone + cv2.resize(slope, (grid.shape[1], grid.shape[0]), interpolation=cv2.INTER_LINEAR)
    tone = tone + noise.standard_normal(grid.shape, dtype=np.float32) * rng.uniform(*grain)
    return np.asarray(np.clip(tone, 0, 255), dtype=np.uint8)


def _jpeg(grey: Picture, rng: Random, often: float = 0.55) -> Picture:
    if rng.random() > often:
        return grey
    _, code = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 92)])
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _threshold(grid: Floats, rng: Random, noise: Generator, level: tuple[int, int], grain: float) -> Picture:
    rough = grid + noise.standard_normal(grid.shape, dtype=np.float32) * rng.uniform(0, grain)
    return np.asarray(np.where(rough < rng.uniform(*level), 0, 255), dtype=np.uint8)


def _faxed(drawn: Picture, device: Device, rng: Random, noise: Generator) -> Picture:
    grid = _on_grid(drawn, device, rng, blur=rng.uniform(0.2, 0.8))
    picture_mode = rng.random() < 0.12
    sheet = _screened(grid, rng) if picture_mode else _threshold(grid, rng, noise, (95, 200), 25)
    sheet = _specked(sheet.astype(np.float32), rng, noise, most=8).astype(np.uint8)
    if rng.random() < 0.12:
        sheet = _torn(sheet, rng)
    return _cropped(sheet, device, rng)


def _screened(grid: Floats, rng: Random) -> Picture:
    """Screen by a fixed matrix as fax machines do in picture mode: pale ink falls apart into dots."""
    matrix = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], dtype=np.float32)
    if rng.random() < 0.5:
        matrix = np.roll(matrix, (rng.randrange(4), rng.randrange(4)), axis=(0, 1))
    rows, columns = grid.shape
    black = rng.uniform(0, 90)
    tone = black + grid / 255 * (rng.uniform(235, 255) - black)
    levels = np.tile((matrix + 0.5) * 255 / 16, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    return np.asarray(np.where((tone < levels) & (tone < 225), 0, 255), dtype=np.uint8)


def _specked(grid: Floats, rng: Random, noise: Generator, *, most: int) -> Floats:
    if rng.random() < 0.5:
        return grid
    grid = grid.copy()
    rows, columns = grid.shape
    for _ in range(rng.randint(1, most)):
        y, x = int(noise.integers(rows)), int(noise.integers(columns))
        size = rng.choice((1, 1, 1, 2))
        grid[y : y + size, x : x + size] = 0 if rng.random() < 0.7 else 255
    return grid


def _torn(sheet: Picture, rng: Random) -> Picture:
    """Lose or repeat a row, as a fax does after an error on the line; or shift everything below it by a dot or two."""
    row = rng.randrange(sheet.shape[0])
    if rng.random() < 0.5:
        return np.asarray(
            np.delete(sheet, row, axis=0) if rng.random() < 0.5 else np.insert(sheet, row, sheet[row], axis=0)
        )
    sheet = sheet.copy()
    sheet[row] = np.roll(sheet[row], rng.randint(-6, 6))
    return sheet


def _cropped(sheet: Picture, device: Device, rng: Random) -> Picture:
    """Smooth the dots of a black and white sheet, and draw the zone at 200 dpi with what a form leaves at its edges."""
    if device.bilevel:
        upright = FAX_BLUR_PX * min(1.0, device.dpi_y / device.dpi_x)
        sheet = np.asarray(cv2.GaussianBlur(sheet, (0, 0), FAX_BLUR_PX, sigmaY=upright), dtype=np.uint8)
    sx, sy = CROP_DPI / device.dpi_x, CROP_DPI / device.dpi_y
    rows, columns = round(sheet.shape[0] * sy), round(sheet.shape[1] * sx)
    room = [rng.randint(-14, 14) for _ in range(4)]
    size = (max(24, columns + room[0] + room[1]), max(24, rows + min(room[2], 6) + min(room[3], 6)))
    way = np.array([[sx, 0.0, room[0] + rng.random() - 0.5], [0.0, sy, min(room[2], 6) + rng.random() - 0.5]])
    paper = float(np.median(sheet))
    crop = np.asarray(cv2.warpAffine(sheet, way, size, flags=cv2.INTER_LINEAR, borderValue=(paper,)), dtype=np.uint8)
    return _remnants(crop, rng, int(paper)) if rng.random() < 0.18 else crop


def _remnants(crop: Picture, rng: Random, paper: int) -> Picture:
    """Leave pieces of the box's border at the edges, or a printed guide line below the text."""
    crop = crop.copy()
    rows, columns = crop.shape
    shade = int(paper * rng.uniform(0.1, 0.8))
    for _ in range(rng.randint(1, 2)):
        thick, place = rng.randint(1, 2), rng.randint(0, 2)
        start = rng.randrange(columns)
        stop = columns if rng.random() < 0.5 else min(columns, start + rng.randint(10, 120))
        side = rng.randrange(4)
        if side == 0:
            crop[place : place + thick, start:stop] = shade
        elif side == 1:
            crop[rows - place - thick : rows - place, start:stop] = shade
        elif side == 2:
            crop[:, place : place + thick] = np.minimum(crop[:, place : place + thick], shade)
        else:
            crop[:, columns - place - thick : columns - place] = shade
    return crop
