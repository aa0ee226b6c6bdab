"""Lay a born-digital sheet over a template by its printed words: each word that stands once is a fixed point."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pages.page import Word
from templates.landmarks import base, landmarks
from templates.plane import Homography, apply, as_points, similar
from templates.template import Template

NEAR_MM = 1.0
FEWEST = 6
SAME = np.eye(3)
MOST = 0.9
SAME_PLACE_MM = 0.3
"""Words of an unscaled copy stand within this of the blank's: then the exact scale is better than any fit."""


def most_share(said: frozenset[str], template: Template) -> float:
    """Answer the share that no fit to these words can exceed, without fitting: printed words that are said at all."""
    printed = template.printed
    return sum(printed[word] for word in said & printed.keys()) / max(printed.total(), 1)


@dataclass(frozen=True, slots=True, eq=False)
class Worded:
    """Template mm to sheet mm; ``share`` of the blank's words found in place, and their residual (mm)."""

    to_sheet: Homography
    share: float
    residual_mm: float


def by_words(words: Sequence[Word], template: Template) -> Worded | None:
    """Fit a template to the words of a sheet. None when fewer than six words fit together."""
    way = _way(landmarks(words), template.landmarks)
    if way is None:
        return None
    here: dict[str, list[tuple[float, float]]] = {}
    for word in words:
        here.setdefault(word.text, []).append(base(word))
    printed = [word for word in template.words if len(word.text) > 1]
    expected = apply(way, as_points([base(word) for word in printed]))
    off = [
        min((math.dist(place, spot) for spot in here.get(word.text, ())), default=math.inf)
        for word, place in zip(printed, expected.tolist(), strict=True)
    ]
    near = [distance for distance in off if distance < NEAR_MM]
    residual = 0.0 if way is SAME or not near else float(np.percentile(near, 90))
    return Worded(way, len(near) / len(printed), residual)


def _way(here: Mapping[str, tuple[float, float]], there: Mapping[str, tuple[float, float]]) -> Homography | None:
    """Fit the words that agree with one another; a word of a value may by chance equal a printed one."""
    common = sorted(there.keys() & here.keys())
    if len(common) < FEWEST:
        return None
    start, end = (as_points([place[word] for word in common]) for place in (there, here))
    if (np.hypot(*(end - start).T) < SAME_PLACE_MM).mean() > MOST:
        return SAME
    found, inliers = cv2.estimateAffinePartial2D(start, end, method=cv2.RANSAC, ransacReprojThreshold=NEAR_MM)
    if found is None or int(inliers.sum()) < FEWEST:
        return None
    kept = inliers.ravel() > 0
    return similar(start[kept], end[kept])
