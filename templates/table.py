"""Table: one table of a definition, of which every key must be known and of the right type."""

from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pages.page import Box
from templates.broken import BrokenForm

_WORDS = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list in [ ]",
    dict: "a table in { }",
    date: "a date such as 2026-01-01",
}


class Table:
    """Reads keys out of a table; each way of being wrong ends in ``BrokenForm`` with ``file`` and ``place``."""

    def __init__(self, raw: object, file: Path, place: str) -> None:
        self.file, self.place = file, place
        if not isinstance(raw, Mapping):
            raise self.broken(f"{raw!r} stands where a table is needed", "Write it as { name = value, ... }.")
        self._raw: Mapping[str, Any] = raw
        self._asked: set[str] = set()

    def broken(self, problem: str, remedy: str) -> BrokenForm:
        """Make the error for something wrong in this table."""
        return BrokenForm(self.file, self.place, problem, remedy)

    def has(self, key: str) -> bool:
        """Tell whether a key is there."""
        self._asked.add(key)
        return key in self._raw

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text; without a default it must be there and not be empty."""
        value: str = self._take(key, str, default)
        if default is None and not value.strip():
            raise self.broken(f"{key} is empty", f"Write {key}, in Italian if people see it.")
        return value.strip()

    def whole(self, key: str, default: int, least: int = 0) -> int:
        """Take a whole number of at least ``least``."""
        value: int = self._take(key, int, default)
        if value < least:
            raise self.broken(f"{key} is {value}", f"Write a whole number from {least} upwards.")
        return value

    def number(self, key: str, default: float, least: float = 0.0) -> float:
        """Take a number from ``least`` to 2000 (the longest side in mm of any sheet)."""
        value = float(self._take(key, float, default))
        if not least <= value <= 2000:
            raise self.broken(f"{key} is {value}", f"Write a number from {least:g} to 2000.")
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        """Take true or false."""
        value: bool = self._take(key, bool, default)
        return value

    def day(self, key: str) -> date | None:
        """Take a date, None when it is not there."""
        value: date | None = self._take(key, date, None) if self.has(key) else None
        if isinstance(value, datetime):
            raise self.broken(f"{key} is {value}", "Write the day alone, such as 2026-01-01.")
        return value

    def items(self, key: str) -> list[Any]:
        """Take a list, empty when it is not there."""
        value: list[Any] = self._take(key, list, [])
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts."""
        values = self.items(key)
        if wrong := [v for v in values if not isinstance(v, str)]:
            raise self.broken(f"{key} holds {wrong[0]!r}", "Put each entry into quotes.")
        return tuple(values)

    def raw(self, key: str) -> object:
        """Take a value as it is, None when it is not there."""
        self._asked.add(key)
        return self._raw.get(key)

    def box(self, key: str) -> Box | None:
        """Take a box, four numbers in mm: left, top, width, height. None when it is not there."""
        if not self.has(key):
            return None
        numbers = self.items(key)
        remedy = "Write [left, top, width, height] in millimetres from the top left corner of the sheet."
        if len(numbers) != 4 or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
            raise self.broken(f"{key} is {numbers}", remedy)
        try:
            return Box(*(float(n) for n in numbers))
        except ValueError as error:
            raise self.broken(f"{key}: {error}", remedy) from error

    def end(self) -> None:
        """Refuse keys that nobody asked for: a misspelt key would be lost in silence."""
        for key in sorted(self._raw.keys() - self._asked):
            near = get_close_matches(key, self._asked, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(self._asked))}."
            raise self.broken(f"unknown key {key}", hint)

    def _take(self, key: str, wanted: type, default: object) -> Any:  # noqa: ANN401 - checked against ``wanted``
        self._asked.add(key)
        if key not in self._raw:
            if default is None:
                raise self.broken(f"{key} is missing", f"Add {key} = {_WORDS[wanted]}.")
            return default
        value = self._raw[key]
        kinds = (int, float) if wanted is float else (wanted,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and wanted is not bool):
            raise self.broken(f"{key} is {value!r}", f"Write {_WORDS[wanted]}.")
        return value
