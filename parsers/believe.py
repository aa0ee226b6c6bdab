"""Whether to believe what an engine read: a value that is not sure is a question for a clerk, never a guess."""

from collections.abc import Iterator

from ocr.ink import Ink, Lattice
from parsers.acceptance import Acceptance
from parsers.agreement import agree, combined
from parsers.decode import Decoded, decode
from parsers.fields import municipality
from parsers.fields.folding import key
from parsers.fields.parsed import Context, Parts
from parsers.kinds import PARSERS
from parsers.legal_forms import spelled
from parsers.patterns import Grammar, grammar, judge
from parsers.verdict import READERS_DIFFER, Verdict, filled, invalid, unreadable
from templates.form import Kind


def believe(kind: Kind, ink: Ink, context: Context, bounds: Acceptance) -> Verdict:
    """Judge the reading of a written field: by its pattern where there is one and a lattice, else by its text."""
    shape = grammar(kind, context)
    if shape is None or ink.lattice is None:
        return by_text(kind, ink, context, bounds)
    return by_pattern(kind, ink, shape, ink.lattice, context, bounds)


def by_text(kind: Kind, ink: Ink, context: Context, bounds: Acceptance) -> Verdict:
    """Judge a text by its engine's confidence, a second engine and, for places, the official list."""
    text, sure = best_text(kind, ink, context), ink.confidence
    parsed = PARSERS[kind].parse(text, context)
    second = _second(kind, ink, context)
    if parsed.value is None:
        if sure >= bounds.wrong:
            return invalid(sure, parsed.reason, parsed.proposals)
        return unreadable(sure, [*parsed.proposals, *_shown(second)])
    if sure >= _bound(kind, text, ink, context, bounds):
        return filled(parsed.value, sure, parsed.proposals)
    return unreadable(sure, [*_shown(parsed.value), *_shown(second)])


def by_pattern(kind: Kind, ink: Ink, shape: Grammar, lattice: Lattice, context: Context, bounds: Acceptance) -> Verdict:
    """Judge a decoded text by how well it fits, its check, and a second engine."""
    found = decode(lattice, shape, judge(kind, context))
    value = PARSERS[kind].parse(found.text, context).value if found.passes else None
    allowed = bounds.checked_penalty if shape.checked else bounds.silent_penalty
    if value is not None and value == _second(kind, ink, context):
        allowed = bounds.proposal_penalty
    if value is not None and found.penalty - found.fixed <= allowed and found.penalty <= bounds.proposal_penalty:
        return _fitting(kind, ink, found, value, shape, context, bounds)
    raw = by_text(kind, ink, context, bounds)
    if raw.value is not None and ink.confidence >= bounds.alone:
        return raw  # written another way than the patterns know: 3 aprile 2025
    wrong = _clearly_wrong(kind, ink, found, context, bounds)
    return wrong or unreadable(ink.confidence, [*_proposals(kind, found, context, bounds), *raw.proposals])


def best_text(kind: Kind, ink: Ink, context: Context) -> str:
    """Combine two engines' texts; a comune of the list wins over a near reading that is not in it."""
    text = combined(ink.text, ink.second or None)
    if kind is Kind.TEXT:
        return spelled(text)
    if kind is Kind.MUNICIPALITY and ink.second and not _listed(text, context) and _listed(ink.second, context):
        near = municipality.nearest(text)
        return ink.second if near and agree(near, ink.second) else text
    return text


def _fitting(
    kind: Kind, ink: Ink, found: Decoded, value: Parts, shape: Grammar, context: Context, bounds: Acceptance
) -> Verdict:
    second = _second(kind, ink, context)
    sure = found.confidence
    if second == value:
        # Two readers that err independently: the doubt that is left is the product of both doubts.
        return filled(value, 1 - (1 - sure) / 10) if sure >= bounds.agreed else unreadable(sure, _shown(value))
    if shape.checked:
        # A wrong character would pass the check in one case of ten (Luhn) or twenty-six.
        return filled(value, 1 - (1 - sure) / 10) if sure >= bounds.checked else unreadable(sure, _shown(value))
    if second is not None and kind in bounds.second_decides:
        return unreadable(sure, [*_shown(value), *_shown(second)], READERS_DIFFER)
    bound = bounds.alone if second is None else bounds.differing
    return filled(value, sure) if sure >= bound else unreadable(sure, [*_shown(value), *_shown(second)])


def _clearly_wrong(kind: Kind, ink: Ink, found: Decoded, context: Context, bounds: Acceptance) -> Verdict | None:
    """Find fault with the customer only where the ink is clear and no cheap repair makes the reading doubtful."""
    if ink.confidence < bounds.wrong or any(r.cost < bounds.repair_cost for r in found.proposals):
        return None
    fits = not found.passes and found.penalty <= bounds.silent_penalty
    if not fits and found.penalty <= bounds.proposal_penalty:
        return None
    refused = PARSERS[kind].parse(ink.text, context)
    if refused.value is not None or (not fits and _is_look_alike(ink.text, refused.proposals)):
        return None
    return invalid(ink.confidence, refused.reason, refused.proposals)


def _is_look_alike(text: str, proposals: tuple[str, ...]) -> bool:
    """Tell whether a proposal only changes letters and digits in their places: a slip of the reader, not of the pen."""
    return any(len(key(p)) == len(key(text)) and key(p) != key(text) for p in proposals)


def _proposals(kind: Kind, found: Decoded, context: Context, bounds: Acceptance) -> Iterator[str]:
    if found.passes and found.penalty <= bounds.proposal_penalty:
        yield from _shown(PARSERS[kind].parse(found.text, context).value)
    for repair in found.proposals:
        yield from _shown(PARSERS[kind].parse(repair.text, context).value)


def _bound(kind: Kind, text: str, ink: Ink, context: Context, bounds: Acceptance) -> float:
    """Choose the confidence that a text needs."""
    if kind is Kind.LONG_TEXT:
        return bounds.long_text
    if ink.second and agree(text, ink.second):
        return bounds.agreed
    if kind is Kind.MUNICIPALITY and _listed(text, context):
        return bounds.lexicon
    if ink.second:
        return bounds.differing
    return bounds.alone if grammar(kind, context) else bounds.free_text


def _listed(text: str, context: Context) -> bool:
    return bool(municipality.candidates(municipality.compact(text), birth=context.birth))


def _second(kind: Kind, ink: Ink, context: Context) -> Parts | None:
    """Parse the second reading; an empty one counts as none, since a character filter can empty it."""
    return PARSERS[kind].parse(ink.second, context).value if ink.second else None


def _shown(value: Parts | None) -> tuple[str, ...]:
    return () if value is None else ((value,) if isinstance(value, str) else value)
