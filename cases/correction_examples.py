"""Corrections as labelled examples: what was read, and what is right, where a person looked and typed it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from cases.correction import Act, Target
from cases.correction_tables import CorrectionRow
from cases.register import RegisterNumber
from cases.tables import CaseRow


@dataclass(frozen=True, slots=True)
class Example:
    """One field of one case that a person put right or confirmed. ``read`` is what the machine had, before any grammar.

    A value that was kept against the checks is no example, nor is one that was undone or typed over later.
    """

    number: RegisterNumber
    field: str
    read: str
    source: str
    right: str | bool | list[str]
    at: datetime


def examples(session: Session, since: datetime | None = None) -> Iterator[Example]:
    """Yield the examples of all cases whose contents are not erased, in the order in which they were made."""
    asked = select(CorrectionRow, CaseRow).join(CaseRow, col(CaseRow.id) == col(CorrectionRow.case_id))
    asked = asked.where(col(CorrectionRow.target) == Target.FIELD.value, col(CorrectionRow.undone_at).is_(None))
    if since is not None:
        asked = asked.where(col(CorrectionRow.at) >= since)
    last: dict[tuple[int, str], tuple[CorrectionRow, CaseRow]] = {}
    for row in session.execute(asked.order_by(col(CorrectionRow.id))):
        last[(row[0].case_id, row[0].name)] = (row[0], row[1])
    for said, case in sorted(last.values(), key=lambda pair: pair[0].id):
        told = case.payload["fields"].get(said.name, {})
        if said.act == Act.VALUE and told.get("state") == "filled" and told.get("source") == "clerk":
            number = RegisterNumber(case.year, case.number)
            first = said.was if said.was.get("source") != "clerk" else {}
            yield Example(number, said.name, first.get("raw", ""), first.get("source", ""), told["value"], said.at)
