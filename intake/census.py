"""Census: what a source holds now, so that the ledger can be reconciled against it."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Holding:
    """One item that a source counts as done. Its origin or its digest says which receipt it must have."""

    name: str
    origin: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Census:
    """What a source counts as done, and how many items in it still wait to be taken in."""

    source: str
    done: tuple[Holding, ...]
    waiting: int


@runtime_checkable
class Countable(Protocol):
    """A source that can say what it holds. Raises ``SourceDown``."""

    def census(self) -> Census:
        """Count what is done and what waits, without changing anything."""
        ...
