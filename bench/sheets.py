"""Filled forms as scans and faxes in PDF files, with what was written on each page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from random import Random

import pikepdf

from bench.rival import image_pdf
from pages.page import Box
from samples.acroform import fill_acroform
from samples.degrade import draw_pages, fax, fax_setting, scan, scan_setting
from samples.files import scan_pdf
from samples.make import paperwork
from samples.scenarios import SCENARIOS
from samples.typed import draw_hand, print_form
from samples.writing import write
from templates.form import Form, Kind

CHANNELS = ("scan-300", "scan-200", "fax-fine")
DIGITAL = ("typed", "fillable")
"""Sheets that never were on paper: printed into a PDF, or filled in a form's own fields."""
DRAWN_DPI = 300
UNWRITTEN = frozenset({Kind.ENUM, Kind.TICKS, Kind.TICK, Kind.INK})


@dataclass(frozen=True, slots=True)
class Written:
    """A zone and the text that was typed into it."""

    zone: str
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Pile:
    """One PDF of page images, and for each page the written zones."""

    content: bytes = field(repr=False)
    pages: tuple[tuple[Written, ...], ...]


def make_pile(channel: str, pages: int, seed: int) -> Pile:
    """Fill forms until there are ``pages`` pages, and scan or fax them into one PDF."""
    with pikepdf.new() as joined:
        truth: list[tuple[Written, ...]] = []
        for content, written in filled_forms(channel, seed):
            with pikepdf.open(BytesIO(content)) as part:
                wanted = pages - len(truth)
                joined.pages.extend(part.pages[:wanted])
                truth += written[:wanted]
            if len(truth) == pages:
                break
        out = BytesIO()
        joined.save(out, deterministic_id=True)
    return Pile(out.getvalue(), tuple(truth))


def filled_forms(channel: str, seed: int) -> Iterator[tuple[bytes, list[tuple[Written, ...]]]]:
    """Yield filled forms without end: the PDF of each, and what was written on its pages."""
    number = 0
    while True:
        for code in ("CMOR", "DOPPIA", "BONUS", "INDENNIZZO", "RIPRISTINO"):
            rng = Random(f"speed/{seed}/{number}")
            scenario = SCENARIOS["complete-delegate"]
            if code in scenario.procedures:
                form = paperwork().forms[code]
                values = scenario.draft(rng, code).stated
                raw = {name: write(item, values.get(name), rng) for name, item in form.fields.items()}
                content = (
                    fill_acroform(form, values, rng, raw=raw)
                    if channel == "fillable"
                    else _sent(print_form(form, values, draw_hand(rng), rng, raw=raw), channel, rng)
                )
                yield content, [_written(form, raw, page) for page in range(1, form.page_count + 1)]
            number += 1


def _sent(flat: bytes, channel: str, rng: Random) -> bytes:
    if channel in DIGITAL:
        return flat
    if channel == "fax-fine":
        setting = fax_setting(rng)
        sheets = [fax(p, DRAWN_DPI, setting, rng.randrange(2**31)) for p in draw_pages(flat, DRAWN_DPI)]
        return image_pdf(sheets, (204, setting.dpi_y))
    dpi = int(channel.removeprefix("scan-"))
    sheets = [scan(p, scan_setting(rng, dpi), rng.randrange(2**31)) for p in draw_pages(flat, dpi)]
    return scan_pdf(sheets, dpi, 75)


def _written(form: Form, raw: dict[str, str], page: int) -> tuple[Written, ...]:
    return tuple(
        Written(item.name, item.box, raw[item.name])
        for item in form.fields.values()
        if item.page == page and item.kind not in UNWRITTEN and raw[item.name]
    )
