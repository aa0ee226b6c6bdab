"""Whether to believe what an engine read: a value that is not sure is a question for a clerk, never a guess."""

from collections.abc import Iterable, Iterator

from ocr.ink import Ink, Lattice
from parsers.acceptance import Acceptance
from parsers.agreement import agree, combined
from parsers.decode import Decoded, decode
from parsers.evidence import Evidence, Manner, Vote
from parsers.fields import municipality
from parsers.fields.folding import key, squeeze
from parsers.fields.parsed import Context, Parts
from parsers.kinds import PARSERS
from parsers.legal_forms import spelled
from parsers.patterns import Grammar, grammar, judge
from parsers.verdict import NOT_CLEAR, READERS_DIFFER, Verdict, filled, invalid, unreadable
from templates.form import Kind

FRAGILE = frozenset(" .,;:'’-/Il1|")


def believe(kind: Kind, ink: Ink, context: Context, bounds: Acceptance) -> Verdict:
    """Judge the reading of a written field: by its pattern where there is one and a lattice, else by its text."""
    shape = grammar(kind, context)
    if shape is None or ink.lattice is None:
        return by_text(kind, ink, context, bounds)
    return by_pattern(kind, ink, shape, ink.lattice, context, bounds)


def by_text(kind: Kind, ink: Ink, context: Context, bounds: Acceptance) -> Verdict:
    """Judge a text by its engine's confidence, further readers and, for places, the official list."""
    text = best_text(kind, ink, context)
    parsed = PARSERS[kind].parse(text, context)
    if parsed.value is None:
        others = [*parsed.proposals, *_others(kind, ink, context)]
        return (
            invalid(ink.confidence, parsed.reason, parsed.proposals)
            if ink.confidence >= bounds.wrong
            else (unreadable(ink.confidence, others))
        )
    evidence = Evidence(
        kind=kind,
        manner=Manner.BLOCK if kind is Kind.LONG_TEXT else Manner.WORDS,
        medium=ink.medium,
        sheet=ink.sheet,
        legible=ink.legible,
        faithful=ink.faithful,
        reader=ink.engine.partition(" (")[0],
        confidence=ink.confidence,
        listed=kind is Kind.MUNICIPALITY and _listed(text, context),
        votes=tuple(_vote_on_text(ink.text, other) for other in ink.others if other),
        length=len(text),
        fragile=_fragile(text),
    )
    return weighed(parsed.value, evidence, [*parsed.proposals, *_others(kind, ink, context)], bounds)


def by_pattern(kind: Kind, ink: Ink, shape: Grammar, lattice: Lattice, context: Context, bounds: Acceptance) -> Verdict:
    """Judge a decoded text by how well it fits, its check, and further readers."""
    found = decode(lattice, shape, judge(kind, context))
    value = PARSERS[kind].parse(found.text, context).value if found.passes else None
    if value is not None and found.penalty <= bounds.proposal_penalty:
        return weighed(
            value, _pattern_evidence(kind, ink, found, value, shape, context), _others(kind, ink, context), bounds
        )
    raw = by_text(kind, ink, context, bounds)
    if raw.value is not None and ink.confidence >= bounds.alone:
        return raw  # written another way than the patterns know: 3 aprile 2025
    wrong = _clearly_wrong(kind, ink, found, context, bounds)
    return wrong or unreadable(ink.confidence, [*_repairs(kind, found, context), *raw.proposals])


def weighed(value: Parts, evidence: Evidence, others: Iterable[str], bounds: Acceptance) -> Verdict:
    """Take a value whose evidence is worth enough; else ask, with the value as the first proposal."""
    sure = bounds.probability(evidence)
    if bounds.takes(evidence, sure):
        return filled(value, sure, others, evidence)
    reason = READERS_DIFFER if Vote.DIFFERS in evidence.votes else NOT_CLEAR
    return unreadable(sure, [*_shown(value), *others], reason, evidence)


def best_text(kind: Kind, ink: Ink, context: Context) -> str:
    """Combine the engines' texts; a comune of the list wins over a near reading that is not in it."""
    text = ink.text
    for other in ink.others:
        text = combined(text, other or None)
    if kind is Kind.TEXT:
        return spelled(text)
    if kind is Kind.MUNICIPALITY and not _listed(text, context):
        near = municipality.nearest(text)
        return next((o for o in ink.others if near and _listed(o, context) and agree(near, o)), text)
    return text


def _pattern_evidence(kind: Kind, ink: Ink, found: Decoded, value: Parts, shape: Grammar, context: Context) -> Evidence:
    gaps = [others[0].gap for others in found.alternatives if others]
    parse = PARSERS[kind].parse
    said = [parse(other, context).value for other in ink.others if other]
    return Evidence(
        kind=kind,
        manner=Manner.PATTERN,
        medium=ink.medium,
        sheet=ink.sheet,
        legible=ink.legible,
        faithful=ink.faithful,
        reader=ink.engine.partition(" (")[0],
        confidence=found.confidence,
        penalty=max(0.0, found.penalty - found.fixed),
        margin=min(gaps, default=0.0),
        checked=shape.checked,
        votes=tuple(Vote.SAME if other == value else Vote.DIFFERS for other in said),
        length=len(found.text),
        fragile=_fragile(found.text),
    )


def _vote_on_text(text: str, other: str) -> Vote:
    if squeeze(text) == squeeze(other):
        return Vote.SAME
    return Vote.ALIKE if agree(text, other) else Vote.DIFFERS


def _fragile(text: str) -> int:
    return sum(1 for sign in text if sign in FRAGILE or not sign.isascii())


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


def _repairs(kind: Kind, found: Decoded, context: Context) -> Iterator[str]:
    for repair in found.proposals:
        yield from _shown(PARSERS[kind].parse(repair.text, context).value)


def _listed(text: str, context: Context) -> bool:
    return bool(municipality.candidates(municipality.compact(text), birth=context.birth))


def _others(kind: Kind, ink: Ink, context: Context) -> list[str]:
    """Parse the further readings; an empty one counts as none, since a character filter can empty it."""
    return [shown for other in ink.others if other for shown in _shown(PARSERS[kind].parse(other, context).value)]


def _shown(value: Parts | None) -> tuple[str, ...]:
    """Write a value as a clerk would type it; the entries of a list are one text."""
    return () if value is None else ((value,) if isinstance(value, str) else (", ".join(value),))
