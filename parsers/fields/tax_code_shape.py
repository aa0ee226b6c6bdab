"""The positions of a 16-character codice fiscale, and what they say about a birth."""

import re
from datetime import date

from parsers.fields.confusions import digits, letters

OMOCODIA = dict(zip("LMNPQRSTUV", "0123456789", strict=True))
MONTHS = "ABCDEHLMPRST"
SHAPE = re.compile(
    r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]",
)
DIGIT_PLACES = frozenset((6, 7, 9, 10, 12, 13, 14))
FEMALE = 40


def plain(number: str) -> str:
    """Undo omocodia; the check character stays that of the omocodic form.

    >>> plain("RSSMRA80A01H50MM")[:15]
    'RSSMRA80A01H501'
    """
    return "".join(OMOCODIA.get(c, c) if i in DIGIT_PLACES else c for i, c in enumerate(number))


def sex(number: str) -> str:
    """Tell M or F from the day."""
    return "F" if int(plain(number)[9:11]) > FEMALE else "M"


def birth_dates(number: str, today: date) -> tuple[date, ...]:
    """List the dates of birth that the code can mean, of either century and not after ``today``.

    >>> birth_dates("RSSMRA15A01H501G", date(2026, 1, 1))
    (datetime.date(2015, 1, 1), datetime.date(1915, 1, 1))
    """
    bare = plain(number)
    day = int(bare[9:11]) - (FEMALE if sex(number) == "F" else 0)
    found: list[date] = []
    for century in (2000, 1900):
        try:
            found.append(date(century + int(bare[6:8]), MONTHS.index(bare[8]) + 1, day))
        except ValueError:
            continue
    return tuple(d for d in found if d <= today)


def to_shape(number: str) -> str:
    """Put digits where only digits or omocodia can stand, and letters where only letters can.

    >>> to_shape("R5SMRA8OA01H501U")
    'RSSMRA80A01H501U'
    """
    return "".join(_fit(i, c) for i, c in enumerate(number))


def _fit(position: int, char: str) -> str:
    if position in DIGIT_PLACES:
        return char if char in OMOCODIA else digits(char)
    return letters(char)
