"""Door to Pillow: image files to grey sheets, within limits that are checked on the header."""

import io
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

from intake.whole import tiff_strips
from pages.faxdata import FAX, damaged_rows, listened, mirrored, noted_by_receiver, reread
from pages.limits import PageLimits
from pages.page import Picture
from pages.picture import as_grey, resolution, within_resolution
from pages.refusal import refuse

# One thread: the child's limit on processes and memory counts them. Thumbnails and depth maps are no sheets.
register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
FORMATS = ("TIFF", "JPEG", "PNG", "BMP", "GIF", "WEBP", "HEIF", "AVIF")
# What Pillow 13 raises on bad bytes, found by fuzzing: each is a damaged file, none a fault of ours.
DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    ArithmeticError,
    AttributeError,
    MemoryError,
    RuntimeError,
    AssertionError,
)

_OF_SHEETS = {"TIFF", "HEIF"}
_OF_FRAMES = {"GIF", "WEBP", "AVIF", "PNG"}
_SHEET_PX = 500
"""The shorter side of A4 at 60 dpi, with which nothing can be read any more."""
_RUBBISH = 0.1
"""The share of damaged rows from which on the bits may lie the other way round; a bad call damages less."""


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """One sheet as a grey picture with its resolution."""

    picture: Picture = field(repr=False)
    dpi_x: float
    dpi_y: float
    damaged: float = 0.0
    """The share of rows that came damaged over the telephone line."""


def read_image(content: bytes, limits: PageLimits) -> tuple[Raster, ...]:
    """Decode every sheet of an image file.

    Raises ``Unreadable`` for damaged, truncated and oversize files.
    """
    with warnings.catch_warnings():
        # Our own pixel cap decides; Pillow's remarks on odd metadata change nothing about the picture.
        warnings.simplefilter("ignore")
        try:
            return _straight(content, limits)
        except Image.DecompressionBombError as bomb:
            raise refuse("oversize") from bomb
        except DAMAGE as fault:
            raise refuse("truncated" if "truncated" in str(fault) else "damaged") from fault


def _straight(content: bytes, limits: PageLimits) -> tuple[Raster, ...]:
    """Decode, and where most rows are rubbish try the bits of each byte the other way round."""
    try:
        sheets = tuple(_sheets(content, limits))
    except DAMAGE:
        if not tiff_strips(content):
            raise
        return tuple(_sheets(mirrored(content), limits))
    if max((sheet.damaged for sheet in sheets), default=0) < _RUBBISH:
        return sheets
    with suppress(*DAMAGE):
        turned = tuple(_sheets(mirrored(content), limits))
        if sum(sheet.damaged for sheet in turned) < sum(sheet.damaged for sheet in sheets) / 2:
            return turned
    return sheets


def _sheets(content: bytes, limits: PageLimits) -> Iterator[Raster]:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        frames = _frames(image)
        if frames > limits.max_pages:
            raise refuse("oversize")
        for number in range(frames):
            image.seek(number)
            yield _sheet(image, content, limits)


def _frames(image: Image.Image) -> int:
    """Tell how many sheets a file holds.

    An MPO's further frames are previews of the same photo; a moving picture that is smaller than any sheet is an
    ornament, such as a mail's signature has.
    """
    many = image.format in _OF_SHEETS or (image.format in _OF_FRAMES and min(image.size) >= _SHEET_PX)
    return int(getattr(image, "n_frames", 1)) if many else 1


def _sheet(image: Image.Image, content: bytes, limits: PageLimits) -> Raster:
    width, height = image.size
    if width * height > limits.max_pixels or max(width, height) > limits.max_side_px:
        raise refuse("oversize")
    stated = _stated_dpi(image)
    image, damaged = _decoded(image, content)
    turned = ImageOps.exif_transpose(image)
    if stated is not None and turned.size != image.size:
        stated = (stated[1], stated[0])
    picture = _grey(turned)
    dpi = resolution(picture.shape[1], picture.shape[0], stated)
    return Raster(*within_resolution(picture, dpi, limits.keep_dpi), damaged)


def _decoded(image: Image.Image, content: bytes) -> tuple[Image.Image, float]:
    """Decode a frame; of fax data also give the share of rows that are damaged, once those that can be are mended."""
    if image.info.get("compression") not in FAX:
        image.load()
        return image, 0.0
    noted = noted_by_receiver(image)
    with listened() as complaints:
        image.load()
        rows = damaged_rows(image, content, complaints())
    again = reread(image, content) if rows else None
    if again is not None:
        mended, rows = again
        mended.info.update(image.info)
        image = mended
    return image, min(1.0, max(rows, noted) / image.height)


def _grey(image: Image.Image) -> Picture:
    if image.mode in {"1", "L"}:
        return as_grey(np.asarray(image.convert("L")))
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(image)
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return as_grey(np.asarray(image.convert("RGB").convert("L")))


def _from_deep(image: Image.Image) -> Picture:
    """Bring 16 and 32 bits and floats to 8: by the full scale of 16 bits, or by the range that is used."""
    deep = np.nan_to_num(np.asarray(image, dtype=np.float64))
    top = 65535.0 if image.mode.startswith("I;16") or deep.max(initial=0) > 255 else 255.0
    top = max(top, float(deep.max(initial=0)))
    if image.mode == "F" and deep.max(initial=0) <= 1:
        top = 1.0
    return np.asarray(np.clip(np.rint(deep / top * 255), 0, 255), dtype=np.uint8)


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    try:
        x, y = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (x, y) if x > 0 and y > 0 and np.isfinite([x, y]).all() else None
