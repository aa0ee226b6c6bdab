"""The protocol register: numbers without a gap for each year of Rome, given in the transaction of what they number."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from cases.chain import FIRST
from cases.ledger import append, registered
from cases.plain import plain
from cases.register_seal import line_hash, line_seal
from cases.register_tables import CounterRow, LineRow

_ROME: Final = ZoneInfo("Europe/Rome")
_DIGITS: Final = 7


class Direction(StrEnum):
    """Which way a registered document went."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, order=True)
class RegisterNumber:
    """Year and number; the register itself is one."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}/{self.number:0{_DIGITS}d}"

    @classmethod
    def parse(cls, text: str) -> "RegisterNumber":
        """Read ``2026/0000123``; leading zeros may be left out. Raises ``ValueError``."""
        year, slash, number = text.strip().partition("/")
        if not (slash and year.isascii() and year.isdigit() and number.isascii() and number.isdigit()):
            raise ValueError(f"a register number reads like 2026/0000123, not {text!r}")
        return cls(int(year), int(number))


def register_year(registered_at: datetime) -> int:
    """Give the year in Rome of the instant of registration: the register restarts there, whatever the server's zone."""
    if registered_at.tzinfo is None:
        raise ValueError("the instant of registration must carry a time zone")
    return registered_at.astimezone(_ROME).year


class DayClosed(Exception):
    """The register of this instant's day is written: the clock of this machine is behind. Nothing was registered."""

    def __init__(self, at: datetime) -> None:
        told = at.astimezone(_ROME)
        super().__init__(
            f"The clock of this machine says {told:%Y-%m-%d %H:%M}, but the register of that day is written and closed."
            " Set the clock right: what waits is then registered by itself."
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be registered: a document that came in or goes out, without its number.

    ``received_at`` is the instant of its arrival; of its making, where it goes out. ``digest`` is the SHA-256 of the
    document. ``sender`` and ``recipient`` are addresses or fax numbers; ours is left empty. ``reference`` is the
    register number of the case that it belongs to, where that is another than its own.
    """

    direction: Direction
    channel: str
    digest: str
    received_at: datetime
    subject: str
    sender: str = ""
    recipient: str = ""
    reference: str = ""
    receipt_id: int | None = None
    item: int = 0

    def __post_init__(self) -> None:
        if self.received_at.tzinfo is None:
            raise ValueError("the instant of a registered document must carry a time zone")


def enter(session: Session, entries: Sequence[Entry], registered_at: datetime) -> list[LineRow]:
    """Write lines with the next numbers of the year, each chained to the one before.

    The counter's row stays locked until the transaction ends: whoever rolls back gives the numbers back, so that no
    gap can arise; whoever waits gets the numbers after those that are committed. Do it late, to hold it briefly.
    The caller also appends ``ledger.registered(line)``; ``enter_and_note`` does both. Raises ``DayClosed``, and then
    the transaction can only be rolled back.
    """
    if not entries:
        return []
    counter = _held(session, registered_at)
    lines = []
    for entry in entries:
        line = _line(entry, counter, registered_at)
        counter.last, counter.hash = line.number, line.hash
        session.add(line)
        lines.append(line)
    with told_closed(registered_at):
        session.flush()
    return lines


@contextmanager
def told_closed(at: datetime) -> Iterator[None]:
    """Raise ``DayClosed`` where the database refuses what would fall on a day that is written."""
    try:
        yield
    except DBAPIError as error:
        if "is written and closed" not in str(error.orig):
            raise
        raise DayClosed(at) from error


def coming(session: Session, registered_at: datetime) -> RegisterNumber:
    """Tell which number the next line will have, and keep it for the caller's transaction.

    For a document that bears its own number, such as a letter with its segnatura: stamp it, then enter it.
    """
    counter = _held(session, registered_at)
    return RegisterNumber(counter.year, counter.last + 1)


def enter_out(session: Session, entry: Entry, now: datetime) -> RegisterNumber:
    """Register one document by itself, such as a letter that goes out, in the caller's transaction and its last step.

    It locks the register's counter, then the tip of the ledger, until the transaction ends.
    """
    (line,) = enter_and_note(session, entry.receipt_id, [entry], now)
    return number_of(line)


def enter_and_note(session: Session, receipt_id: int | None, entries: Sequence[Entry], now: datetime) -> list[LineRow]:
    """Enter lines and tell the ledger of them, in the caller's transaction and its last step. Raises as ``enter``."""
    lines = enter(session, entries, now)
    append(session, receipt_id, [registered(line, str(number_of(line))) for line in lines], now)
    return lines


def _held(session: Session, registered_at: datetime) -> CounterRow:
    """Lock the counter of the year of an instant; it is made when it is not there."""
    year = register_year(registered_at)
    session.execute(insert(CounterRow).values(year=year, last=0, hash=FIRST).on_conflict_do_nothing())
    held = select(CounterRow).where(col(CounterRow.year) == year).with_for_update()
    counter: CounterRow = session.execute(held.execution_options(populate_existing=True)).scalar_one()
    return counter


def number_of(line: LineRow) -> RegisterNumber:
    """Give the number of a line."""
    return RegisterNumber(line.year, line.number)


def _line(entry: Entry, counter: CounterRow, at: datetime) -> LineRow:
    line = LineRow(
        year=counter.year,
        number=counter.last + 1,
        registered_at=at,
        receipt_id=entry.receipt_id,
        item=entry.item,
        direction=entry.direction.value,
        digest=entry.digest,
        channel=entry.channel,
        sender=plain(entry.sender),
        recipient=plain(entry.recipient),
        subject=plain(entry.subject),
        reference=entry.reference,
        received_at=entry.received_at,
        salt=secrets.token_hex(16),
        seal="",
        previous=counter.hash,
        hash="",
    )
    line.seal = line_seal(line)
    line.hash = line_hash(line)
    return line
