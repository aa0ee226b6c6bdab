"""The century of a birth year of two digits."""

from datetime import date

YOUNGEST, OLDEST = 18, 105
"""Plausible ages in years of one who has a supply, or is the delegate of one who has."""


def century_of_birth(day: int, month: int, year: int, today: date) -> tuple[date, ...]:
    """List the births that two digits can mean: one where only one age is plausible, else all that are real and past.

    >>> century_of_birth(3, 4, 68, date(2026, 1, 1))
    (datetime.date(1968, 4, 3),)
    >>> len(century_of_birth(3, 4, 15, date(2026, 1, 1)))
    2
    """
    past = [d for d in _real(day, month, year) if d <= today]
    adult = [d for d in past if YOUNGEST <= age(d, today) <= OLDEST]
    return tuple(adult) if len(adult) == 1 else tuple(past)


def age(birth: date, today: date) -> int:
    """Count the whole years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def _real(day: int, month: int, year: int) -> list[date]:
    found: list[date] = []
    for century in (2000, 1900):
        try:
            found.append(date(century + year, month, day))
        except ValueError:
            continue
    return found
