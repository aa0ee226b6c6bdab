"""The scan folder: letters that came by post, as PDF, TIFF, JPEG or PNG, each with an optional note beside it."""

from intake.filetype import FileType
from intake.noted import NotedTray, Take
from intake.receipt import Channel
from intake.tray import TrayOptions

_TYPES = frozenset({FileType.PDF, FileType.TIFF, FileType.JPEG, FileType.PNG})


class ScanFolder(NotedTray):
    """A folder into which scanners write; several letters in one file are taken as one delivery.

    A note may tell ``received_at``, the day on which the letter arrived; without one it is the file's own time.
    """

    def __init__(self, options: TrayOptions, channel: Channel = Channel.POST) -> None:
        super().__init__(options, Take("scans", channel, _TYPES, "a PDF, TIFF, JPEG or PNG", (".json",)))
