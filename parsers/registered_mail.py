"""Numbers of registered letters on a sheet: in its bar codes, or in its words where something backs them."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from parsers.fields import registered_letter
from parsers.fields.parsed import Context

_ABROAD = re.compile(r"\b[A-Z]{2}[ .-]?\d{2,3}[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d?[ .-]?[A-Z]{2}\b")
_INLAND = re.compile(
    r"\braccomandata\b[^0-9]{0,40}(\d{5}[ .-]?\d{7}|\d{4}[ .-]?\d{4}[ .-]?\d{4}|\d{12})(?!\d)", re.IGNORECASE
)
_NOW = Context(datetime(2026, 1, 1, tzinfo=UTC).date())


def registered_numbers(text: str, codes: Sequence[str]) -> tuple[str, ...]:
    """Find the numbers of registered letters, each once, in compact form.

    A bar code counts when it is nothing but such a number. In words an S10 number must have the right check digit, and
    an inland one, which has none that is known, must stand after the word "raccomandata".
    """
    return tuple(dict.fromkeys([*_in_codes(codes), *_in_words(text)]))


def _in_codes(codes: Sequence[str]) -> Iterator[str]:
    for code in codes:
        value = registered_letter.parse(code, _NOW).value
        if value is not None:
            yield str(value)


def _in_words(text: str) -> Iterator[str]:
    for said in (*_ABROAD.findall(text.upper()), *_INLAND.findall(text)):
        value = registered_letter.parse(said, _NOW).value
        if value is not None:
            yield str(value)
