"""Say which page of which form a sheet is, and lay it over that page; or say that it is none, or that it is unsure.

Evidence in this order: the names of its form fields, its 2-D code, its printed words, its printed picture.
The code and the names only propose: the sheet must also lie well on what they propose.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import cv2
import numpy as np

from pages.page import Code, Page
from templates.form import Form, Match, Unlaid
from templates.plane import scale_to
from templates.recognise import Known, Seen, by_code, by_picture
from templates.register import Laid
from templates.slip import Slip, read_slip
from templates.slip_form import TooMuch, slip_form
from templates.template import Template, template_of
from templates.views import Views
from templates.widgets import widget_names
from templates.wording import Worded, by_words, most_share

CODE_MARK = "SH1"
LEAST_NAMES = 0.6
LEAST_WORDS = 0.5
TRUSTED_MM = 0.5
"""A sheet whose residual is larger is not read: from there on a box's frame may be taken for what stands in it."""


class Forms(Protocol):
    """Whatever holds forms: the library."""

    @property
    def forms(self) -> Sequence[Form]:
        """All forms and editions."""
        ...


class Identifier:
    """Know all forms and editions, and tell which page a sheet is."""

    def __init__(self, library: Forms) -> None:
        self._forms = tuple(library.forms)
        self._templates = tuple(
            template_of(form, number) for form in library.forms for number in range(1, form.page_count + 1)
        )
        self._known = Known(self._templates)

    def make_ready(self) -> None:
        """Prepare every form now, for a process from which many readers are forked."""
        self._known.make_ready()

    def lay(self, page: Page) -> Match | Unlaid | None:
        """Answer form, page and the way from the template to the picture. None: no page of a known form.

        ``Unlaid``: a sheet of ours that cannot be told apart from a sister form, or laid well enough to be read.
        """
        if min(page.picture.shape) < 50:
            return None
        for code in page.codes:
            if (slip := read_slip(code.text)) is not None:
                return self._as_slip(page, code, slip)
        if not page.scanned and (printed := self._by_print(page)) is not None:
            return printed
        return _unknown_edition(page.codes, self._templates) or self._by_ink(page)

    def _as_slip(self, page: Page, code: Code, slip: Slip) -> Match | Unlaid:
        """Lay a return sheet over the template that its own code makes."""
        known = _slip_template(slip, self._forms)
        if known is None:
            return Unlaid("edition", (slip.text,))
        worded = None if page.scanned else by_words(page.words, known)
        if worded is not None and worded.share >= LEAST_WORDS:
            return _printed(page, known, worded, "code")
        cv2.setRNGSeed(1)
        laid = by_code(Views(page), known, code)
        return _answer(known, laid, "code") if laid is not None else Unlaid("loose", (known.form.key,), 1)

    def _by_ink(self, page: Page) -> Match | Unlaid | None:
        """Lay a picture of paper, over the page that its code names or over the one that it is most like."""
        cv2.setRNGSeed(1)  # the random samples of RANSAC, so that a sheet read twice is laid the same twice
        views = Views(page)
        coded = [(code, template) for code in page.codes for template in _coded((code,), self._templates)]
        for code, template in coded:
            if (laid := by_code(views, template, code)) is not None:
                return _answer(template, laid, "code")
        seen = by_picture(views, self._known)
        found = (seen.template,) if isinstance(seen, Seen) else seen
        stated = tuple(template for _, template in coded)
        if isinstance(seen, Seen) and (not stated or seen.template in stated):
            return _answer(seen.template, seen.laid, "picture")
        if found:
            return Unlaid("which", tuple(dict.fromkeys(t.form.key for t in (*stated, *found))))
        return Unlaid("loose", (stated[0].form.key,), stated[0].page) if stated else None

    def _by_print(self, page: Page) -> Match | None:
        """Lay a born-digital sheet by its words, among the forms that have its field names, if it has any."""
        named = _with_names(page, self._templates)
        candidates = named or list(self._templates)
        coded = list(_coded(page.codes, candidates))
        held = list(_worded(page, candidates, coded))
        best = max(held, key=lambda pair: (pair[1] in coded, pair[0].share), default=None)
        if best is None:
            return None
        return _printed(page, best[1], best[0], "acroform" if named else "code" if best[1] in coded else "text")


def _worded(page: Page, candidates: Sequence[Template], coded: Sequence[Template]) -> Iterator[tuple[Worded, Template]]:
    """Fit the templates that the words speak for; one that cannot be better than what was found is not tried."""
    said = frozenset(word.text for word in page.words)
    ranked = sorted(((most_share(said, t), t in coded, t) for t in candidates), key=lambda one: -one[0])
    best = LEAST_WORDS
    for bound, named, template in ranked:
        if bound < (LEAST_WORDS if named else best):
            continue
        found = by_words(page.words, template)
        if found is not None and found.share >= LEAST_WORDS:
            best = max(best, found.share)
            yield found, template


def _slip_template(slip: Slip, forms: Sequence[Form]) -> Template | None:
    try:
        form = slip_form(slip, forms)
    except TooMuch:  # made by another version, whose letters were smaller
        return None
    return template_of(form, 1) if form is not None else None


def _answer(template: Template, laid: Laid, how: str) -> Match | Unlaid:
    form, page = template.form, template.page
    if laid.residual_mm > TRUSTED_MM:
        return Unlaid("loose", (form.key,), page, laid.residual_mm, laid.quality)
    return Match(form, page, laid.to_picture, laid.residual_mm, laid.quality, how, laid.warp)


def _unknown_edition(codes: Sequence[Code], templates: Sequence[Template]) -> Unlaid | None:
    """Judge a sheet whose code is ours, but of a form or edition that is not known here."""
    ours = [code for code in codes if len(parts := code.text.split("|")) == 4 and parts[0] == CODE_MARK]
    if not ours or next(_coded(ours, templates), None) is not None:
        return None
    _, form, edition, _ = ours[0].text.split("|")
    return Unlaid("edition", (f"{form}/{edition}"[:40],))


def _with_names(page: Page, templates: Sequence[Template]) -> list[Template]:
    names = {value.name for value in page.values}
    if len(names) < 3:
        return []
    shares = [(len(names & widget_names(t.form, t.page)) / len(names), t) for t in templates]
    best = max((share for share, _ in shares), default=0.0)
    return [template for share, template in shares if share == best >= LEAST_NAMES]


def _coded(codes: Sequence[Code], templates: Sequence[Template]) -> Iterator[Template]:
    for code in codes:
        parts = code.text.split("|")
        if parts[0] == CODE_MARK and len(parts) == 4:
            for template in templates:
                if [template.form.code, template.form.edition, str(template.page)] == parts[1:]:
                    yield template


def _printed(page: Page, template: Template, worded: Worded, how: str) -> Match:
    way = scale_to(page.dpi_x, page.dpi_y) @ worded.to_sheet
    quality = min(1.0, worded.share)
    return Match(template.form, template.page, np.asarray(way, dtype=np.float64), worded.residual_mm, quality, how)
