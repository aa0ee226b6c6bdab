"""Door: how a letter leaves the house, in two strokes: everything that can be taken back, and then the one that cannot.

Between the two the letter's row says that it is being sent. Whoever finds it so after a crash knows that it may have
left, and asks the door.
"""

from dataclasses import dataclass, field
from typing import Protocol

from letters.recipient import Recipient


class NotTaken(Exception):
    """The letter did not leave the house. ``lasting`` says that another try would end the same."""

    def __init__(self, told: str, *, lasting: bool = False) -> None:
        super().__init__(told)
        self.lasting = lasting


class Unknown(Exception):
    """The connection broke when the letter had left and no answer had come: it may have arrived or not."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves the house: ``name`` is a file name without personal data, the same each time it is tried.

    ``content`` are the bytes as they are kept: a mail, or a PDF.
    """

    name: str
    to: Recipient
    content: bytes = field(repr=False)
    pages: int = 0
    number: str = ""


class Offer(Protocol):
    """A letter that the other side is ready to take."""

    def give(self) -> str:
        """Hand it over and give what the other side said. Raises ``NotTaken`` or ``Unknown``."""
        ...

    def withdraw(self) -> None:
        """Let go of it; nothing leaves the house by this. Another process may be giving the very same letter."""
        ...


class Door(Protocol):
    """One way out of the house."""

    def offer(self, letter: Outgoing) -> Offer:
        """Do all that can be taken back. Raises ``NotTaken``."""
        ...

    def resume(self, name: str) -> bool | None:
        """Finish what a crash cut short after ``offer``: True when it has left now or before, None when unknown."""
        ...
