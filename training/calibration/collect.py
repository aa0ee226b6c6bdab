"""Fill forms, send them by every channel, read them, and note for each reading its evidence and whether it is right.

Nothing here looks at how the reading decides: the evidence is what ``parsers`` recorded, the truth what was written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from ocr.read import Reader
from pages.page import Page
from parsers.evidence import Manner
from parsers.extract import extract
from parsers.reading import Content, candidate
from samples.channels.named import send
from samples.degrade import draw_pages
from samples.draft import Draft
from samples.handwritten import Habit, hand_fill
from samples.make import paperwork
from samples.penman import Penman
from samples.scenarios import SCENARIOS
from samples.typed import draw_hand, print_form
from templates.form import Form, Kind, Match
from templates.identify import Identifier
from training.calibration.rows import Trial

DRAWN_DPI = 300
DAY = date(2026, 11, 20)
HAND_CHANNELS = ("scan-200", "scan-bw", "fax-fine", "fax-standard", "photo")
CHANNELS = (
    "scan-300",
    "scan-200",
    "scan-bw",
    "copy-3",
    "fax-fine",
    "fax-screened",
    "fax-standard",
    "fax-of-copy",
    "photo",
)
SCENARIO = "complete-delegate"


@dataclass(frozen=True, slots=True)
class Bench:
    """What reads the pages."""

    identifier: Identifier
    reader: Reader
    penmen: Sequence[Penman] = ()
    """Who fills the forms by hand; without them they are typed."""


def trials(bench: Bench, channel: str, seed: str, count: int) -> Iterator[Trial]:
    """Yield the readings of ``count`` forms sent through a channel; the same for the same seed and engines."""
    scenario = SCENARIOS[SCENARIO]
    for number in range(count):
        rng = Random(f"calibration/{seed}/{channel}/{number}")
        draft = scenario.draft(rng, scenario.procedures[number % len(scenario.procedures)])
        form = paperwork().forms[draft.case.procedure]
        yield from _form(bench, channel, number, form, draft, rng)


def _form(bench: Bench, channel: str, draft_number: int, form: Form, draft: Draft, rng: Random) -> Iterator[Trial]:
    printed = _filled(bench, form, draft, rng)
    for number, picture in enumerate(draw_pages(printed, DRAWN_DPI), 1):
        seen = send(channel, picture, rng)
        page = Page("sheet", "0" * 64, number, seen.picture, *seen.dpi)
        match = bench.identifier.lay(page)
        if not isinstance(match, Match) or (match.form.code, match.page) != (form.code, number):
            continue
        yield from _judged(channel, draft_number, bench, page, match, draft)


def _filled(bench: Bench, form: Form, draft: Draft, rng: Random) -> bytes:
    if not bench.penmen:
        return print_form(form, draft.stated, draw_hand(rng), rng)
    return hand_fill(form, dict(draft.stated), Habit(rng.choice(bench.penmen)), rng)


def _judged(channel: str, draft_number: int, bench: Bench, page: Page, match: Match, draft: Draft) -> Iterator[Trial]:
    values = extract(match.form, bench.reader.read(page, match), DAY)
    for name, value in values.items():
        if value.evidence is None or match.form.fields[name].kind is Kind.INK:
            continue
        if bool(bench.penmen) != (value.evidence.manner is Manner.CELLS):
            continue  # taken for type in a form by hand, or the other way round: a curve of so few says nothing
        truth, found = draft.stated.get(name), candidate(value)
        yield Trial(channel, draft_number, name, value.evidence, same(truth, found), _shown(found), _shown(truth))


def same(truth: Content, found: Content) -> bool:
    """Tell whether a reading says exactly what was written; a list may be proposed as one text."""
    if isinstance(truth, tuple) and isinstance(found, str):
        return found == ", ".join(truth)
    return truth == found


def _shown(content: Content) -> str:
    return ", ".join(content) if isinstance(content, tuple) else str(content)
