"""Numbers that a lost system gave after its backup: they stand in the restored register, annulled, never given again.

Somebody may hold a letter with such a number. What it stood for is taken in anew, and gets a new one.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlmodel import Session

from cases.annul import annul
from cases.register import Direction, Entry, RegisterNumber, coming, enter_and_note

NO_CHANNEL: Final = "–"
_SUBJECT: Final = "Numero dato dopo la copia di sicurezza e perso con il ripristino"
_MOST: Final = 100_000


class NotLost(Exception):
    """Numbers cannot be entered as lost; the message says why and what to do."""


def enter_lost(
    session: Session, up_to: RegisterNumber, operator: str, reason: str, now: datetime
) -> list[RegisterNumber]:
    """Enter every number from the next one to this one, and annul it; give the numbers.

    Raises ``NotLost`` when there is nothing to enter, ``NotAnnulled`` without an operator or a reason, ``DayClosed``.
    """
    following = coming(session, now)
    if up_to.year != following.year:
        raise NotLost(f"the register is in the year {following.year}: only numbers of that year can be entered")
    if up_to.number < following.number:
        raise NotLost(f"the register goes on at {following}: number {up_to} is in it, and nothing is to be entered")
    many = up_to.number - following.number + 1
    if many > _MOST:
        raise NotLost(f"that would be {many} numbers, more than {_MOST}: look at the number again")
    numbers = [RegisterNumber(up_to.year, following.number + step) for step in range(many)]
    enter_and_note(session, None, [_entry(number, now) for number in numbers], now)
    for number in numbers:
        annul(session, number, operator, reason, now)
    return numbers


def _entry(number: RegisterNumber, now: datetime) -> Entry:
    told = sha256(f"{_SUBJECT}: {number}".encode()).hexdigest()
    return Entry(Direction.IN, NO_CHANNEL, told, now, _SUBJECT)
