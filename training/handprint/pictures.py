"""Make the pictures to train and to judge on: [n, 32, 32] of 8 bits with their classes, from seeds alone."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import cv2
import numpy as np
import numpy.typing as npt

from ocr.normalise import normalise
from training.handprint.draw import Canvas, Random, bend_glyph, bent, draw_strokes, pen_width
from training.handprint.fonts import CHARACTERS, SIGNS
from training.handprint.remnants import with_remnants
from training.handprint.scanned import draw_device, pictured
from training.handprint.spoiled import KINDS, NOT_STRUCK
from training.handprint.strokes import Sample, weights

CLASSES = CHARACTERS
REJECT = len(CLASSES)
CHUNK = 2000
TARGET_PX = (20.0, 27.0)
SHIFT_PX = 0.03 * 24

Glyphs = Sequence[tuple[str, str, Canvas]]
_SOURCES: list[tuple[list[Sample], list[tuple[str, str, Canvas]]]] = []


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures [n, 32, 32], ink 255 on 0, and their classes [n] (0-35 the characters, 36 reject)."""

    ink: npt.NDArray[np.uint8]
    label: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many pictures of each source."""

    strokes: int = 340_000
    glyphs: int = 60_000
    spoiled: int = 40_000


def for_training(samples: Sequence[Sample], glyphs: Glyphs, amounts: Amounts, seed: int, workers: int) -> Pictures:
    """Draw the training pictures; chunks have seeds of their own, so the number of workers changes nothing."""
    jobs = [("strokes", n) for n in _chunks(amounts.strokes)]
    jobs += [("glyphs", n) for n in _chunks(amounts.glyphs)]
    jobs += [("spoiled", n) for n in _chunks(amounts.spoiled)]
    # Forked workers inherit the sources; pickling them into every task took longer than the drawing.
    _SOURCES[:] = [(list(samples), list(glyphs))]
    with ProcessPoolExecutor(workers, get_context("fork"), initializer=_one_thread) as pool:
        parts = list(pool.map(partial(_chunk, seed=seed), range(len(jobs)), jobs))
    return Pictures(np.concatenate([p.ink for p in parts]), np.concatenate([p.label for p in parts]))


def for_judging(samples: Sequence[Sample], mode: str, seed: int, *, each: int = 1) -> Pictures:
    """Draw every sample ``each`` times through one kind of device, without remnants or deformation of the writing."""
    rng = np.random.default_rng([seed, 99])
    drawn = ((s.label, _scan(draw_strokes(s.strokes, pen_width(rng)), rng, mode)) for s in samples for _ in range(each))
    return _packed([(normalise(picture), CLASSES.index(label)) for label, picture in drawn])


def for_rejecting(samples: Sequence[Sample], kind: str, count: int, seed: int) -> Pictures:
    """Draw spoiled cells of one kind."""
    rng = np.random.default_rng([seed, 98])
    return _packed([(normalise(_scan(_spoil(samples, kind, rng), rng, "")), REJECT) for _ in range(count)])


def _packed(pairs: Sequence[tuple[npt.NDArray[np.uint8] | None, int]]) -> Pictures:
    kept = [(picture, label) for picture, label in pairs if picture is not None]
    return Pictures(np.stack([p for p, _ in kept]), np.array([c for _, c in kept], dtype=np.int64))


def _chunks(count: int) -> Iterator[int]:
    for start in range(0, count, CHUNK):
        yield min(CHUNK, count - start)


def _chunk(number: int, job: tuple[str, int], seed: int) -> Pictures:
    source, count = job
    ((samples, glyphs),) = _SOURCES
    rng = np.random.default_rng([seed, number])
    draw = {"strokes": _characters, "glyphs": _glyphs, "spoiled": _spoiled}[source]
    pairs = []
    for canvas, label in draw(samples, glyphs, count, rng):
        picture = pictured(with_remnants(canvas, rng), draw_device(rng), rng)
        shift = (float(rng.normal(0, SHIFT_PX)), float(rng.normal(0, SHIFT_PX)))
        pairs.append((normalise(picture, glyph_px=float(rng.uniform(*TARGET_PX)), shift=shift), label))
    return _packed(pairs)


def _characters(samples: list[Sample], glyphs: Glyphs, count: int, rng: Random) -> Iterator[tuple[Canvas, int]]:  # noqa: ARG001
    for i in rng.choice(len(samples), count, p=weights(samples)):
        yield draw_strokes(bent(samples[i].strokes, rng), pen_width(rng)), CLASSES.index(samples[i].label)


def _glyphs(samples: list[Sample], glyphs: Glyphs, count: int, rng: Random) -> Iterator[tuple[Canvas, int]]:  # noqa: ARG001
    letters = [(character, canvas) for _, character, canvas in glyphs if character in CLASSES]
    for i in rng.integers(len(letters), size=count):
        yield bend_glyph(letters[i][1], rng), CLASSES.index(letters[i][0])


def _spoiled(samples: list[Sample], glyphs: Glyphs, count: int, rng: Random) -> Iterator[tuple[Canvas, int]]:
    signs = [canvas for _, character, canvas in glyphs if character in SIGNS]
    kinds = [*KINDS, "sign"]
    shares = [share for _, share in KINDS.values()]
    for kind in rng.choice(kinds, count, p=[*shares, 1 - sum(shares)]):
        sign = kind == "sign" and bool(signs)
        canvas = bend_glyph(signs[int(rng.integers(len(signs)))], rng) if sign else _spoil(samples, str(kind), rng)
        yield canvas, REJECT


def _spoil(samples: Sequence[Sample], kind: str, rng: Random) -> Canvas:
    spoil = KINDS.get(kind, KINDS["overwritten"])[0]
    one, other = (samples[int(rng.integers(len(samples)))] for _ in range(2))
    while kind == "struck" and one.label in NOT_STRUCK:
        one = samples[int(rng.integers(len(samples)))]
    return draw_strokes(spoil(one.strokes, other.strokes, rng), pen_width(rng))


def _scan(canvas: Canvas, rng: Random, mode: str) -> npt.NDArray[np.uint8]:
    return pictured(canvas, draw_device(rng, mode), rng)


def _one_thread() -> None:
    cv2.setNumThreads(1)
