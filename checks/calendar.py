"""Calendar of the toll-free line: when the Numero Verde answers. Mail, fax and post arrive at any hour."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

import holidays

from checks.context import ROME

NUMBER: Final = "800.166.654"
_OPENS: Final = time(8)
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
_LONGEST_CLOSURE_DAYS: Final = 30

HALF_DAYS: Final = frozenset({(11, 2), (12, 24), (12, 31)})
"""Month and day on which the line closes at noon: the service's own days, no public holidays."""
CLOSED_DAYS: Final = frozenset({(6, 29)})
"""Month and day on which it does not answer: the patron of Rome."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of one day on Rome's clock: from the first up to, and without, the last."""

    opens: time
    closes: time


_WHOLE: Final = Hours(_OPENS, time(18))
_HALF: Final = Hours(_OPENS, time(12))


def hours(day: date) -> Hours | None:
    """Give the hours of a day in Rome, None when the line does not answer. A weekend or holiday wins over a half day.

    >>> hours(date(2026, 11, 2))
    Hours(opens=datetime.time(8, 0), closes=datetime.time(12, 0))
    """
    month_day = (day.month, day.day)
    if day.weekday() >= _SATURDAY or month_day in CLOSED_DAYS or day in public_holidays(day.year):
        return None
    return _HALF if month_day in HALF_DAYS else _WHOLE


def opens(at: datetime) -> bool:
    """Tell whether the line answers at an instant. Raises ``ValueError`` for one without a time zone."""
    there = _in_rome(at)
    today = hours(there.date())
    return today is not None and today.opens <= there.time() < today.closes


def next_opening(after: datetime) -> datetime:
    """Give the first instant after ``after`` at which the line opens, on Rome's clock."""
    there = _in_rome(after)
    days = (there.date() + n * _DAY for n in range(_LONGEST_CLOSURE_DAYS))
    openings = (datetime.combine(day, told.opens, ROME) for day in days if (told := hours(day)))
    return next(opening for opening in openings if opening > there)


def hours_in_words() -> str:
    """Give the hours as a letter or a page tells them, in Italian, to stand after a name or within a sentence."""
    return (
        "dal lunedì al venerdì dalle 8 alle 18, esclusi i giorni festivi; il 2 novembre, il 24 e il 31 dicembre "
        "dalle 8 alle 12; il 29 giugno il servizio non è attivo"
    )


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Give the public holidays of Italy as the law had them in that year: the 4th of October again from 2026."""
    return frozenset(holidays.country_holidays("IT", years=year))


def _in_rome(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("the hours of the line are asked for an instant with a time zone")
    return at.astimezone(ROME)
