"""Office: all that the letters of this installation are made with, wired once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from intake.originals import Originals
from letters.door import Door
from letters.house import House
from letters.letter import LetterCode
from letters.recipient import Way
from templates.form import Form
from templates.load import Library

FOLDER: Final = "letters"
"""Where letters are kept as they were sent, in the data folder."""


@dataclass(frozen=True, slots=True)
class Cap:
    """How many letters one address gets by themselves within a time; what is beyond waits for a clerk."""

    letters: int = 6
    within: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Office:
    """The sender, the doors out of the house, and the habits.

    ``kept`` is where letters are kept as they were sent. ``own`` are our own addresses, lower case: nothing is sent
    there, and ``senders`` those that mail comes from. ``holds`` are the kinds that a clerk looks at first. ``key``
    signs the codes of return sheets.
    """

    house: House
    library: Library
    kept: Originals
    doors: Mapping[Way, Door]
    senders: Mapping[Way, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    holds: frozenset[LetterCode] = frozenset(LetterCode)
    cap: Cap = field(default_factory=Cap)
    key: bytes = field(default=b"", repr=False)

    @property
    def pec(self) -> bool:
        """Tell whether certified mail can be sent."""
        return Way.PEC in self.doors

    def form(self, code: str, edition: str) -> Form | None:
        """Give the form of a case, None where it is not known here."""
        try:
            return self.library.get(code, edition)
        except KeyError:
            return None
