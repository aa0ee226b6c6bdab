"""What is due to be erased: by class, after so many days, never under a legal hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from cases.case import CaseState
from cases.erase import Erasure

ENDED: Final = (CaseState.REFUSED, CaseState.HANDED_OVER, CaseState.LINKED, CaseState.CLOSED)
"""The states in which the gateway has nothing more to do."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days each class of contents is kept; 0 keeps it. ``hold`` names cases that are never touched."""

    originals: int = 0
    values: int = 0
    no_case: int = 0
    legal_hold: bool = False
    hold: tuple[str, ...] = ()


_ENDED: Final = """
    SELECT r.id FROM receipt r
     WHERE r.state = 'settled' AND (:left = 'originals' AND r.erased_at IS NULL OR :left = 'values' AND EXISTS
                (SELECT 1 FROM case_ c WHERE c.receipt_id = r.id
                    AND NOT c.payload -> 'findings' @> '[{"rule": "erased"}]'))
       AND EXISTS (SELECT 1 FROM case_ c WHERE c.receipt_id = r.id)
       AND NOT EXISTS (SELECT 1 FROM case_ c WHERE c.receipt_id = r.id
                          AND (c.state <> ALL(:ended) OR c.year || '/' ||
                               lpad(c.number::text, greatest(7, length(c.number::text)), '0') = ANY(:hold)))
       AND (SELECT max(s.at) FROM case_step s JOIN case_ c ON c.id = s.case_id WHERE c.receipt_id = r.id) < :before
       AND NOT EXISTS (SELECT 1 FROM case_ c
                         JOIN case_link l ON l.case_id = c.id JOIN case_ home ON home.id = l.carrier_id
                        WHERE c.receipt_id = r.id AND l.ended_at IS NULL AND l.kind <> 'maybe'
                          AND home.state <> ALL(:ended))
     ORDER BY r.id
"""
"""What a case still needs that is at work is not due, though it came in another delivery."""
_NO_CASE: Final = """
    SELECT r.id FROM receipt r
     WHERE r.state = 'settled' AND r.erased_at IS NULL AND r.settled_at < :before
       AND NOT EXISTS (SELECT 1 FROM case_ c WHERE c.receipt_id = r.id)
     ORDER BY r.id
"""


def due(session: Session, retention: Retention, now: datetime) -> tuple[Erasure, ...]:
    """List what is due, each receipt once."""
    if retention.legal_hold:
        return ()
    found: dict[str, set[int]] = {}
    for name, days in (("originals", retention.originals), ("values", retention.values)):
        facts: dict[str, object] = {"left": name, "ended": [s.value for s in ENDED], "hold": list(retention.hold)}
        facts["before"] = now - timedelta(days=days)
        found[name] = set(session.scalars(text(_ENDED), facts)) if days else set()
    before = {"before": now - timedelta(days=retention.no_case)}
    none = set(session.scalars(text(_NO_CASE), before)) if retention.no_case else set()
    cases = (
        Erasure(n, "retention", original=n in found["originals"], values=n in found["values"])
        for n in sorted(found["originals"] | found["values"])
    )
    return (*cases, *(Erasure(n, "retention: no case") for n in sorted(none)))
