"""Say which page of which form a sheet is, and lay it over that page; or say that it is none.

Evidence in this order: the names of its form fields, its 2-D code, its printed words, its printed picture.
The code and the names only propose: the sheet must also lie well on what they propose.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pages.page import Code, Page, Word
from templates.form import Form, Homography, Match
from templates.plane import as_points, centred, scale_to, similar
from templates.posture import likely, skew_of
from templates.register import Laid, coarse, fine, reduce
from templates.telling import own_words, tell
from templates.template import Template, template_of
from templates.widgets import widget_names
from templates.wording import Worded, by_words

CODE_MARK = "SH1"
LEAST_NAMES = 0.6
LEAST_WORDS = 0.5
LEAST_QUALITY = 0.5
LEAST_QUALITY_WITH_CODE = 0.3
MOST_RESIDUAL_MM = 1.0
LEAST_TOLD = 0.75
LEAST_TOLD_OWN = 0.7
"""Measured on scan, fine and standard fax, each form against its sisters: all words of the true form are found."""
GOOD_COARSE = 0.6
SHORTLIST = 6
SISTERS = 0.15
"""Sister forms are found almost as well as the true one at the first look: all so near are looked at closely."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A template that a sheet was laid over."""

    template: Template
    laid: Laid


class Forms(Protocol):
    """Whatever holds forms: the library."""

    @property
    def forms(self) -> Sequence[Form]:
        """All forms and editions."""
        ...


class Identifier:
    """Know all forms and editions, and tell which page a sheet is."""

    def __init__(self, library: Forms) -> None:
        self._templates = tuple(
            template_of(form, number) for form in library.forms for number in range(1, form.page_count + 1)
        )
        self._own: dict[Template, tuple[Word, ...]] = {}

    def lay(self, page: Page) -> Match | None:
        """Answer form, page and the way from the template to the picture. None: no page of a known form."""
        if min(page.picture.shape) < 50:
            return None
        if page.scanned:
            return self._by_code(page) or self._by_picture(page)
        return self._by_print(page) or self._by_code(page) or self._by_picture(page)

    def _by_print(self, page: Page) -> Match | None:
        """Lay a born-digital sheet by its words, among the forms that have its field names, if it has any."""
        named = _with_names(page, self._templates)
        candidates = named or list(self._templates)
        worded = [(found, template) for template in candidates if (found := by_words(page.words, template))]
        held = [pair for pair in worded if pair[0].share >= LEAST_WORDS]
        coded = list(_coded(page.codes, candidates))
        best = max(held, key=lambda pair: (pair[1] in coded, pair[0].share), default=None)
        if best is None:
            return None
        return _printed(page, best[1], best[0], "acroform" if named else "code" if best[1] in coded else "text")

    def _by_code(self, page: Page) -> Match | None:
        for code in page.codes:
            for template in _coded((code,), self._templates):
                found = _lay(page, template, _starts(page, template, code))
                if found is not None and _holds(found, LEAST_QUALITY_WITH_CODE):
                    return _match(found, "code")
        return None

    def _by_picture(self, page: Page) -> Match | None:
        """Compare with every template in every posture, lay over the likeliest few, and keep what holds best."""
        view = reduce(page, 50)
        rough = []
        for guess in likely(page, self._templates, skew_of(page))[:SHORTLIST]:
            laid = coarse(view, guess.template, guess.start)
            if laid is not None:
                rough.append(_Found(guess.template, laid))
        rough.sort(key=lambda found: -found.laid.quality)
        close = [found for found in rough if found.laid.quality >= rough[0].laid.quality - SISTERS]
        exact = list(_refined(page, close))
        told = [(self._told(page, found), found) for found in exact if _holds(found, LEAST_QUALITY)]
        best = max(told, key=lambda pair: pair[0], default=None)
        return _match(best[1], "picture") if best is not None and best[0] > 0 else None

    def _told(self, page: Page, found: _Found) -> float:
        """Answer how like its own printed words are; 0 when they are another form's, though the lines are the same."""
        template = found.template
        if template not in self._own:
            self._own[template] = own_words(template, self._templates)
        told = tell(page, found.laid, template, self._own[template])
        return told.likeness if told.words >= LEAST_TOLD and told.own >= LEAST_TOLD_OWN else 0.0


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


def _starts(page: Page, template: Template, code: Code) -> Iterator[Homography]:
    """Offer the code's own place, turn and size as a start; then the middle of the sheet."""
    if template.code_corners_mm is not None and len(code.corners_px) == len(template.code_corners_mm):
        upright = np.linalg.inv(scale_to(page.dpi_x, page.dpi_y))
        corners = as_points(code.corners_px) @ upright[:2, :2].T + upright[:2, 2]
        yield scale_to(page.dpi_x, page.dpi_y) @ similar(template.code_corners_mm, corners)
    width, height = template.form.page_width_mm, template.form.page_height_mm
    yield centred(page, width, height)
    yield centred(page, width, height, skew_of(page))


def _lay(page: Page, template: Template, starts: Iterable[Homography]) -> _Found | None:
    """Lay a sheet over one template: the first start from which the page is well found, else the best."""
    view = reduce(page, 50)
    best: Laid | None = None
    for start in starts:
        laid = coarse(view, template, start)
        if laid is not None and (best is None or laid.quality > best.quality):
            best = laid
        if best is not None and best.quality >= GOOD_COARSE:
            break
    return next(_refined(page, [_Found(template, best)]), None) if best is not None else None


def _refined(page: Page, rough: Iterable[_Found]) -> Iterator[_Found]:
    view = reduce(page, 100)
    for found in rough:
        laid = fine(view, found.template, found.laid.to_picture)
        if laid is not None and laid.quality < 0.9:
            # Far from the truth the patches differ in size or turn; from nearby they are found better.
            again = fine(view, found.template, laid.to_picture)
            laid = again if again is not None and again.quality >= laid.quality else laid
        if laid is not None:
            yield _Found(found.template, laid)


def _holds(found: _Found, least_quality: float) -> bool:
    return found.laid.quality >= least_quality and found.laid.residual_mm <= MOST_RESIDUAL_MM


def _match(found: _Found, how: str) -> Match:
    laid, template = found.laid, found.template
    return Match(template.form, template.page, laid.to_picture, laid.residual_mm, laid.quality, how)
