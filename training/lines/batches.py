"""Endless batches of drawn lines, made in a process of their own; the same seed gives the same batches."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from ocr.line_crop import HEIGHT, shaped
from pages.page import Picture
from training.lines.alphabet import CODES
from training.lines.channels import CHANNELS, send
from training.lines.draw import draw_hand, draw_text
from training.lines.fonts import faces
from training.lines.texts import Texts
from training.lines.words import Words

STEP_PX = 4
GRAIN_PX = 32
"""Few widths: for each one the convolutions are compiled anew."""
POOL = 20
WAITING = 24
MOST_PX = 480


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A drawn line at 200 dpi (grey), with its truth, its kind of content and its channel."""

    picture: Picture = field(repr=False)
    text: str
    kind: str
    channel: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A drawn line as the net sees it, with its truth, its kind of content and its channel."""

    picture: npt.NDArray[np.uint8] = field(repr=False)
    text: str
    kind: str
    channel: str


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Lines of about one width: pictures [count, 32, width], steps of each, labels one after another, their lengths."""

    pictures: npt.NDArray[np.uint8] = field(repr=False)
    steps: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]


def typographic(text: str, rng: Random) -> str:
    """Set a text as word processors do: curly apostrophes, the degree sign as a raised o, dashes. It reads the same."""
    if rng.random() < 0.3:
        text = text.replace("'", "’")
    if rng.random() < 0.3:
        text = text.replace("°", "º")
    return text.replace(" - ", " – ") if rng.random() < 0.3 else text


def crops(folder: Path, rng: Random, *, held_out: bool) -> Iterator[Crop]:
    """Draw lines without end, each as the product cuts it out of a sheet."""
    texts, typefaces = Texts(Words(held_out=held_out)), faces(folder, held_out=held_out)
    weights = [weight for weight, _ in CHANNELS.values()]
    while True:
        kind, text = texts.draw(rng)
        channel = rng.choices(list(CHANNELS), weights)[0]
        drawn = draw_text(typographic(text, rng), draw_hand(rng, typefaces, kind), rng)
        yield Crop(send(drawn, channel, rng), text, kind, channel)


def lines(folder: Path, seed: int, *, held_out: bool) -> Iterator[Line]:
    """Draw lines without end, as the net sees them; those that nobody could read are left out."""
    for crop in crops(folder, Random(seed), held_out=held_out):
        picture = shaped(crop.picture)
        if picture is not None and MOST_PX >= picture.shape[1] >= STEP_PX * (_needed(crop.text) + 1):
            yield Line(picture, crop.text, crop.kind, crop.channel)


def _needed(text: str) -> int:
    """Count the steps that a text needs: a blank stands between two equal characters."""
    return len(text) + sum(one == other for one, other in pairwise(text))


def batches(folder: Path, seed: int, size: int) -> Iterator[Batch]:
    """Group lines of like widths, so that little is padded."""
    rng, source = Random(seed + 1), lines(folder, seed, held_out=False)
    while True:
        pool = sorted((next(source) for _ in range(POOL * size)), key=lambda line: line.picture.shape[1])
        groups = [pool[start : start + size] for start in range(0, len(pool), size)]
        rng.shuffle(groups)
        yield from map(batch, groups)


def batch(group: list[Line]) -> Batch:
    """Pad lines with paper to one width."""
    width = -(-max(line.picture.shape[1] for line in group) // GRAIN_PX) * GRAIN_PX
    pictures = np.zeros((len(group), HEIGHT, width), np.uint8)
    for row, line in zip(pictures, group, strict=True):
        row[:, : line.picture.shape[1]] = line.picture
    labels = [[CODES[sign] for sign in line.text] for line in group]
    return Batch(
        pictures,
        np.array([-(-line.picture.shape[1] // STEP_PX) for line in group]),
        np.array([code for label in labels for code in label]),
        np.array([len(label) for label in labels]),
    )


def _fill(queue: "Queue[Batch]", folder: Path, seed: int, size: int) -> None:
    import cv2  # noqa: PLC0415 - the drawing process alone

    cv2.setNumThreads(1)
    for made in batches(folder, seed, size):
        queue.put(made)


def drawn_aside(folder: Path, seed: int, size: int) -> Iterator[Batch]:
    """Yield batches that one other process draws ahead."""
    context = get_context("spawn")
    queue: Queue[Batch] = context.Queue(WAITING)
    maker = context.Process(target=_fill, args=(queue, folder, seed, size), daemon=True)
    maker.start()
    try:
        while True:
            yield queue.get()
    finally:
        maker.terminate()
        maker.join()
