"""Source: where deliveries come from, and how it may fail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from intake.receipt import Delivery

HEADERS_ONLY = ".headers.eml"
"""How the name of a delivery ends when only the headers of a mail over the size limit were taken in."""


class SourceDown(Exception):
    """A source cannot be read now. The message says what failed and what to do, in English, for operators.

    ``transient`` tells that the next round may well succeed with nobody's help.
    """

    def __init__(self, message: str, *, transient: bool) -> None:
        super().__init__(message)
        self.transient = transient


class NotSettled(Exception):
    """The delivery is safe, but the source could not mark or move it. It will be tried again, and not taken twice."""


class StoreDown(Exception):
    """Nothing can be kept now (disk full, database away): intake stops, and the sources stay as they are."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that was left where it is. ``reason`` says why and what to do, for operators."""

    name: str
    reason: str


class Source(Protocol):
    """A mailbox, tray or folder. It never deletes anything."""

    @property
    def name(self) -> str:
        """Name the source, the same on every run."""
        ...

    def waiting(self) -> Iterator[Delivery]:
        """Yield what has not been settled yet, one at a time, oldest first.

        Raises ``SourceDown``.
        """
        ...

    def settle(self, delivery: Delivery) -> None:
        """Mark or move a delivery; only called once its receipt is committed, and safe to call again.

        Raises ``NotSettled`` or ``SourceDown``.
        """
        ...

    def problems(self) -> tuple[Problem, ...]:
        """Give what the last round had to leave behind."""
        ...


@runtime_checkable
class SettlesMany(Protocol):
    """A source to which many deliveries settled at once cost hardly more than one."""

    def settle_all(self, deliveries: Sequence[Delivery]) -> None:
        """Settle deliveries whose receipts are committed; safe to call again. Raises ``NotSettled``, ``SourceDown``."""
        ...
