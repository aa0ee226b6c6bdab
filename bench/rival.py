"""OCRmyPDF as a process: the yardstick of speed. It knows no fields: its words are looked up in the zones."""

import sys
from io import BytesIO
from pathlib import Path

import img2pdf  # type: ignore[import-untyped]

from pages.page import Picture
from samples.files import tiff

LEAN = ("--output-type", "pdf", "--optimize", "0", "--deskew")
DEFAULT = ("--output-type", "auto")
"""As it comes. ``auto`` is its own default: PDF/A where the means for it are installed."""


def command(source: Path, target: Path, options: tuple[str, ...]) -> list[str]:
    """Build the command line: one job, Italian, every page read."""
    fixed = ["-j", "1", "-l", "ita", "--force-ocr", "-q"]
    return [sys.executable, "-m", "ocrmypdf", *fixed, *options, str(source), str(target)]


def image_pdf(sheets: list[Picture], dpi: tuple[int, int]) -> bytes:
    """Put bilevel sheets into a PDF as Group 4 images, untouched."""
    out = BytesIO()
    out.write(img2pdf.convert(tiff(sheets, dpi)))
    return out.getvalue()
