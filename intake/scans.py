"""The scan folder: letters that came by post, as PDF, TIFF, JPEG or PNG."""

from collections.abc import Iterator

from intake.filetype import FileType
from intake.receipt import Channel, Delivery
from intake.source import Problem
from intake.tray import Tray, TrayOptions, check_type

_TYPES = frozenset({FileType.PDF, FileType.TIFF, FileType.JPEG, FileType.PNG})


class ScanFolder:
    """A folder into which scanners write; several letters in one file are taken as one delivery."""

    def __init__(self, options: TrayOptions, channel: Channel = Channel.POST) -> None:
        self._tray = Tray(options, _check)
        self._channel = channel
        self.name = f"scans:{options.label}"

    def waiting(self) -> Iterator[Delivery]:
        """Yield the whole files, oldest first."""
        self._tray.start()
        for path in self._tray.files(self._tray.options.folder):
            found = self._tray.whole(path)
            if found is not None:
                origin = found.origin(self.name)
                delivery = Delivery(origin, self._channel, path.name, found.raw, found.changed_at)
                yield self._tray.remember(delivery, found)

    def settle(self, delivery: Delivery) -> None:
        """Move the file of a delivery into the ``done`` folder."""
        self._tray.settle(delivery)

    def problems(self) -> tuple[Problem, ...]:
        """Give the files that were left behind, and why."""
        return self._tray.problems()


def _check(raw: bytes) -> None:
    check_type(raw, _TYPES, "a PDF, TIFF, JPEG or PNG")
