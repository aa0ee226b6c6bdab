"""The protocol register: numbers without a gap for each year of Rome, given in the transaction of what they number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from cases.tables import CounterRow

_ROME: Final = ZoneInfo("Europe/Rome")
_DIGITS: Final = 7


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


def next_numbers(session: Session, registered_at: datetime, count: int) -> list[RegisterNumber]:
    """Take the next ``count`` numbers of the year.

    The counter's row stays locked until the transaction ends: whoever rolls back gives the numbers back, so that no
    gap can arise; whoever waits gets the numbers after those that are committed. Take them last, to hold it briefly.
    """
    year = register_year(registered_at)
    session.execute(insert(CounterRow).values(year=year, last=0).on_conflict_do_nothing())
    raised = update(CounterRow).where(col(CounterRow.year) == year).values(last=col(CounterRow.last) + count)
    last: int = session.execute(raised.returning(col(CounterRow.last))).scalar_one()
    return [RegisterNumber(year, number) for number in range(last - count + 1, last + 1)]
