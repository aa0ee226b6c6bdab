"""Sample: one delivery of sample post with the truth about it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intake.receipt import Channel


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of post. ``truth`` is stated by the generator alone; ``sender`` goes into the sidecar of a tray."""

    name: str
    channel: Channel
    raw: bytes = field(repr=False)
    received_at: datetime
    scenario: str
    mode: str
    proves: str
    submissions: tuple[dict[str, Any], ...]
    sender: str = ""
    pages: int = 0
    kind: str = "request"

    @property
    def truth(self) -> dict[str, Any]:
        """The truth file's content."""
        return {
            "file": self.name,
            "channel": self.channel.value,
            "received_at": self.received_at.isoformat(),
            "kind": self.kind,
            "scenario": self.scenario,
            "mode": self.mode,
            "proves": self.proves,
            "submissions": list(self.submissions),
        }

    @property
    def sidecar(self) -> dict[str, Any] | None:
        """What a fax server or scanner writes beside the file; a mail tells it in its own headers."""
        if self.channel in {Channel.EMAIL, Channel.PEC}:
            return None
        facts = {"sender": self.sender, "received_at": self.received_at.isoformat(), "pages": self.pages}
        return facts | {"status": "ok"}
