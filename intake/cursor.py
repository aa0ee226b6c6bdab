"""How far a mailbox has been taken in: UIDVALIDITY, the next UID, and the UIDs before it that are still open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol


class Cursor(Protocol):
    """Where progress is kept, outside the mailbox: a table, in the same database as the receipts."""

    def get(self, name: str) -> str | None:
        """Give what was kept last under a name."""
        ...

    def put(self, name: str, value: str) -> None:
        """Keep a value durably."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """Every UID below ``following`` is done, except the ``open`` ones; UIDs from ``following`` on are new.

    It needs no flag on the server: somebody who opens a mail, or clears its flags, changes nothing here.
    """

    validity: int
    following: int = 1
    open: frozenset[int] = frozenset()

    @property
    def lowest(self) -> int:
        """The lowest UID that may still have to be taken."""
        return min(self.open, default=self.following)

    def waiting(self, found: Iterable[int]) -> list[int]:
        """Say which of the UIDs that exist now are still to be taken."""
        return sorted(uid for uid in found if uid >= self.following or uid in self.open)

    def opened(self, uids: list[int]) -> "Progress":
        """Open the next UIDs, in order and without a gap in what exists; few at a time keep the record short."""
        following = max(self.following, uids[-1] + 1) if uids else self.following
        return Progress(self.validity, following, self.open.union(uids))

    def only(self, found: Iterable[int]) -> "Progress":
        """Close what is open but no longer exists."""
        return Progress(self.validity, self.following, self.open.intersection(found))

    def without(self, uid: int) -> "Progress":
        """Close one UID: its receipt is committed, or it has vanished."""
        return Progress(self.validity, self.following, self.open - {uid})

    def text(self) -> str:
        """Write it down, for example ``1700000000 43 17,20:22``."""
        return f"{self.validity} {self.following} {','.join(_ranges(sorted(self.open)))}".rstrip()


def read_progress(text: str | None, validity: int) -> Progress:
    """Read what was written down; another UIDVALIDITY, or nonsense, starts from the first message again."""
    try:
        old, following, *rest = (text or "").split()
        progress = Progress(int(old), int(following), frozenset(_numbers(rest[0] if rest else "")))
    except ValueError:
        return Progress(validity)
    return progress if progress.validity == validity else Progress(validity)


def _ranges(numbers: list[int]) -> Iterator[str]:
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            first, last = numbers[start], numbers[at - 1]
            yield str(first) if first == last else f"{first}:{last}"
            start = at


def _numbers(text: str) -> Iterator[int]:
    for piece in text.split(","):
        if piece:
            first, _, last = piece.partition(":")
            yield from range(int(first), int(last or first) + 1)
