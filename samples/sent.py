"""Fill any form and send it: on a computer, typed or by hand on paper, then scanned, faxed or photographed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from random import Random

import pikepdf

from pages.page import POINTS_PER_INCH
from samples.acroform import fill_acroform
from samples.answers import Answers
from samples.by_hand import fill_by_hand, penmen_are_there
from samples.channels.named import CHANNELS
from samples.channels.trace import on_paper
from samples.degrade import draw_pages
from samples.files import jpeg, tiff
from samples.typed import draw_hand, print_form
from templates.form import Form

DRAWN_DPI = 300.0
QUALITY = 85


@dataclass(frozen=True, slots=True)
class Way:
    """How a form is filled (``computer``, ``typed`` or ``hand``) and through which channel of the post it comes."""

    filled: str
    channel: str


HAND_WAYS: Mapping[str, Way] = {
    "hand-scan": Way("hand", "scan-200"),
    "hand-photo": Way("hand", "photo"),
    "hand-fax-fine": Way("hand", "fax-fine"),
    "hand-fax-standard": Way("hand", "fax-standard"),
}
WAYS: Mapping[str, Way] = {
    "computer": Way("computer", ""),
    "scan-300": Way("typed", "scan-300"),
    "scan-200": Way("typed", "scan-200"),
    "photo": Way("typed", "photo"),
    "fax-fine": Way("typed", "fax-fine"),
    "fax-standard": Way("typed", "fax-standard"),
    "copy-3": Way("typed", "copy-3"),
    **(HAND_WAYS if penmen_are_there() else {}),
}


def send_filled(form: Form, answers: Answers, way: Way, rng: Random) -> list[tuple[str, bytes]]:
    """Fill a form and send it: one PDF from a computer, else one file for each sheet, in the order of the sheets."""
    blank = upright(form)
    if way.filled == "computer":
        fillable = _has_fields(form.blank)
        content = fill_acroform(form, answers, rng) if fillable else print_form(blank, answers, draw_hand(rng), rng)
        return [("modulo.pdf", content)]
    by_hand = way.filled == "hand"
    paper = fill_by_hand(blank, answers, rng) if by_hand else print_form(blank, answers, draw_hand(rng), rng)
    size = form.page_width_mm, form.page_height_mm
    sheets = [on_paper(picture, size) for picture in draw_pages(paper, DRAWN_DPI)]
    files = []
    for number, sheet in enumerate(sheets, 1):
        seen = CHANNELS[way.channel](sheet, rng)
        if way.channel.startswith("fax"):
            dpi = round(seen.dpi[0]), round(seen.dpi[1])
            files.append((f"foglio-{number}.tif", tiff([seen.picture], dpi)))
        else:
            files.append((f"foglio-{number}.jpg", jpeg(seen.picture, round(seen.dpi[0]), QUALITY)))
    return files


def upright(form: Form) -> Form:
    """Give a form whose blank's pages stand as they are seen: of turned and cropped pages a copy is drawn."""
    with pikepdf.open(BytesIO(form.blank)) as document:
        if all(_is_plain(page, form) for page in document.pages):
            return form
        with pikepdf.new() as copy:
            width, height = (side / 25.4 * POINTS_PER_INCH for side in (form.page_width_mm, form.page_height_mm))
            for page in document.pages:
                sheet = copy.add_blank_page(page_size=(width, height))
                sheet.add_overlay(page, pikepdf.Rectangle(0, 0, width, height))
            out = BytesIO()
            copy.save(out)
    return replace(form, blank=out.getvalue())


def _is_plain(page: pikepdf.Page, form: Form) -> bool:
    left, bottom, right, top = (float(n) for n in page.cropbox)
    media = [float(n) for n in page.mediabox]
    size = (right - left) / POINTS_PER_INCH * 25.4, (top - bottom) / POINTS_PER_INCH * 25.4
    fits = abs(size[0] - form.page_width_mm) < 1 and abs(size[1] - form.page_height_mm) < 1
    return (
        fits and media == [left, bottom, right, top] and (left, bottom) == (0, 0) and int(page.get("/Rotate", 0)) == 0
    )


def _has_fields(blank: bytes) -> bool:
    with pikepdf.open(BytesIO(blank)) as document:
        form = document.Root.get("/AcroForm")
        return form is not None and len(form.get("/Fields", [])) > 0
