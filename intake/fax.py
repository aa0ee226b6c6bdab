"""The fax tray: TIFF or PDF files that a fax server drops, one a call, each with an optional note beside it.

HylaFAX leaves no note: it writes sender and time into the TIFF, and keeps its counter ``seqf`` in the same folder.
"""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.filetype import FileType
from intake.names import one_line
from intake.noted import NotedTray, Take
from intake.receipt import Channel
from intake.sidecar import Sidecar
from intake.tray import TrayOptions
from intake.whole import tiff_words

_ROME = ZoneInfo("Europe/Rome")
_TAKE = Take("fax", Channel.FAX, frozenset({FileType.PDF, FileType.TIFF}), "a TIFF or PDF", ignored=frozenset({"seqf"}))
_DESCRIPTION, _SOFTWARE, _DATE = 270, 305, 306


class FaxTray(NotedTray):
    """A folder into which a fax server writes."""

    def __init__(self, options: TrayOptions, zone: tzinfo = _ROME) -> None:
        super().__init__(options, _TAKE, zone)

    def _without_note(self, path: Path, raw: bytes) -> Sidecar:  # noqa: ARG002 - the name of a fax says nothing
        said = tiff_words(raw)
        if not said.get(_SOFTWARE, "").startswith("HylaFAX"):
            return Sidecar()
        return Sidecar(one_line(said.get(_DESCRIPTION, "")), self._moment(said.get(_DATE, "")))

    def _moment(self, text: str) -> datetime | None:
        try:
            return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=self._zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
