"""The next case that waits for a person: in the order of the list, and nobody else has it in hand."""

from datetime import datetime

from sqlmodel import Session

from cases.register import RegisterNumber
from cases.waiting import START, Sought, next_after, one


def next_case(session: Session, sought: Sought, now: datetime, after: int | None) -> tuple[int, RegisterNumber] | None:
    """Give id and number of the next case after another, going round at the end; None when nothing else waits."""
    here = one(session, after, now) if after is not None else None
    for place in (here.place, START) if here is not None else (START,):
        found = next_after(session, sought, now, after=place)
        if found is not None and found.id != after:
            return found.id, RegisterNumber.parse(found.number)
    return None
