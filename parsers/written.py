"""The value of a written field."""

from datetime import date

from ocr.ink import Ink, Presence, Source
from pages.doubt import SENTENCES, Doubt
from parsers.acceptance import Acceptance
from parsers.believe import believe
from parsers.fields.parsed import Context
from parsers.handwritten import judge_hand
from parsers.kinds import PARSERS
from parsers.reading import State, Value
from parsers.refusals import says_not_applicable
from parsers.verdict import NOTHING_READ, Verdict, filled, invalid, unreadable
from templates.form import Field, Kind

UNDECIDED = 0.5
"""Of two views one is right, and nothing here says which."""
EXACT = frozenset({Source.ACROFORM, Source.TEXT, Source.CLERK, Source.ONLINE})
"""Sources that give characters, not guesses at them."""


def context_of(field: Field, today: date) -> Context:
    """Say what the parsers may know about a field."""
    return Context(today=today, birth="birth" in field.name or "nascita" in field.name, max_length=field.max_length)


def written(field: Field, ink: Ink, today: date, bounds: Acceptance) -> Value:
    """Value a written field: the ink test first, then the marks for "not applicable", then the grammar."""
    context = context_of(field, today)
    return _verdict(field, ink, context, bounds).of(field, ink, ink.text)


def _verdict(field: Field, ink: Ink, context: Context, bounds: Acceptance) -> Verdict:
    if ink.presence is Presence.EMPTY:
        return Verdict(State.EMPTY, None, ink.confidence)
    if ink.presence is Presence.STRUCK or _says_not_applicable(field, ink, bounds):
        return Verdict(State.NOT_APPLICABLE, None, ink.confidence)
    if ink.doubt is not None and not _is_only_long(field, ink):
        return _doubted(field, ink, ink.doubt, context)
    if ink.source in EXACT:
        return _exact(field, ink, context)
    return _guessed(field, ink, context, bounds)


def _guessed(field: Field, ink: Ink, context: Context, bounds: Acceptance) -> Verdict:
    """Judge what an engine read, typed or written by hand."""
    if not ink.text.strip() and ink.lattice is None and ink.cells is None:
        return unreadable(ink.confidence, ink.others, NOTHING_READ)
    if ink.source is Source.HANDPRINT:
        return judge_hand(field.kind, ink, context, bounds)
    return believe(field.kind, ink, context, bounds)


def _says_not_applicable(field: Field, ink: Ink, bounds: Acceptance) -> bool:
    """Believe a stroke only where it was read well: a faint 1 looks like one."""
    clear = ink.source in EXACT or ink.confidence >= bounds.stroke
    return clear and says_not_applicable(ink.text, field.kind)


def _is_only_long(field: Field, ink: Ink) -> bool:
    """Tell whether a story merely runs on beyond its box: its writer scrolled through it, and people will read it."""
    return ink.doubt is Doubt.CUT_OFF and field.kind is Kind.LONG_TEXT


def _doubted(field: Field, ink: Ink, doubt: Doubt, context: Context) -> Verdict:
    """Ask which holds: the value in the file, or what the sheet shows."""
    views = [text for text in (ink.text, *ink.others) if text and text.strip()]
    parsed = [PARSERS[field.kind].parse(text, context).value for text in views]
    shown = [value if isinstance(value, str) else text for value, text in zip(parsed, views, strict=True)]
    return unreadable(UNDECIDED, shown, SENTENCES[doubt])


def _exact(field: Field, ink: Ink, context: Context) -> Verdict:
    if not ink.text.strip():
        return Verdict(State.EMPTY, None, ink.confidence)
    parsed = PARSERS[field.kind].parse(ink.text, context)
    if parsed.value is None:
        return invalid(ink.confidence, parsed.reason, parsed.proposals)
    return filled(parsed.value, ink.confidence, parsed.proposals)
