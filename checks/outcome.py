"""Outcome: where a submission goes, from all that was found."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from checks.validation import Finding, Outcome, Severity
from ocr.ink import Source
from parsers.reading import Value

Verdict = tuple[Outcome, tuple[str, ...]]


def decide(findings: Sequence[Finding], values: Mapping[str, Value], hold: date | None) -> Verdict:
    """Give the outcome and its reasons.

    A refusal comes first: it is only found where all it rests on is certain, and nothing the customer could add would
    change it. Then doubts: what a clerk reads may turn a gap into a value, so nobody is asked for papers before. Then
    gaps, then the wait, which needs nobody.
    """
    refusals = [f for f in findings if f.severity is Severity.REFUSAL]
    doubts = [f for f in findings if f.severity is Severity.DOUBTFUL or _unconfirmed(f, values)]
    gaps = [f for f in findings if f.severity in (Severity.MISSING, Severity.INVALID)]
    if refusals:
        return Outcome.NOT_ADMISSIBLE, _reasons(f.rule for f in refusals)
    if doubts:
        return Outcome.MANUAL_REVIEW, _reasons(f.rule for f in doubts)
    if gaps:
        return Outcome.INCOMPLETE, _reasons(f.field or f.rule for f in gaps)
    return (Outcome.HELD_UNTIL, ("wait_not_over",)) if hold else (Outcome.READY, ())


def _unconfirmed(finding: Finding, values: Mapping[str, Value]) -> bool:
    """Tell whether an invalid value still waits for a clerk; one that a clerk typed is asked of the customer."""
    value = values.get(finding.field)
    return finding.severity is Severity.INVALID and not (value and value.source is Source.CLERK)


def _reasons(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
