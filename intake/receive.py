"""Take everything in that waits in a source: bytes safe, then the row, then the source settled. Safe to run twice."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from intake.instants import instant
from intake.originals import Originals
from intake.receipt import Delivery
from intake.source import NotSettled, Problem, SettlesMany, Source, SourceDown, StoreDown

Register = Callable[[Sequence[tuple[Delivery, str]]], Sequence[int | None]]
"""Commit rows and jobs of deliveries whose bytes are kept under digests; None for each that was taken before."""

_MOST, _MOST_BYTES = 32, 8_000_000
"""So much is carried in one go: few enough that one bad delivery costs little, and that memory stays flat."""


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
            while batch := self._gather(deliveries):
                self._take(batch)
        except StoreDown as error:
            self._failures.append(Failure(self._source.name, str(error)))
        finally:
            _close(deliveries)
        return TakeReport(
            self._source.name, tuple(self._taken), self._known, tuple(self._failures), self._source.problems()
        )

    def _gather(self, deliveries: Iterator[Delivery]) -> list[Delivery]:
        """Collect the next few; what came before the source failed is taken in all the same."""
        batch: list[Delivery] = []
        size = 0
        while len(batch) < _MOST and size < _MOST_BYTES and (delivery := self._next(deliveries)) is not None:
            batch.append(delivery)
            size += len(delivery.raw)
        return batch

    def _next(self, deliveries: Iterator[Delivery]) -> Delivery | None:
        try:
            return next(deliveries, None)
        except SourceDown as error:
            self._failures.append(Failure(self._source.name, str(error), error.transient))
        except Exception as error:  # noqa: BLE001 - the intake loop: a broken source never stops another
            self._failures.append(Failure(self._source.name, _reason(error)))
        return None

    def _take(self, batch: list[Delivery]) -> None:
        """Carry a batch; when something in it fails, each by itself, so that only what is bad stays behind."""
        try:
            self._commit(batch)
        except StoreDown:
            raise
        except Exception as error:  # noqa: BLE001 - the intake loop: one bad delivery never stops the next
            if len(batch) == 1:
                self._failures.append(Failure(batch[0].name, _reason(error)))
                return
            for delivery in batch:
                self._take([delivery])
            return
        self._settle(batch)

    def _commit(self, batch: list[Delivery]) -> None:
        receipts = admit_all(batch, self._originals, self._register)
        new = [receipt for receipt in receipts if receipt is not None]
        self._taken += new
        self._known += len(batch) - len(new)

    def _settle(self, batch: list[Delivery]) -> None:
        instant("before settle")
        if not self._settled_together(batch):
            for delivery in batch:
                self._try(delivery.name, partial(self._source.settle, delivery))
        instant("after settle")

    def _settled_together(self, batch: list[Delivery]) -> bool:
        """Settle a batch in one go where the source can; when that fails it is tried one by one, to tell which."""
        if len(batch) == 1 or not isinstance(self._source, SettlesMany):
            return False
        try:
            self._source.settle_all(batch)
        except (NotSettled, SourceDown):
            return False
        return True

    def _try(self, name: str, settle: Callable[[], None]) -> None:
        try:
            settle()
        except Exception as error:  # noqa: BLE001 - the intake loop: what is safe is found again, and then known
            self._failures.append(Failure(name, _reason(error)))


def admit(delivery: Delivery, originals: Originals, register: Callable[[Delivery, str], int | None]) -> int | None:
    """Keep a delivery's bytes, then commit it; give the new receipt, or None when it was taken before."""
    return admit_all([delivery], originals, lambda kept: [register(*kept[0])])[0]


def admit_all(batch: Sequence[Delivery], originals: Originals, register: Register) -> Sequence[int | None]:
    """Keep the bytes of deliveries, then commit them; give each one's new receipt, or None when it was taken before."""
    digests = originals.keep_all([delivery.raw for delivery in batch])
    instant("before register")
    receipts = register(list(zip(batch, digests, strict=True)))
    instant("after register")
    for delivery, digest in zip(batch, digests, strict=True):
        if not originals.has(digest):
            # The same bytes were erased on somebody's request between the two steps: these are wanted.
            originals.keep(delivery.raw)
    return receipts


def _close(deliveries: Iterator[Delivery]) -> None:
    """Let a source that streams hang up at once, also when the round ended early."""
    close = getattr(deliveries, "close", None)
    if close is not None:
        close()


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
