"""Find cases by what a caller can tell: a number, a code, a phone number, a name. The keys are kept with the case.

What is asked is brought into the same way of writing as the keys, which the database makes (migration 0010).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, select, union
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import col

from cases.register import RegisterNumber
from cases.tables import CaseRow
from cases.trail_tables import KeyRow

LONGEST: Final = 200
_LAST: Final = "\U0010ffff"
"""Sorts after all that a key may go on with."""
_MOST_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, understood in every way that it may be meant. Empty parts are not meant."""

    number: RegisterNumber | None = None
    code: str = ""
    phone: str = ""
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.number or self.code or self.phone or self.names)


def understand(text: str, year: int) -> Asked:
    """Understand what was typed; a number without a year is of ``year``.

    >>> understand("2026/0000123", 2026).number
    RegisterNumber(year=2026, number=123)
    >>> understand("RSSMRA 80A01 H501U", 2026).code
    'RSSMRA80A01H501U'
    >>> understand("+39 06 1234567", 2026).phone
    '061234567'
    >>> understand("Niccolò D'Angelo", 2026).names
    ('niccolo', 'dangelo')
    """
    told = unicodedata.normalize("NFC", text[:LONGEST]).strip()
    bare = re.sub(r"[^A-Za-z0-9]", "", told).upper()
    digits = re.sub(r"[^0-9]", "", told)
    only_digits = bool(digits) and not re.search(r"[^\W\d_]", told)
    has_code = len(bare) >= 5 and bool(digits)
    return Asked(
        number=_number(told, year),
        code=bare[:64] if has_code else "",
        phone=re.sub(r"^(00)?39(?=[0-9]{9})", "", digits)[:64] if only_digits and len(digits) >= 5 else "",
        names=() if digits else _names(told),
    )


def matching(asked: Asked) -> Select[Any]:
    """Give the query of the ids of the cases that are asked for."""
    ways: list[Any] = []
    if asked.number:
        mine = (col(CaseRow.year) == asked.number.year, col(CaseRow.number) == asked.number.number)
        ways.append(select(col(CaseRow.id).label("case_id")).where(*mine))
    ways += [_with_key(kind, key) for kind, key in (("code", asked.code), ("phone", asked.phone)) if key]
    if asked.names:
        first, *others = (_with_key("name", name) for name in asked.names)
        ways.append(first.intersect(*others) if others else first)
    if not ways:
        return select(col(CaseRow.id)).where(col(CaseRow.id) < 0)
    either = union(*ways).subquery() if len(ways) > 1 else ways[0].subquery()
    return select(either.c[0])


def _with_key(kind: str, begins: str) -> Select[Any]:
    key: InstrumentedAttribute[str] = col(KeyRow.key)  # type: ignore[assignment]
    return select(col(KeyRow.case_id)).where(col(KeyRow.kind) == kind, key >= begins, key < begins + _LAST)


def _number(told: str, year: int) -> RegisterNumber | None:
    written = re.fullmatch(r"(?:(?:prot\.?|n\.?|pratica)\s*)?(?:(\d{4})\s*[/-]\s*)?0*(\d{1,7})", told, re.IGNORECASE)
    if written is None or not int(written[2]):
        return None
    return RegisterNumber(int(written[1] or year), int(written[2]))


def _names(told: str) -> tuple[str, ...]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", told.casefold()) if not unicodedata.combining(c))
    words = re.split(r"[^a-z]+", re.sub(r"['’`]", "", plain))
    return tuple(word[:64] for word in words if len(word) > 1)[:_MOST_WORDS]
