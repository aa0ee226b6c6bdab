"""Second entry: a field is keyed again by somebody who sees neither the first value nor the machine's.

Where the two differ a third person, who is neither of them, says which is right. What comes of it is the measured
share of wrong fields, with its interval; nothing in a case changes by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import exists, func, or_, select
from sqlmodel import Session, col

from cases.case import CaseState
from cases.correction_tables import CorrectionRow, SecondRow
from cases.erase import was_erased
from cases.tables import CaseRow
from cases.wilson import wilson
from templates.form import Kind
from templates.load import Library

_WRITTEN: Final = frozenset(Kind) - {Kind.INK, Kind.LONG_TEXT}
_DONE: Final = (CaseState.QUEUED, CaseState.HANDED_OVER, CaseState.CLOSED, CaseState.WAITING_CUSTOMER, CaseState.HELD)
_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which fields are keyed again: one of each case in a share of the cases, and every field of some kinds in it."""

    share: float = 0.05
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError("the share of cases lies between 0 and 1")


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many fields were wrong, with the Wilson interval of 95 %."""

    name: str
    wrong: int
    total: int

    @property
    def share(self) -> float:
        """The share of wrong ones."""
        return self.wrong / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Give the bounds between which the true share lies.

        >>> low, high = Rate("date", 1, 100).interval
        >>> round(low, 3), round(high, 3)
        (0.002, 0.054)
        """
        return wilson(self.wrong, self.total)


def sampled(number: str, sampling: Sampling) -> bool:
    """Tell whether a case is in the sample: by its number alone, so that nobody can steer it and none is drawn twice.

    >>> sampled("2026/0000001", Sampling(1.0)), sampled("2026/0000001", Sampling(0.0))
    (True, False)
    """
    return int.from_bytes(sha256(f"second {number}".encode()).digest()[:8], "big") / 2**64 < sampling.share


def choose(session: Session, forms: Library, sampling: Sampling, now: datetime) -> int:
    """Put fields of cases that went on into the sample; give how many cases were looked at."""
    newest = session.execute(select(func.max(col(SecondRow.case_id)))).scalar() or 0
    done = select(CaseRow).where(col(CaseRow.id) > newest, col(CaseRow.state).in_([str(s) for s in _DONE]))
    rows = session.scalars(done.order_by(col(CaseRow.id)).limit(_AT_ONCE)).all()
    for row in rows:
        if sampled(f"{row.year}/{row.number:07d}", sampling) and not was_erased(row.payload):
            session.add_all(_fields_of(row, forms, sampling, now))
    return len(rows)


def _fields_of(row: CaseRow, forms: Library, sampling: Sampling, now: datetime) -> Sequence[SecondRow]:
    form = next((f for f in forms if (f.code, f.edition) == (row.form, row.edition)), None)
    told = row.payload["fields"]
    fields = [f for f in form.fields.values() if f.kind in _WRITTEN and _is_told(told.get(f.name))] if form else []
    if not fields:
        return ()
    at = int.from_bytes(sha256(f"field {row.year}/{row.number}".encode()).digest()[:8], "big") % len(fields)
    wanted = {fields[at].name: fields[at], **{f.name: f for f in fields if f.kind in sampling.kinds}}
    return [
        SecondRow(
            case_id=row.id, field=f.name, kind=f.kind.value, channel=row.channel, source=told[f.name]["source"],
            chosen_at=now, first={key: told[f.name][key] for key in ("value", "state")}, first_by="",
            second={}, second_by="", third_by="", right="",
        )
        for f in wanted.values()
    ]  # fmt: skip


def _is_told(told: Any) -> bool:  # noqa: ANN401  JSON
    return bool(told) and bool(told["file"]) and told["state"] == "filled"


def waiting_for(session: Session, actor: str) -> SecondRow | None:
    """Give a field that this person may key or decide, decisions first: never one on which they spoke before."""
    spoke = exists().where(
        col(CorrectionRow.case_id) == col(SecondRow.case_id),
        col(CorrectionRow.name) == col(SecondRow.field),
        col(CorrectionRow.actor) == actor,
    )
    open_rows = select(SecondRow).where(col(SecondRow.settled_at).is_(None), col(SecondRow.second_by) != actor, ~spoke)
    return session.scalars(open_rows.order_by(col(SecondRow.second_at).is_(None), col(SecondRow.id)).limit(1)).first()


def enter(session: Session, row_id: int, actor: str, second: dict[str, Any], now: datetime) -> SecondRow:
    """Take the second entry of a field; where it is the same as the first, that was right.

    Raises ``KeyError`` for a field that is not open, ``ValueError`` when the person entered it before.
    """
    row = session.get(SecondRow, row_id, with_for_update=True)
    if row is None or row.settled_at is not None or row.second_at is not None:
        raise KeyError(row_id)
    row.second, row.second_by, row.second_at = second, actor, now
    if _same(row.first, second):
        row.right, row.settled_at = "first", now
    return row


def decide(session: Session, row_id: int, actor: str, right: str, now: datetime) -> SecondRow:
    """Let a third person say which entry is right: ``first``, ``second`` or ``neither``. Raises as ``enter``."""
    row = session.get(SecondRow, row_id, with_for_update=True)
    if row is None or row.settled_at is not None or row.second_at is None:
        raise KeyError(row_id)
    if actor == row.second_by or right not in {"first", "second", "neither"}:
        raise ValueError("somebody else must decide, between the first, the second and neither")
    row.third_by, row.right, row.settled_at = actor, right, now
    return row


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    def bare(told: dict[str, Any]) -> tuple[object, object]:
        value = told["value"]
        return told["state"], value.casefold().strip() if isinstance(value, str) else value

    return bare(one) == bare(other)


def rates(session: Session, by: str) -> tuple[Rate, ...]:
    """Give the measured rates by ``kind``, ``channel`` or ``source``, the largest first."""
    column = {"kind": col(SecondRow.kind), "channel": col(SecondRow.channel), "source": col(SecondRow.source)}[by]
    wrong = func.count().filter(col(SecondRow.right) != "first")
    query = select(column, wrong, func.count()).where(col(SecondRow.settled_at).is_not(None)).group_by(column)
    found = [Rate(name, bad, total) for name, bad, total in session.execute(query)]
    return tuple(sorted(found, key=lambda rate: (-rate.share, rate.name)))


def total(session: Session) -> Rate:
    """Give the measured rate over all fields."""
    wrong = func.count().filter(col(SecondRow.right) != "first")
    bad, every = session.execute(select(wrong, func.count()).where(col(SecondRow.settled_at).is_not(None))).one()
    return Rate("", bad, every)


def open_count(session: Session) -> int:
    """Count the fields that wait for a second or third person."""
    return session.execute(select(func.count()).where(col(SecondRow.settled_at).is_(None))).scalar() or 0


def wrong_ones(session: Session, limit: int = 50) -> Sequence[tuple[SecondRow, CaseRow]]:
    """List the fields that were found wrong, newest first, with their cases: somebody should put them right."""
    bad = or_(col(SecondRow.right) == "second", col(SecondRow.right) == "neither")
    query = select(SecondRow, CaseRow).join(CaseRow, col(CaseRow.id) == col(SecondRow.case_id)).where(bad)
    return [(row[0], row[1]) for row in session.execute(query.order_by(col(SecondRow.settled_at).desc()).limit(limit))]
