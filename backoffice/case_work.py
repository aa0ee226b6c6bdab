"""What the case screen needs of other rooms: it comes in as callables, wired in ``gateway.serving``."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session

from cases.correction_second import Sampling
from cases.paper import Asked, Paper, Passage
from checks.context import CheckSettings


def _draws_nothing(asked: Asked, _raw: bytes) -> Paper:
    return Paper(refused=((asked.name, "Le immagini non sono disponibili su questa installazione."),))


def _reads_nothing(_asked: Asked, _passage: Passage, _raw: bytes) -> str:
    return ""


def _asks_nobody(_session: Session, _case_id: int) -> None:
    return


@dataclass(frozen=True, slots=True)
class CaseWork:
    """The settings of the checks, and the doors to the sheets: draw them, read a passage, read a case again."""

    checks: CheckSettings = field(default_factory=CheckSettings)
    draw: Callable[[Asked, bytes], Paper] = _draws_nothing
    listen: Callable[[Asked, Passage, bytes], str] = _reads_nothing
    again: Callable[[Session, int], None] = _asks_nobody
    """Put the job of reading a case again into the queue, in the transaction of the session."""
    sampling: Sampling = field(default_factory=Sampling)
    """Which fields are keyed a second time."""
