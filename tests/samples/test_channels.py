"""The true way that a channel answers: dots on the paper must be found where it says, in every channel."""

from random import Random

import cv2
import numpy as np
import pytest

from pages.page import Picture
from samples.channels.named import CHANNELS, send
from samples.channels.trace import Traced, bent, on_paper, quartered
from samples.channels.wear import inverted
from templates.plane import Points, as_points, scale_to

DPI = 300
DOTS = as_points([(x, y) for x in (40, 80, 120, 165) for y in (40, 95, 150, 205, 255)])
RADIUS_MM = 2.2


def dotted() -> Picture:
    page = np.full((round(297 / 25.4 * DPI), round(210 / 25.4 * DPI)), 255, np.uint8)
    for x, y in DOTS:
        at = (scale_to(DPI) @ (x, y, 1))[:2] * 16
        cv2.circle(page, tuple(at.round().astype(int).tolist()), round(RADIUS_MM / 25.4 * DPI * 16), (0.0,), -1, 16, 4)
    return page


def found_mm(sheet: Traced) -> Points:
    """Measure how far each dot's centre of darkness lies from where the true way says, in mm."""
    px = sheet.way.at(DOTS)
    reach = [round((RADIUS_MM + 1.6) / 25.4 * dpi) for dpi in sheet.dpi]
    off = []
    for x, y in px:
        left, top = round(x) - reach[0], round(y) - reach[1]
        area = sheet.picture[top : top + 2 * reach[1] + 1, left : left + 2 * reach[0] + 1].astype(float)
        dark = np.clip(np.percentile(area, 90) * 0.6 - area, 0, 60)
        rows, columns = np.indices(area.shape)
        centre = (dark * columns).sum() / dark.sum() + left, (dark * rows).sum() / dark.sum() + top
        off.append(((centre[0] - x) / sheet.dpi[0] * 25.4, (centre[1] - y) / sheet.dpi[1] * 25.4))
    return as_points(off)


QUICK = ("scan-100", "turned", "cropped", "worn", "copy-3", "fax-of-copy", "photo-bowed")
SLOW = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in sorted(CHANNELS)]


@pytest.mark.parametrize("name", SLOW)
def test_dots_lie_where_the_true_way_says(name: str) -> None:
    page = dotted()
    off = found_mm(send(name, page, Random(f"dots/{name}")))
    assert np.median(np.hypot(*off.T)) < 0.06
    assert np.abs(np.median(off, axis=0)).max() < 0.04  # no constant shift: the half pixel is in its place
    assert np.sort(np.hypot(*off.T))[-3] < 0.2  # a dropped line, a hole or a streak may hit a dot


@pytest.mark.parametrize("name", ["worn", "fax-standard", "scan-100"])
def test_a_channel_is_the_same_for_the_same_seed(name: str) -> None:
    page = dotted()
    one, two, other = (send(name, page, Random(seed)) for seed in (5, 5, 6))
    assert np.array_equal(one.picture, two.picture)
    assert one.picture.shape != other.picture.shape or not np.array_equal(one.picture, other.picture)


def test_four_quarter_turns_are_none() -> None:
    sheet = on_paper(dotted())
    around = sheet
    for _ in range(4):
        around = quartered(around, 1)
    assert np.array_equal(around.picture, sheet.picture)
    assert np.allclose(around.way.at(DOTS), sheet.way.at(DOTS))


def test_a_bend_moves_every_point_as_it_says() -> None:
    def wave(points: Points) -> Points:
        return np.column_stack([points[:, 0] + 15 * np.sin(points[:, 1] / 500), points[:, 1] + 9])

    off = found_mm(bent(on_paper(dotted()), wave))
    assert np.hypot(*off.T).max() < 0.05


def test_inverting_moves_nothing_and_a_foreign_picture_is_refused() -> None:
    sheet = on_paper(dotted())
    assert np.array_equal(255 - inverted(sheet).picture, sheet.picture)
    with pytest.raises(ValueError, match="would move points"):
        sheet.seen(sheet.picture[:-1])
