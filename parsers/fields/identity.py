"""Whether a codice fiscale and the person's data on the same form say the same."""

import re
from datetime import date
from enum import StrEnum

from parsers.fields.centuries import YOUNGEST, age
from parsers.fields.folding import fold
from parsers.fields.municipality import birth_codes
from parsers.fields.tax_code_shape import MONTHS, SHAPE, birth_dates, plain, sex

MANY_CONSONANTS = 3


class Disagreement(StrEnum):
    """A part of the codice fiscale that the form's other fields contradict."""

    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    BIRTH_PLACE = "birth_place"


def disagreements(
    code: str,
    *,
    surname: str = "",
    given_name: str = "",
    birth_date: date | None = None,
    sex_ticked: str = "",
    birth_place: str = "",
    birth_province: str = "",
) -> tuple[Disagreement, ...]:
    """List what contradicts a valid 16-character code; an empty argument is not compared, nor an unknown place.

    Only two digits of the year are in the code, so that no century is guessed.

    >>> disagreements("RSSMRA15A01H501G", surname="Rossi", given_name="Mario", birth_date=date(1915, 1, 1))
    ()
    """
    if not SHAPE.fullmatch(code):
        return ()
    bare = plain(code)
    places = birth_codes(birth_place, birth_province) if birth_place else frozenset()
    contrary = {
        Disagreement.SURNAME: bool(surname) and surname_letters(surname) != bare[:3],
        Disagreement.GIVEN_NAME: bool(given_name) and given_name_letters(given_name) != bare[3:6],
        Disagreement.BIRTH_DATE: birth_date is not None and not _same_day(bare, birth_date),
        Disagreement.SEX: bool(sex_ticked) and sex_ticked != sex(code),
        Disagreement.BIRTH_PLACE: bool(places) and bare[11:15] not in places,
    }
    return tuple(part for part, wrong in contrary.items() if wrong)


def agrees(
    code: str, surname: str, given_name: str, birth_date: date | None, sex_ticked: str, birth_place: str, province: str
) -> bool:
    """Tell whether nothing on the form contradicts the code."""
    return not disagreements(
        code, surname=surname, given_name=given_name, birth_date=birth_date, sex_ticked=sex_ticked,
        birth_place=birth_place, birth_province=province,
    )  # fmt: skip


def surname_letters(surname: str) -> str:
    """Encode a surname: consonants, then vowels, then X.

    >>> surname_letters("D'Esempio"), surname_letters("Fo")
    ('DSM', 'FOX')
    """
    consonants, vowels = _split(surname)
    return (consonants + vowels + "XXX")[:3]


def given_name_letters(given_name: str) -> str:
    """Encode a given name: of four consonants or more, the first, third and fourth.

    >>> given_name_letters("Gianfranco"), given_name_letters("Mario")
    ('GFR', 'MRA')
    """
    consonants, vowels = _split(given_name)
    if len(consonants) > MANY_CONSONANTS:
        return consonants[0] + consonants[2:4]
    return (consonants + vowels + "XXX")[:3]


def most_likely_birth(code: str, today: date) -> date | None:
    """Give the date of birth that a valid code says, the one with a plausible adult age if there are two."""
    dates = birth_dates(code, today)
    return next((d for d in dates if age(d, today) >= YOUNGEST), next(iter(dates), None))


def _split(name: str) -> tuple[str, str]:
    letters = re.sub(r"[^A-Z]", "", fold(name).upper())
    return re.sub(r"[AEIOU]", "", letters), re.sub(r"[^AEIOU]", "", letters)


def _same_day(bare: str, birth: date) -> bool:
    return (int(bare[6:8]), bare[8], int(bare[9:11]) % 40) == (birth.year % 100, MONTHS[birth.month - 1], birth.day)
