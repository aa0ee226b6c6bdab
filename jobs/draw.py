"""Draw a delivery's sheets for the desk, and read a passage of one. Runs in a child: every byte is strange."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np

from cases.paper import ABOVE_MM, Asked, Corners, Drawn, Paper, Passage
from intake.unpack import unpack
from jobs.drawing import QUESTION, packed
from jobs.look import engines
from jobs.slots import with_slots
from ocr.alphabet import LATIN
from ocr.lines import dark_pixels
from ocr.sheet import zones
from ocr.zones import flat_sheet
from pages.open import open_pages
from pages.page import Box, Page, Picture, Unreadable
from pages.picture import within_resolution
from parsers.kinds import PARSERS
from templates.follow import drawn, places
from templates.form import Kind, Match
from templates.load import load_forms
from templates.plane import as_points
from templates.views import Views

CAME_DPI = 150.0
FLAT_DPI = 150.0
_QUALITY = 82
CLIP_MARGIN_MM = 1.2
LABELS_MM = 26.0
_LINE_MM = 9.0
"""What is higher is read as a block of lines."""


def answer(question: bytes) -> bytes:
    """Answer a question of ``drawer``, in the child."""
    head, _, raw = question.partition(b"\n")
    return packed(draw_all(QUESTION.validate_json(head).asked, raw))


def answer_passage(question: bytes) -> bytes:
    """Answer a question of ``listener``, in the child."""
    head, _, raw = question.partition(b"\n")
    put = QUESTION.validate_json(head)
    return read_passage(put.asked, put.passage, raw).encode() if put.passage else b""


def draw_all(asked: Asked, raw: bytes) -> Paper:
    """Draw every sheet of a delivery."""
    refused: list[tuple[str, str]] = []
    pages = list(_pages(asked, raw, refused))
    lay = _lay(asked)
    return Paper(tuple(_drawn(page, lay(page)) for page in pages), tuple(refused))


def _lay(asked: Asked) -> Callable[[Page], Match | None]:
    identifier, _ = engines()
    by_word = with_slots(identifier.lay, asked.slots, load_forms())
    wanted = {*asked.forms, *((slot.file, slot.number) for slot in asked.slots)}

    def lay(page: Page) -> Match | None:
        found = by_word(page) if (page.file, page.number) in wanted else None
        return found if isinstance(found, Match) else None

    return lay


def _pages(asked: Asked, raw: bytes, refused: list[tuple[str, str]]) -> Iterator[Page]:
    for document in unpack(asked.name, raw, asked.pec).documents:
        try:
            yield from open_pages(document)
        except Unreadable as error:
            refused.append((document.name, str(error)))


def _drawn(page: Page, match: Match | None) -> Drawn:
    came = _square(page)
    sheet = Drawn(page.file, page.number, page.width_mm, page.height_mm, _jpeg(came))
    if match is None:
        return sheet
    flat = _flat(page, match)
    return replace(
        sheet,
        form=match.form.key,
        page=match.page,
        way=match.how,
        flat=_jpeg(flat),
        zones=dict(_zones(page, match)),
        clips={name: _jpeg(clip) for name, clip in _clips(flat, match)},
    )


def _flat(page: Page, match: Match) -> Picture:
    return drawn(Views(page).at(FLAT_DPI), match, FLAT_DPI)


def _zones(page: Page, match: Match) -> Iterator[tuple[str, Corners]]:
    rows, columns = page.picture.shape
    for item, option, box in zones(match.form, match.page):
        name = f"{item.name}.{option.value}" if option else item.name
        edge = as_points([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)])
        at = (places(match, edge) + 0.5) / (columns, rows)
        a, b, c, d = ((round(float(x), 4), round(float(y), 4)) for x, y in at)
        yield name, (a, b, c, d)


def _clips(flat: Picture, match: Match) -> Iterator[tuple[str, Picture]]:
    """Cut each field of the page out of the flat sheet, with a little paper around it, and the labels of its boxes."""
    rows, columns = flat.shape
    across, down = columns / match.form.page_width_mm, rows / match.form.page_height_mm
    for item in (f for f in match.form.fields.values() if f.page == match.page):
        box = item.box.inset(-CLIP_MARGIN_MM)
        right = box.right + (LABELS_MM if item.options or item.kind is Kind.TICK else 0.0)
        top, left = max(0, round((item.box.top - ABOVE_MM) * down)), max(0, round(box.left * across))
        clip = flat[top : round(box.bottom * down), left : round(right * across)]
        if clip.size:
            yield item.name, clip


def _square(page: Page) -> Picture:
    """Give a sheet's picture with square pixels, no finer than the desk shows: a fax has twice as many columns."""
    small, dpi_x, dpi_y = within_resolution(page.picture, (page.dpi_x, page.dpi_y), CAME_DPI)
    if abs(dpi_x - dpi_y) < 0.05 * dpi_x:
        return small
    dpi = max(dpi_x, dpi_y)
    rows, columns = small.shape
    size = (max(1, round(columns * dpi / dpi_x)), max(1, round(rows * dpi / dpi_y)))
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _jpeg(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])


def read_passage(asked: Asked, passage: Passage, raw: bytes) -> str:
    """Read what stands in a rectangle of a sheet: its text layer where it has one, else by the line readers."""
    page = next((p for p in _pages(asked, raw, []) if (p.file, p.number) == (passage.file, passage.number)), None)
    if page is None:
        return ""
    match = _lay(asked)(page) if passage.flat else None
    if match is not None:
        return _read_flat(page, match, passage)
    rows, columns = page.picture.shape
    part = page.picture[
        int(passage.top * rows) : int(passage.bottom * rows) + 1,
        int(passage.left * columns) : int(passage.right * columns) + 1,
    ]
    box = _box(passage, page.width_mm, page.height_mm)
    return _typed(page, box) or _read(_at_200(part, page), passage, box.height)


def _read_flat(page: Page, match: Match, passage: Passage) -> str:
    form = match.form
    box = _box(passage, form.page_width_mm, form.page_height_mm)
    zone = flat_sheet(page, match).zone(box)
    return _read(zone.cleaned(box), passage, box.height)


def _at_200(part: Picture, page: Page) -> Picture:
    size = (max(1, round(part.shape[1] * 200 / page.dpi_x)), max(1, round(part.shape[0] * 200 / page.dpi_y)))
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _box(passage: Passage, width_mm: float, height_mm: float) -> Box:
    return Box(
        passage.left * width_mm,
        passage.top * height_mm,
        (passage.right - passage.left) * width_mm,
        (passage.bottom - passage.top) * height_mm,
    )


def _typed(page: Page, box: Box) -> str:
    inside = (w for w in page.words if box.covers(w.box.left + w.box.width / 2, w.box.top + w.box.height / 2))
    return " ".join(word.text for word in inside)


def _read(picture: Picture, passage: Passage, height_mm: float) -> str:
    if min(picture.shape) < 8 or not dark_pixels(picture).any():
        return ""
    _, reader = engines()
    if height_mm > _LINE_MM:
        return reader.block.read_block(picture).text.strip()
    kind = Kind(passage.kind) if passage.kind in set(Kind) else Kind.TEXT
    heard = reader.lines.read(picture, kind if kind in PARSERS else Kind.TEXT, LATIN)
    return heard[0].read.text.strip()
