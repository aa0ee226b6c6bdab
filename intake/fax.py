"""The fax tray: TIFF or PDF files that a fax server drops, one a call, each with an optional note beside it."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

from intake.filetype import FileType
from intake.noted import NotedTray, Take
from intake.receipt import Channel
from intake.tray import TrayOptions

_ROME = ZoneInfo("Europe/Rome")
_TAKE = Take("fax", Channel.FAX, frozenset({FileType.PDF, FileType.TIFF}), "a TIFF or PDF")


class FaxTray(NotedTray):
    """A folder into which a fax server writes."""

    def __init__(self, options: TrayOptions, zone: tzinfo = _ROME) -> None:
        super().__init__(options, _TAKE, zone)
