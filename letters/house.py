"""House: who writes the letters, and where answers come back. All of it is set by the operator; nothing is invented."""

from collections.abc import Iterator
from dataclasses import dataclass

from intake.receipt import Channel

WINDOWS = ("right", "left")
"""Where the window of a DL envelope stands: right in Italy, left by DIN 5008."""


@dataclass(frozen=True, slots=True)
class House:
    """The sender. ``name`` stands above each letter, ``lines`` is its address, ``place`` goes with the date.

    ``email``, ``pec``, ``fax`` and ``post`` are where customers send what is missing; those that are empty are not
    named. ``notice`` stands on each page, for letters that are only samples.
    """

    name: str
    lines: tuple[str, ...] = ()
    place: str = ""
    email: str = ""
    pec: str = ""
    fax: str = ""
    post: str = ""
    notice: str = ""
    window: str = "right"

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a letter needs the name of who writes it: set letters.name")
        if not (self.email or self.pec or self.fax or self.post):
            raise ValueError("a letter must say where to answer: set letters.email, pec, fax or post")
        if self.window not in WINDOWS:
            raise ValueError(f"letters.window is one of {', '.join(WINDOWS)}, not {self.window!r}")

    def ways(self, came_by: Channel) -> tuple[str, ...]:
        """Say how to send something back, the way by which the customer wrote first."""
        offered = list(self._offered(came_by))
        return tuple(text for _, text in sorted(offered, key=lambda pair: pair[0] is not came_by))

    def _offered(self, came_by: Channel) -> Iterator[tuple[Channel, str]]:
        if self.email:
            answer = "Risponda a questa e-mail, oppure scriva a" if came_by is Channel.EMAIL else "Per e-mail, a"
            yield Channel.EMAIL, f"{answer} {self.email}"
        if self.pec:
            yield Channel.PEC, f"Con PEC, a {self.pec}"
        if self.fax:
            yield Channel.FAX, f"Via fax, al numero {self.fax}"
        if self.post:
            yield Channel.POST, f"Per posta, a {self.post}"
