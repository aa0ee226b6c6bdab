"""Matrix: who may send which request by which way, as dated rows of ``data/eligibility.toml``."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

ANY = "*"
_SETS = ("procedures", "customer_types", "channels", "delegate_kinds")
_OUTCOMES = ("admissible", "not_admissible")


class BrokenMatrix(ValueError):
    """A row that cannot be used; the message names the row and what to write."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the matrix; ``channel`` is "alternative" or "online"."""

    procedure: str
    customer_type: str
    channel: str
    delegate_kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """One dated row; ``reason`` is a stable code, "" where it is admissible."""

    procedures: frozenset[str]
    customer_types: frozenset[str]
    channels: frozenset[str]
    delegate_kinds: frozenset[str]
    outcome: str
    source: str
    reason: str = ""
    valid_from: date = date.min
    valid_to: date = date.max

    def __post_init__(self) -> None:
        if self.outcome not in _OUTCOMES:
            raise BrokenMatrix(f"outcome {self.outcome!r}: write one of {', '.join(_OUTCOMES)}")
        if (self.outcome == "not_admissible") != bool(self.reason):
            raise BrokenMatrix("a refusal has a reason, and only a refusal: add or remove it")
        if self.valid_to < self.valid_from:
            raise BrokenMatrix("valid_to lies before valid_from: exchange them")

    def fits(self, asked: Question, on: date) -> bool:
        """Tell whether the row answers a question on that day."""
        return self.valid_from <= on <= self.valid_to and all(
            ANY in known or value in known
            for known, value in (
                (self.procedures, asked.procedure),
                (self.customer_types, asked.customer_type),
                (self.channels, asked.channel),
                (self.delegate_kinds, asked.delegate_kind),
            )
        )


def find(rows: Iterable[Row], asked: Question, on: date) -> Row | None:
    """Give the first row that fits, or None where the matrix does not know."""
    return next((row for row in rows if row.fits(asked, on)), None)


def read_matrix(text: str) -> tuple[Row, ...]:
    """Read rows from TOML; raise ``BrokenMatrix`` naming the row and the remedy."""
    try:
        tables: list[Mapping[str, Any]] = tomllib.loads(text).get("row", [])
    except tomllib.TOMLDecodeError as error:
        raise BrokenMatrix(f"eligibility matrix: no TOML: {error}") from error
    return tuple(_row(number, table) for number, table in enumerate(tables, start=1))


@cache
def shipped_matrix() -> tuple[Row, ...]:
    """Load the rows that come with the program."""
    return read_matrix(resources.files("checks").joinpath("data/eligibility.toml").read_text("utf-8"))


def _row(number: int, table: Mapping[str, Any]) -> Row:
    parts: dict[str, Any] = {key: frozenset(value) if key in _SETS else value for key, value in table.items()}
    try:
        return Row(**parts)
    except (TypeError, BrokenMatrix) as error:
        raise BrokenMatrix(f"eligibility matrix, row {number}: {error}") from error
