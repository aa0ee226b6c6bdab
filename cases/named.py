"""What the words of a delivery name: register numbers, codes of persons and of supplies. Pure; for any text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from cases.register import RegisterNumber
from cases.sure import POD_COMPARED, plain_name
from parsers.fields import checksums

T = TypeVar("T")
MOST_CHARS: Final = 200_000
"""No letter is longer; what comes after is not looked at."""
_MOST: Final = 20
"""So many of each kind at most: a list of numbers is no letter about a case."""
_WHOLE_NUMBER: Final = re.compile(r"(?<![\d/])(20\d\d)\s?/\s?(\d{7,8})(?![\d/])")
_AFTER_WORD: Final = re.compile(
    r"(?i)\b(?:prot(?:ocollo)?|pratica|registro)\b[.:]?\s{0,3}(?:n(?:umero|r|\.|°|º)?[.:]?\s{0,3})?"
    r"(?:(20\d\d)\s?/\s?(\d{1,8})|(\d{1,8})\s?/\s?(20\d\d))(?![\d/])"
)
_TAX_CODE: Final = re.compile(
    r"(?<![A-Z0-9])[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z](?![A-Z0-9])"
)
_POD: Final = re.compile(r"(?<![A-Z0-9])IT\s?[0-9]{3}\s?E\s?[0-9A-Z]{8,9}(?![A-Z0-9])")
_PDR: Final = re.compile(r"(?<![0-9])[0-9]{14}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Named:
    """What stands in the words of a delivery. ``words`` are all of them, bare, for looking up a name."""

    numbers: frozenset[RegisterNumber] = frozenset()
    tax_codes: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    words: str = ""

    def has_name(self, name: str) -> bool:
        """Tell whether every part of a bare name stands in the words."""
        return bool(name) and all(f" {part} " in f" {self.words} " for part in name.split())


def named_in(text: str) -> Named:
    """Find what a text names. A number of the register counts in full, or after a word that says what it is.

    >>> sorted(map(str, named_in("Rif. prot. n. 12/2026 e 2026/0000007").numbers))
    ['2026/0000007', '2026/0000012']
    """
    text = text[:MOST_CHARS]
    upper = text.upper()
    whole = [(m[1], m[2]) for m in _WHOLE_NUMBER.finditer(text)]
    after = [(m[1] or m[4], m[2] or m[3]) for m in _AFTER_WORD.finditer(text)]
    numbers = (RegisterNumber(int(year), int(number)) for year, number in (*whole, *after))
    codes = (m[0] for m in _TAX_CODE.finditer(upper))
    pods = ("".join(m[0].split())[:POD_COMPARED] for m in _POD.finditer(upper))
    return Named(
        numbers=_few(n for n in numbers if n.number),
        tax_codes=_few(code for code in codes if checksums.letter(code[:15]) == code[15]),
        points=_few(pods) | _few(m[0] for m in _PDR.finditer(text)),
        words=plain_name(text),
    )


def _few(found: Iterable[T]) -> frozenset[T]:
    return frozenset(islice(dict.fromkeys(found), _MOST))
