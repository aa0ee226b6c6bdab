"""Context and Parsed: what a field parser is told, and what it gives back."""

from dataclasses import dataclass
from datetime import date

Parts = str | tuple[str, ...]
"""A normalized value of a written field: one string, or the entries of a list."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a parser may know besides the text: the day of receipt, and what the field is for.

    ``birth`` marks fields about a birth (date, place, province); ``max_length`` is in characters, 0 for no limit.
    """

    today: date
    birth: bool = False
    max_length: int = 0


@dataclass(frozen=True, slots=True)
class Parsed:
    """The outcome of a parser: a normalized value, or None with the reason in Italian.

    ``proposals`` are normalized values to offer to a clerk, best first; the parser never applies one itself.
    """

    value: Parts | None
    reason: str = ""
    proposals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError("a refused text needs a reason")


def refuse(reason: str, *proposals: str) -> Parsed:
    """Refuse a text, offering repairs (repetitions are dropped)."""
    return Parsed(None, reason, tuple(dict.fromkeys(proposals)))
