"""Tips of the ledger, noted in a file apart from the database: a ledger that was cut off or written anew is seen."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cases.chain import Tip


def note_tip(path: Path, tip: Tip, now: datetime) -> None:
    """Add a line with the instant and the tip; nothing is ever taken out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{now.isoformat(timespec='seconds')} {tip}\n")


def noted_tips(path: Path) -> Iterator[Tip]:
    """Yield what was noted; a line that a crash cut short is passed over."""
    with suppress(FileNotFoundError):
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            with suppress(ValueError):
                yield Tip.parse(line.rpartition(" ")[2])
