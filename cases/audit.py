"""The audit trail: who saw what, and who changed what from what to what. Append-only, each line chained by its hash.

It is built like the conservation ledger (``cases.ledger``): what a line says is personal data and can be erased, so
the chain goes over its seal. A line is written in the transaction of the deed that it tells of.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import insert as plain_insert
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.database import Database
from cases.ledger import FIRST, Tip
from cases.plain import plain, plain_json
from cases.trail_tables import TrailRow, TrailTipRow

_TIP: Final = 1
_AT_ONCE: Final = 2000
_CHAINED: Final = ("seq", "actor", "action", "subject", "seal")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the trail. ``said`` is JSON, or empty when it was erased or there was nothing to say."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    said: str


def audit(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    before: object = None,
    after: object = None,
) -> None:
    """Write one line at the end of the trail. Do it last in a transaction, to hold the tip briefly.

    ``actor`` is like ``clerk:anna``; ``subject`` names no person, but a register number, a page or a sign-in name.
    ``before`` and ``after`` are anything that JSON can tell.
    """
    session.execute(insert(TrailTipRow).values(id=_TIP, count=0, hash=FIRST).on_conflict_do_nothing())
    held = select(TrailTipRow).where(col(TrailTipRow.id) == _TIP).with_for_update()
    tip = session.execute(held.execution_options(populate_existing=True)).scalar_one()
    said, salt = _said(before, after), secrets.token_hex(16)
    row: dict[str, object] = {
        "seq": tip.count + 1,
        "at": now,
        "actor": plain(actor),
        "action": plain(action),
        "subject": plain(subject),
        "said": said,
        "salt": salt,
        "seal": _seal(salt, said),
        "previous": tip.hash,
    }
    row["hash"] = _hash(row)
    session.execute(plain_insert(TrailRow), [row])
    session.execute(update(TrailTipRow).where(col(TrailTipRow.id) == _TIP).values(count=row["seq"], hash=row["hash"]))


def forget_said(session: Session, subjects: Sequence[str]) -> None:
    """Erase what the lines about these subjects say; that somebody did something stays, and the chain holds."""
    mine = update(TrailRow).where(col(TrailRow.subject).in_(subjects), col(TrailRow.salt) != "")
    session.execute(mine.values(said="", salt=""))


def trail(session: Session, subject: str = "", actor: str = "", before: int = 0, limit: int = 100) -> tuple[Told, ...]:
    """Give lines, newest first; ``before`` is the number of the line from which to go further back."""
    query = select(TrailRow).order_by(col(TrailRow.seq).desc()).limit(limit)
    for column, wanted in ((TrailRow.subject, subject), (TrailRow.actor, actor)):
        query = query.where(col(column) == wanted) if wanted else query
    query = query.where(col(TrailRow.seq) < before) if before else query
    return tuple(Told(r.seq, r.at, r.actor, r.action, r.subject, r.said) for r in session.scalars(query))


def trail_tip(session: Session) -> Tip:
    """Give the end of the trail; noted elsewhere, it proves that nothing was cut off since."""
    row = session.execute(select(col(TrailTipRow.count), col(TrailTipRow.hash))).one_or_none()
    return Tip(*row) if row else Tip(0, FIRST)


def verify_trail(database: Database, noted: Sequence[Tip] = ()) -> tuple[str, ...]:
    """Follow the whole chain, and give what is wrong with it; ``noted`` are tips that were written down elsewhere."""
    wanted = {note.count: note.hash for note in noted if note.count}
    wrong: list[str] = []
    last = Tip(0, FIRST)
    with database.transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        for row in _all(session):
            wrong += _faults(row, last)
            last = Tip(row.seq, row.hash)
            if wanted.pop(row.seq, row.hash) != row.hash:
                wrong.append(f"line {row.seq} is not the one whose hash was noted: the trail was written anew")
        end = trail_tip(session)
    if last != end:
        wrong.append(f"the trail ends at line {last.count}, its tip says {end.count}: lines were cut off or added")
    wrong += [f"line {count} was noted and is missing: the trail was cut off" for count in sorted(wanted)]
    return tuple(wrong)


def _all(session: Session) -> Iterator[TrailRow]:
    query = select(TrailRow).order_by(col(TrailRow.seq)).execution_options(yield_per=_AT_ONCE)
    for row in session.scalars(query):
        yield row
        session.expunge(row)


def _faults(row: TrailRow, last: Tip) -> Iterator[str]:
    if row.seq != last.count + 1:
        yield f"line {last.count + 1} is missing: the next one is {row.seq}"
    if row.previous != last.hash:
        yield f"line {row.seq} does not follow from the line before it"
    if _hash(row.model_dump()) != row.hash:
        yield f"line {row.seq} was changed: its hash does not fit what it tells"
    if row.salt and _seal(row.salt, row.said) != row.seal:
        yield f"line {row.seq} was changed: its seal does not fit what it says"


def _said(before: object, after: object) -> str:
    told = {name: value for name, value in (("before", before), ("after", after)) if value is not None}
    return json.dumps(plain_json(told), ensure_ascii=False, sort_keys=True) if told else ""


def _hash(row: dict[str, object]) -> str:
    at = row["at"]
    if not isinstance(at, datetime):
        raise TypeError(f"not an instant: {at!r}")
    told = [row["previous"], at.astimezone(UTC).isoformat(), *(row[name] for name in _CHAINED)]
    return sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _seal(salt: str, said: str) -> str:
    return sha256(f"{salt}\n{said}".encode()).hexdigest()
