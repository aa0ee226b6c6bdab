"""Door to the trays of what goes out: a folder for a fax gateway, and one for a printer.

A letter is laid into the tray under a hidden name first; one rename makes it seen. So a crash in between never leaves
half a letter, and whoever comes back knows by the hidden file alone whether it had been given.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from intake.durable import sync_folder, write_file
from letters.door import NotTaken, Outgoing

_PART: Final = ".part"
_OLD_S: Final = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class PrintTray:
    """A folder of PDFs to be printed, folded and posted."""

    folder: Path

    def offer(self, letter: Outgoing) -> "Laid":
        """Write the PDF under a hidden name."""
        return _laid(self.folder, {}, f"{letter.name}.pdf", letter.content)

    def resume(self, name: str) -> bool | None:
        """Show what was laid into the tray and not shown yet; what is not there was shown before."""
        return _shown(self.folder, f"{name}.pdf")


@dataclass(frozen=True, slots=True)
class FaxTray:
    """A folder of faxes to be sent, each a TIFF (G4, 204 x 196) with a sidecar that is written last.

    The sidecar is JSON: ``to`` (E.164), ``file``, ``pages``, ``reference``. A fax gateway takes a fax when its sidecar
    is there.
    """

    folder: Path
    as_fax: Callable[[bytes], tuple[bytes, int]]
    """A PDF as a TIFF, and how many pages it has."""

    def offer(self, letter: Outgoing) -> "Laid":
        """Write the TIFF, and its sidecar under a hidden name."""
        tiff, pages = self.as_fax(letter.content)
        name = f"{letter.name}.tif"
        sidecar = {"to": letter.to.to, "file": name, "pages": pages, "reference": letter.number}
        return _laid(self.folder, {name: tiff}, f"{letter.name}.json", json.dumps(sidecar).encode())

    def resume(self, name: str) -> bool | None:
        """Show what was laid into the tray and not shown yet; what is not there was shown before."""
        return _shown(self.folder, f"{name}.json")


@dataclass(frozen=True, slots=True)
class Laid:
    """Files in a tray, of which one is not shown yet."""

    folder: Path
    shown: str

    def give(self) -> str:
        """Show it."""
        _shown(self.folder, self.shown)
        return f"in the tray as {self.shown}"

    def withdraw(self) -> None:
        """Leave it hidden: the row may say already that it is given, or another process may be about to show it."""


def _laid(folder: Path, others: Mapping[str, bytes], shown: str, content: bytes) -> Laid:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        for name, raw in others.items():
            write_file(folder / f".{name}{_PART}", raw, 0o640, os.O_TRUNC)
            (folder / f".{name}{_PART}").rename(folder / name)
        write_file(folder / f".{shown}{_PART}", content, 0o640, os.O_TRUNC)
        sync_folder(folder)
    except OSError as error:
        raise NotTaken(f"the tray {folder} cannot be written: {error.strerror}. Free or repair the disk.") from error
    return Laid(folder, shown)


def _sweep(folder: Path) -> None:
    """Remove what lay hidden for days: letters that were held or dropped when they were about to be shown."""
    for part in folder.glob(f".*{_PART}"):
        if time.time() - part.stat().st_mtime > _OLD_S:
            part.unlink(missing_ok=True)


def _shown(folder: Path, name: str) -> bool:
    try:
        (folder / f".{name}{_PART}").rename(folder / name)
    except FileNotFoundError:
        return True  # shown before; its taker may have removed it since
    sync_folder(folder)
    return True
