"""Take everything in that waits in a source: bytes safe, then the row, then the source settled. Safe to run twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intake.instants import instant
from intake.originals import Originals
from intake.receipt import Delivery
from intake.source import Problem, Source, SourceDown, StoreDown

Register = Callable[[Delivery, str], int | None]
"""Commit the row and the job of a delivery whose bytes are kept under a digest; None when it was taken before."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One delivery, or the source itself, that could not be taken in now; it stays where it is."""

    name: str
    reason: str
    transient: bool = True


@dataclass(frozen=True, slots=True)
class TakeReport:
    """What one round over a source did: new receipts, how many were known, what failed, what was left behind."""

    source: str
    taken: tuple[int, ...] = ()
    known: int = 0
    failures: tuple[Failure, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether nothing failed."""
        return not self.failures


def take(source: Source, originals: Originals, register: Register) -> TakeReport:
    """Take in all that waits in a source. One bad delivery never stops the next; a full disk stops the round."""
    return _Round(source, originals, register).run()


class _Round:
    """One round over one source."""

    def __init__(self, source: Source, originals: Originals, register: Register) -> None:
        self._source, self._originals, self._register = source, originals, register
        self._taken: list[int] = []
        self._known = 0
        self._failures: list[Failure] = []

    def run(self) -> TakeReport:
        deliveries = self._source.waiting()
        try:
            while (delivery := self._next(deliveries)) is not None:
                self._take_one(delivery)
        except StoreDown as error:
            self._failures.append(Failure(self._source.name, str(error)))
        finally:
            _close(deliveries)
        return TakeReport(
            self._source.name, tuple(self._taken), self._known, tuple(self._failures), self._source.problems()
        )

    def _next(self, deliveries: Iterator[Delivery]) -> Delivery | None:
        try:
            return next(deliveries, None)
        except SourceDown as error:
            self._failures.append(Failure(self._source.name, str(error), error.transient))
        except Exception as error:  # noqa: BLE001 - the intake loop: a broken source never stops another
            self._failures.append(Failure(self._source.name, _reason(error)))
        return None

    def _take_one(self, delivery: Delivery) -> None:
        try:
            self._carry(delivery)
        except StoreDown:
            raise
        except Exception as error:  # noqa: BLE001 - the intake loop: one bad delivery never stops the next
            self._failures.append(Failure(delivery.name, _reason(error)))

    def _carry(self, delivery: Delivery) -> None:
        """Keep, commit, settle: in this order, whatever the channel."""
        receipt = admit(delivery, self._originals, self._register)
        if receipt is None:
            self._known += 1
        else:
            self._taken.append(receipt)
        instant("before settle")
        self._source.settle(delivery)
        instant("after settle")


def admit(delivery: Delivery, originals: Originals, register: Register) -> int | None:
    """Keep a delivery's bytes, then commit it; give the new receipt, or None when it was taken before."""
    digest = originals.keep(delivery.raw)
    instant("before register")
    receipt = register(delivery, digest)
    instant("after register")
    if not originals.has(digest):
        # The same bytes were erased on somebody's request between the two steps: these are wanted.
        originals.keep(delivery.raw)
    return receipt


def _close(deliveries: Iterator[Delivery]) -> None:
    """Let a source that streams hang up at once, also when the round ended early."""
    close = getattr(deliveries, "close", None)
    if close is not None:
        close()


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
