"""Whether to believe what a hand wrote: cells by what their evidence is worth, lines never by themselves."""

from dataclasses import replace

from ocr.ink import Ink
from parsers.acceptance import Acceptance
from parsers.decode import decode
from parsers.evidence import Evidence, Manner, Vote
from parsers.fields import municipality
from parsers.fields.parsed import Context
from parsers.hand_cells import HandReading, decode_cells
from parsers.kinds import PARSERS
from parsers.patterns import grammar, judge
from parsers.verdict import Verdict, filled, unreadable
from templates.form import Kind

BY_HAND = "Il campo è scritto a mano: confrontare con l'immagine e confermare o riscrivere il valore."
SECOND_OPINION = 3.0
"""Nats that a pattern may cost the line reader, and its reading still be an opinion."""


def judge_hand(kind: Kind, ink: Ink, context: Context, bounds: Acceptance) -> Verdict:
    """Judge a field that a hand wrote; its raw text is what the cells show, which no check has repaired."""
    if ink.cells is None:
        return _line(kind, ink, context)
    read = decode_cells(ink.cells, kind, context)
    return replace(_cells(kind, ink, read, context, bounds), raw=read.shown)


def second_opinion(kind: Kind, ink: Ink, context: Context) -> str:
    """Decode what the line reader saw in the same cells, "" where it saw nothing of the kind's shape."""
    shape = grammar(kind, context)
    if shape is None or ink.lattice is None:
        return ""
    found = decode(ink.lattice, shape, judge(kind, context))
    return found.text if found.penalty <= SECOND_OPINION else ""


def chance(kind: Kind, read: HandReading) -> float:
    """Answer the probability that the best text is exactly right: with a check its share, without one the product."""
    if kind is Kind.TAX_CODE:
        return read.share
    return min(read.share, read.plain) if read.best == read.shown else 0.0


def evidence_of(kind: Kind, ink: Ink, read: HandReading, context: Context) -> Evidence:
    """Collect what speaks for the best text that cells can be."""
    opinion = second_opinion(kind, ink, context)
    return Evidence(
        kind=kind,
        manner=Manner.CELLS,
        medium=ink.medium,
        sheet=ink.sheet,
        reader=ink.engine.partition(" (")[0],
        confidence=chance(kind, read),
        penalty=read.forced,
        margin=read.margin,
        checked=kind is Kind.TAX_CODE,
        votes=((Vote.SAME if opinion == read.best else Vote.DIFFERS),) if opinion else (),
        length=len(read.best),
    )


def _cells(kind: Kind, ink: Ink, read: HandReading, context: Context, bounds: Acceptance) -> Verdict:
    value = PARSERS[kind].parse(read.best, context).value if read.best else None
    evidence = evidence_of(kind, ink, read, context)
    if value is None or not read.clear or read.overrules(read.best) or Vote.DIFFERS in evidence.votes:
        # Without evidence no other field can make up for what the cells do not say: a person decides.
        return unreadable(evidence.confidence, _shown(kind, read, context), BY_HAND)
    sure = bounds.probability(evidence)
    if bounds.takes(evidence, sure):
        return filled(value, sure, evidence=evidence)
    return unreadable(sure, _shown(kind, read, context), BY_HAND, evidence)


def _shown(kind: Kind, read: HandReading, context: Context) -> list[str]:
    parsed = [PARSERS[kind].parse(text, context).value for text in read.texts]
    return [value for value in parsed if isinstance(value, str)] or [read.shown]


def _line(kind: Kind, ink: Ink, context: Context) -> Verdict:
    """Offer what the line reader read; nothing but a second field can confirm it."""
    parsed = PARSERS[kind].parse(ink.text, context)
    near = municipality.nearest(ink.text) if kind is Kind.MUNICIPALITY else ""
    values = [parsed.value] if isinstance(parsed.value, str) else []
    return unreadable(min(ink.confidence, 0.5), [near, *values, *parsed.proposals, ink.text], BY_HAND)
