"""Doors to Tesseract: in process by tesserocr (second reader, paragraphs, sheets), and by pytesseract as fallback.

Measured rules: one line is page mode 7, a paragraph 6, never 8 or 13 for a field. A line is cut to its ink from left to
right first: 92 instead of 88 % of the fields of fine faxes. OMP_THREAD_LIMIT=1 always: without it a busy machine takes
9 times as long. tesserocr's wheel brings no language data: Debian's is used by path.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ocr.engine import NOTHING, Recognised
from ocr.lines import padded, trim_across
from pages.page import Picture

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import pytesseract
import tesserocr

LANGUAGE = "ita"
DPI = 200
LEAST_CONTRAST = 25
INSTALL = "apt-get install tesseract-ocr tesseract-ocr-ita"
LINE, BLOCK, SHEET, SPARSE = 7, 6, 3, 11
LEAST_WORD_PERCENT = 30
DEBIAN = Path("/usr/share/tesseract-ocr")


class TesseractMissing(RuntimeError):
    """Tesseract's Italian data was not found; the message has the command that installs it."""


def data_folder() -> Path:
    """Find the folder of ``ita.traineddata``: TESSDATA_PREFIX, else Debian's newest."""
    named = os.environ.get("TESSDATA_PREFIX")
    places = [Path(named), Path(named) / "tessdata"] if named else sorted(DEBIAN.glob("*/tessdata"), reverse=True)
    for place in places:
        if (place / f"{LANGUAGE}.traineddata").is_file():
            return place
    raise TesseractMissing(f"Tesseract's Italian data is missing. Install it with: {INSTALL}")


def _data_hash(folder: Path) -> str:
    return sha256((folder / f"{LANGUAGE}.traineddata").read_bytes()).hexdigest()[:12]


class Tesseract:
    """Tesseract in this process."""

    name = "tesseract-ita"

    def __init__(self, data: Path | None = None) -> None:
        folder = data or data_folder()
        self._api = tesserocr.PyTessBaseAPI(
            path=str(folder), lang=LANGUAGE, psm=tesserocr.PSM.SINGLE_LINE, oem=tesserocr.OEM.LSTM_ONLY
        )
        self._api.SetVariable("debug_file", os.devnull)
        self._version = f"tesseract {tesserocr.tesseract_version().split()[1]}, data {_data_hash(folder)}"

    @property
    def version(self) -> str:
        """Version of the library and a hash of its language data."""
        return self._version

    def read_line(self, picture: Picture, allowed: str = "") -> Recognised:
        """Read one line; the confidence is the least certain word's."""
        return self._read(trim_across(picture), LINE, allowed)

    def read_block(self, picture: Picture) -> Recognised:
        """Read a paragraph; the confidence is the mean of its words."""
        return self._read(picture, BLOCK)

    def read_sheet(self, picture: Picture) -> Recognised:
        """Read a whole sheet; the confidence is the mean of its words."""
        return self._read(picture, SHEET)

    def words_on(self, picture: Picture) -> list[tuple[str, tuple[int, int, int, int]]]:
        """Read the words of a sheet of any layout, with their places: left, top, right, bottom in pixels."""
        if _is_plain(picture):
            return []
        self._read(picture, SPARSE)
        level = tesserocr.RIL.WORD
        found = [
            (item.GetUTF8Text(level), item.BoundingBox(level), item.Confidence(level))
            for item in tesserocr.iterate_level(self._api.GetIterator(), level)
            if not item.Empty(level)
        ]
        return [(text.strip(), box) for text, box, percent in found if box and percent >= LEAST_WORD_PERCENT]

    def _read(self, picture: Picture, mode: int, allowed: str = "") -> Recognised:
        if _is_plain(picture):
            return NOTHING
        picture = picture if mode in {SHEET, SPARSE} else padded(picture)
        self._api.SetPageSegMode(mode)
        self._api.SetVariable("tessedit_char_whitelist", allowed)
        rows, columns = picture.shape
        self._api.SetImageBytes(np.ascontiguousarray(picture).tobytes(), columns, rows, 1, columns)
        self._api.SetSourceResolution(DPI)
        text = self._api.GetUTF8Text()
        return _recognised(text, [float(word) for word in self._api.AllWordConfidences()], mode)


class PyTesseract:
    """Tesseract by a process for each picture: slow, and there where tesserocr's wheel is not."""

    name = "tesseract-ita-process"
    seconds = 60

    def __init__(self, data: Path | None = None) -> None:
        self._folder = data or data_folder()
        self._version = f"tesseract {pytesseract.get_tesseract_version()}, data {_data_hash(self._folder)}"

    @property
    def version(self) -> str:
        """Version of the program and a hash of its language data."""
        return self._version

    def read_line(self, picture: Picture, allowed: str = "") -> Recognised:
        """Read one line; the confidence is the least certain word's."""
        return self._read(trim_across(picture), LINE, allowed)

    def read_block(self, picture: Picture) -> Recognised:
        """Read a paragraph; the confidence is the mean of its words."""
        return self._read(picture, BLOCK)

    def read_sheet(self, picture: Picture) -> Recognised:
        """Read a whole sheet; the confidence is the mean of its words."""
        return self._read(picture, SHEET)

    def _read(self, picture: Picture, mode: int, allowed: str = "") -> Recognised:
        if _is_plain(picture):
            return NOTHING
        picture = picture if mode == SHEET else padded(picture)
        config = f"--psm {mode} --oem 1 --dpi {DPI} --tessdata-dir {self._folder}"
        if allowed:
            config += f' -c tessedit_char_whitelist="{allowed}"'
        table = pytesseract.image_to_data(
            picture, lang=LANGUAGE, config=config, output_type=pytesseract.Output.DICT, timeout=self.seconds
        )
        words = list(_words(table))
        return _recognised(_as_lines(words), [word[2] for word in words], mode)


def _words(table: dict[str, list[Any]]) -> Iterator[tuple[tuple[int, int, int], str, float]]:
    rows = zip(table["block_num"], table["par_num"], table["line_num"], table["text"], table["conf"], strict=True)
    for block, paragraph, line, text, confidence in rows:
        if str(text).strip() and float(confidence) >= 0:
            yield (int(block), int(paragraph), int(line)), str(text), float(confidence)


def _as_lines(words: list[tuple[tuple[int, int, int], str, float]]) -> str:
    lines: dict[tuple[int, int, int], list[str]] = {}
    for line, text, _ in words:
        lines.setdefault(line, []).append(text)
    return "\n".join(" ".join(line) for line in lines.values())


def _recognised(text: str, percents: list[float], mode: int) -> Recognised:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    kept = [line for line in lines if line]
    if not kept or not percents:
        return NOTHING
    percent = min(percents) if mode == LINE else sum(percents) / len(percents)
    joined = " ".join(kept) if mode == LINE else "\n".join(kept)
    return Recognised(joined, min(max(percent / 100, 0.0), 1.0))


def _is_plain(picture: Picture) -> bool:
    """Tell whether there is nothing to read: Tesseract makes an "n" out of the frame of an even picture."""
    return min(picture.shape) < 8 or int(picture.max()) - int(picture.min()) < LEAST_CONTRAST
