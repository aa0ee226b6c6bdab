"""Follow a match from the template to the picture, its local warp included: for points, and for one zone at a time."""

import cv2
import numpy as np

from pages.page import Box, Page, Picture
from templates.form import Match
from templates.plane import Homography, Points, apply, as_points, scale_to, shifted
from templates.views import View, frame_size, warp


def places(match: Match, points_mm: Points) -> Points:
    """Answer where points [n, 2] of the template (mm) lie in the sheet's picture (pixels)."""
    if match.warp is not None:
        points_mm = points_mm + match.warp.shift(points_mm)
    return apply(match.to_picture, points_mm)


def way_over(match: Match, box: Box) -> Homography:
    """Give the way from template mm to picture pixels that is right over one box: the local one on warped paper."""
    if match.warp is None:
        return match.to_picture
    corners = as_points([(x, y) for y in (box.top, box.bottom) for x in (box.left, box.right)])
    # Counted from the box's own corner: single floats hold its size better than its place.
    origin = corners[0]
    moved = corners + match.warp.shift(corners) - origin
    local = cv2.getPerspectiveTransform((corners - origin).astype(np.float32), moved.astype(np.float32))
    way = match.to_picture @ shifted(*origin.tolist()) @ local @ shifted(*(-origin).tolist())
    return np.asarray(way, dtype=np.float64)


def drawn(view: View, match: Match, dpi: float) -> Picture:
    """Draw a whole sheet into its form's frame at a resolution, warped paper made flat."""
    if match.warp is None:
        return warp(view, match.to_picture, match.form, dpi)
    columns, rows = frame_size(match.form, dpi)
    # The warp is smooth: worked out at every eighth pixel, one cell beyond the edge, and interpolated.
    across, down = ((np.arange(-(-n // GRID_PX) + 2) - 0.5) * GRID_PX - 0.5 for n in (columns, rows))
    grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    to_mm = np.asarray(np.linalg.inv(scale_to(dpi)), dtype=np.float64)
    at = apply(view.from_full, places(match, apply(to_mm, grid)))
    coarse = at.reshape(len(down), len(across), 2).astype(np.float32)
    whole = cv2.resize(coarse, (len(across) * GRID_PX, len(down) * GRID_PX), interpolation=cv2.INTER_LINEAR)
    part = np.asarray(whole[GRID_PX : GRID_PX + rows, GRID_PX : GRID_PX + columns], dtype=np.float32)
    maps = np.ascontiguousarray(part[..., 0]), np.ascontiguousarray(part[..., 1])
    return np.asarray(cv2.remap(view.picture, *maps, cv2.INTER_LINEAR, borderValue=(255.0,)), dtype=np.uint8)


GRID_PX = 8
CUT_MM = 0.8
"""How much of a zone's edge may be beyond the picture before it counts as cut."""


def cut_off(page: Page, match: Match) -> tuple[str, ...]:
    """Name the fields of a sheet that lie partly beyond the edge of its picture: what was written there is lost."""
    rows, columns = page.picture.shape
    zones = [(f.label, b) for f in match.form.fields.values() for b in _boxes(match, f.name)]
    if not zones:
        return ()
    inner = [box.inset(min(CUT_MM, box.width / 4, box.height / 4)) for _, box in zones]
    corners = as_points([(x, y) for b in inner for x in (b.left, b.right) for y in (b.top, b.bottom)])
    at = places(match, corners).reshape(len(zones), 8)
    out = (at.min(axis=1) < 0) | (at[:, ::2].max(axis=1) > columns) | (at[:, 1::2].max(axis=1) > rows)
    return tuple(dict.fromkeys(label for (label, _), lost in zip(zones, out, strict=True) if lost))


def _boxes(match: Match, name: str) -> list[Box]:
    field = match.form.fields[name]
    options = [o.box for o in field.options if o.page == match.page]
    return options or ([field.box] if field.page == match.page else [])
