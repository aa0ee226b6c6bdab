"""Recognise a sheet by its printed picture: a few likely templates, laid coarsely, then finely, then told by words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pages.page import Code
from templates.features import agree, features_of
from templates.plane import Homography, apply, as_points, centred, scale_to, similar
from templates.posture import Guess, likely, outlined, skews_of, uneven
from templates.register import GOOD_COARSE, Laid, coarse, fine
from templates.telling import OwnWords, Told, tell
from templates.template import Template
from templates.views import FINE_DPI, Views

LEAST_QUALITY = 0.5
LEAST_QUALITY_WITH_CODE = 0.3
MOST_RESIDUAL_MM = 1.0
LEAST_TOLD = 0.9
LEAST_TOLD_OWN = 0.9
LEAST_LIKENESS = 0.65
"""Measured on the worst channels (third copies faxed, small photos): of the true form at least .98 of the words, all of
its own and these at .81. Of a sister taken for a form that is not known: at most .88, .83 and .72, never together."""
SURE_TOLD = 0.95
SURE_COUNT = 6
"""With so many of its own words found, no other form need be looked at."""
SHORTLIST = 6
WIDE = 3
CLEAR_COARSE = 0.8
LEAST_COARSE = 0.35
LEAST_MARGIN = 0.08
"""Two forms whose own words are found as well as that cannot be told apart."""
SCALES = (0.92, 1.08)
FEATURED = 3


class Known:
    """The pages of all known forms, and their own words."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self.templates = tuple(templates)

    @cached_property
    def own(self) -> OwnWords:
        """Give the words by which sister forms differ."""
        return OwnWords(self.templates)

    def make_ready(self) -> None:
        """Make all of it now, for a process from which many readers are forked."""
        for template in self.templates:
            template.make_ready()
        self.own.of(self.templates[0])


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A template that a sheet was laid over by its picture, and how its words were found."""

    template: Template
    laid: Laid
    told: Told


def by_code(views: Views, template: Template, code: Code) -> Laid | None:
    """Lay a sheet over the page that its code names. None when its print is not found there."""
    best: Laid | None = None
    for start in _starts(views, template, code):
        laid = coarse(views, template, start)
        if laid is not None and (best is None or laid.quality > best.quality):
            best = laid
        if best is not None and best.quality >= GOOD_COARSE:
            break
    laid = fine(views, template, best.to_picture) if best is not None else None
    return laid if laid is not None and _holds(laid, LEAST_QUALITY_WITH_CODE) else None


def _starts(views: Views, template: Template, code: Code) -> Iterator[Homography]:
    """Offer the code's own place, turn and size; then the outline on the table, the sheet's middle, and its points."""
    page = views.page
    if template.code_corners_mm is not None and len(code.corners_px) == len(template.code_corners_mm):
        to_picture = scale_to(page.dpi_x, page.dpi_y)
        upright = np.asarray(np.linalg.inv(to_picture), dtype=np.float64)
        yield to_picture @ similar(template.code_corners_mm, apply(upright, as_points(code.corners_px)))
    yield from (guess.start for guess in outlined(views, [template])[:2])
    width, height = template.form.page_width_mm, template.form.page_height_mm
    for skew in skews_of(views):
        yield from (centred(page, width, height, skew.degrees + quarter) for quarter in skew.quarters)
    yield from (guess.start for guess in _featured(views, [template]))


def by_picture(views: Views, known: Known) -> Seen | tuple[Template, ...]:
    """Find the one template whose print and own words a sheet has.

    Answers the templates between which it cannot decide; none when the sheet is no page of theirs.
    """
    for guesses in _rounds(views, known.templates):
        seen = list(_told(views, guesses, known))
        if seen:
            return _decided(seen)
    return ()


def _rounds(views: Views, templates: Sequence[Template]) -> Iterator[Sequence[Guess]]:
    """Offer guesses, the likeliest first: as it lies, by its outline, larger or smaller, by its points."""
    photo = uneven(views)
    if photo:
        yield outlined(views, templates)[:SHORTLIST]
    skews = skews_of(views)
    for skew in skews:
        yield likely(views, templates, skew)[:SHORTLIST]
    if photo:
        yield _featured(views, templates)
    else:
        yield outlined(views, templates)[:SHORTLIST]
    scaled = [guess for scale in SCALES for guess in likely(views, templates, skews[0], scale)]
    yield sorted(scaled, key=lambda guess: -guess.score)[:SHORTLIST]


def _told(views: Views, guesses: Sequence[Guess], known: Known) -> Iterator[Seen]:
    """Yield the templates that hold, with their words told; one that is sure is the last."""
    for template, laid in _rough(views, guesses):
        if seen := _looked(views, template, laid, known):
            yield seen
            if _sure(seen.told):
                return


def _rough(views: Views, guesses: Sequence[Guess]) -> Iterator[tuple[Template, Laid]]:
    """Lay guesses coarsely: what is clear at once, then the best of the others, which are sought further if need be."""
    rough: list[tuple[Template, Laid]] = []
    for guess in guesses:
        laid = coarse(views, guess.template, guess.start, wide=False)
        if laid is not None and laid.quality >= CLEAR_COARSE:
            yield guess.template, laid
        elif laid is not None:
            rough.append((guess.template, laid))
    if not any(laid.quality >= GOOD_COARSE for _, laid in rough):
        wide = ((g.template, coarse(views, g.template, g.start)) for g in guesses[:WIDE])
        rough += [(template, laid) for template, laid in wide if laid is not None]
    best = sorted(rough, key=lambda pair: -pair[1].quality)[:WIDE]
    yield from (pair for pair in best if pair[1].quality >= LEAST_COARSE)


def _looked(views: Views, template: Template, rough: Laid, known: Known) -> Seen | None:
    laid = fine(views, template, rough.to_picture)
    if laid is None or not _holds(laid, LEAST_QUALITY):
        return None
    told = tell(views, laid, template, known.own.of(template))
    return Seen(template, laid, told) if _is_told(told) else None


def _is_told(told: Told) -> bool:
    return told.words >= LEAST_TOLD and told.own >= LEAST_TOLD_OWN and told.likeness >= LEAST_LIKENESS


def _decided(seen: Sequence[Seen]) -> Seen | tuple[Template, ...]:
    ranked = sorted(seen, key=lambda one: -one.told.likeness)
    best = ranked[0]
    rivals = [one for one in ranked[1:] if one.template.form.key != best.template.form.key]
    if _sure(best.told) or not rivals or best.told.likeness - rivals[0].told.likeness >= LEAST_MARGIN:
        return best
    return best.template, *(one.template for one in rivals)


def _sure(told: Told) -> bool:
    return told.count >= SURE_COUNT and min(told.words, told.own) >= SURE_TOLD


def _featured(views: Views, templates: Sequence[Template]) -> list[Guess]:
    """Guess by points that are known again from any angle."""
    view = views.at(FINE_DPI)
    points = features_of(view.picture)
    agreed = [(t, found) for t in templates if (found := agree(t.features, points, view.from_full))]
    agreed.sort(key=lambda pair: -pair[1].count)
    return [Guess(template, found.to_picture, float(found.count)) for template, found in agreed[:FEATURED]]


def _holds(laid: Laid, least_quality: float) -> bool:
    return laid.quality >= least_quality and laid.residual_mm <= MOST_RESIDUAL_MM
