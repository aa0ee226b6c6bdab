"""How much one file may ask of the machine, checked before anything is decoded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageLimits:
    """Bounds of one document. ``max_pixels`` is per picture, as its header states it."""

    max_bytes: int = 60_000_000
    max_pages: int = 100
    max_pixels: int = 100_000_000
    max_side_px: int = 60_000
    render_dpi: int = 200
    keep_dpi: int = 300


DEFAULT = PageLimits()
