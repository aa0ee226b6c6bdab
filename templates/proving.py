"""Prove a blank before it is used: known again after turning, scaling and faxing, and like no other form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pages.page import Box, Page, Picture, Word
from templates.form import Field, Form, Kind, Match
from templates.identify import Identifier
from templates.plan import CHOICES
from templates.plane import Homography, Points, apply, as_points, scale_to, shifted, turned
from templates.template import SHARP_DPI, Template, template_of

MOST_OFF_MM = 0.7
COVERED = 0.3
"""The share of a zone's area from which print in it looks like a mistake in measuring."""
FAX_DPI = (204.0, 98.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """What is done to a blank: turned (degrees), scaled, and seen at a resolution; a fax is black and white."""

    name: str
    degrees: float
    scale: float
    dpi: tuple[float, float]
    fax: bool = False


TRIALS = (
    Trial("turned by 3 degrees", 3.0, 1.0, (150.0, 150.0)),
    Trial("scaled to 94 %", -0.5, 0.94, (200.0, 200.0)),
    Trial("upside down", 180.5, 1.0, (150.0, 150.0)),
    Trial("a standard fax", 0.8, 0.99, FAX_DPI, fax=True),
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a person should look at. ``grave`` means that sheets will go to a clerk, or to another form."""

    form: str
    page: int
    sentence: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class _All:
    """A set of forms, as the identifier takes it."""

    forms: tuple[Form, ...]


def prove(form: Form, forms: Sequence[Form]) -> Iterator[Remark]:
    """Try a form among all forms: first itself, then whether it would be taken for another one."""
    whole = Identifier(_All(tuple(forms)))
    others = [other for other in forms if other.key != form.key]
    rest = Identifier(_All(tuple(others))) if others else None
    for page in range(1, form.page_count + 1):
        yield from _again(template_of(form, page), whole)
        if rest is not None:
            yield from _alike(template_of(form, page), rest)


def _again(template: Template, identifier: Identifier) -> Iterator[Remark]:
    """Lay the blank over itself after each trial, and measure how far off its corners come."""
    form, page = template.form, template.page
    for trial in TRIALS:
        sheet, way = tried(template, trial)
        match = identifier.lay(sheet)
        if not isinstance(match, Match):
            sentence = "it is not known again: it prints too little that can be told apart; such sheets go to a clerk"
            yield Remark(form.key, page, f"{trial.name}, {sentence}", grave=True)
        elif (match.form.key, match.page) != (form.key, page):
            taken = f"{match.form.key} page {match.page}"
            sentence = f"{trial.name}, it is taken for {taken}: the two are too much alike"
            yield Remark(form.key, page, sentence, grave=True)
        elif (off := _off_mm(match.to_picture, way, sheet, _spots(template))) > MOST_OFF_MM:
            sentence = f"{trial.name}, its zones come {off:.1f} mm off: make the outermost ones larger"
            yield Remark(form.key, page, sentence)


def _alike(template: Template, rest: Identifier) -> Iterator[Remark]:
    sheet, _ = tried(template, TRIALS[0])
    match = rest.lay(sheet)
    if isinstance(match, Match):
        other = f"{match.form.key} page {match.page}"
        sentence = f"looks like {other}: an edition or a sister form. Both are told apart only by their own words"
        yield Remark(template.form.key, template.page, sentence)


def tried(template: Template, trial: Trial) -> tuple[Page, Homography]:
    """Draw a blank as a trial says; answers the sheet and the true way from the form's mm to its pixels."""
    form = template.form
    middle = form.page_width_mm / 2, form.page_height_mm / 2
    on_paper = shifted(*middle) @ turned(trial.degrees) @ np.diag([trial.scale, trial.scale, 1.0])
    way = np.asarray(scale_to(*trial.dpi) @ on_paper @ shifted(-middle[0], -middle[1]), dtype=np.float64)
    size = round(form.page_width_mm / 25.4 * trial.dpi[0]), round(form.page_height_mm / 25.4 * trial.dpi[1])
    matrix = way @ np.linalg.inv(scale_to(SHARP_DPI))
    drawn = cv2.warpPerspective(template.sharp, matrix, size, flags=cv2.INTER_AREA, borderValue=(255.0,))
    noise = np.random.default_rng(template.page).normal(0, 10, drawn.shape)
    noisy = np.clip(drawn + noise, 0, 255)
    picture: Picture = np.asarray(np.where(noisy > 150, 255, 0) if trial.fax else noisy, dtype=np.uint8)
    return Page("blank", "", 1, picture, *trial.dpi), way


def _spots(template: Template) -> Points:
    """Give the corners of the zones of a page, or of the sheet when it has none."""
    form = template.form
    boxes = [b for f in form.fields.values() for page, b in zones_of(f) if page == template.page]
    boxes = boxes or [Box(0, 0, form.page_width_mm, form.page_height_mm)]
    return as_points([p for b in boxes for p in ((b.left, b.top), (b.right, b.bottom))])


def _off_mm(found: Homography, true: Homography, sheet: Page, spots: Points) -> float:
    away = (apply(found, spots) - apply(true, spots)) / np.asarray((sheet.dpi_x, sheet.dpi_y)) * 25.4
    return float(np.hypot(*away.T).max())


def zones_of(field: Field) -> list[tuple[int, Box]]:
    """List the places of a field: (page, box) of itself, or of its options."""
    if field.kind in CHOICES:
        return [(option.page, option.box) for option in field.options]
    return [(field.page, field.box)]


def over_print(form: Form) -> Iterator[Remark]:
    """Warn of zones over printed words: the label would be read as the answer, or hide it."""
    for field in form.fields.values():
        for page, box in zones_of(field):
            words = [w for w in template_of(form, page).words if _shared(w, box) > COVERED]
            if words and field.kind is not Kind.INK:
                said = " ".join(word.text for word in words[:5])
                sentence = f"field {field.name}: its zone lies over the printed words “{said}”. Move or shrink it"
                yield Remark(form.key, page, sentence)


def _shared(word: Word, box: Box) -> float:
    """Answer the share of a word that lies in a zone; leaders are what one writes on."""
    if not any(sign.isalnum() for sign in word.text):
        return 0.0
    wide = min(word.box.right, box.right) - max(word.box.left, box.left)
    high = min(word.box.bottom, box.bottom) - max(word.box.top, box.top)
    return max(0.0, wide) * max(0.0, high) / (word.box.width * word.box.height)
