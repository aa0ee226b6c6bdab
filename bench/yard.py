"""The yard in which the gateway is tortured: real trays and originals in one folder, and post whose fate is known."""

import io
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bench.stubs import submission
from cases.database import Database
from cases.paper import Slot
from cases.submission import Looked
from checks.validation import Outcome
from intake.fax import FaxTray
from intake.maildrop import MailDrop
from intake.originals import Originals
from intake.receipt import MailKind, Receipt
from intake.scans import ScanFolder
from intake.source import Source
from intake.tray import TrayOptions
from jobs.app import Patience
from parsers.reading import PageUse

HASTE = Patience(
    heartbeat_s=0.3,
    stalled_s=1.2,
    upkeep_s=0.3,
    sweep_s=0.6,
    doing_s=60.0,
    poll_s=0.3,
    stop_s=5.0,
    deaths=10_000,  # a receipt may meet any number of kills here, and must still come out as itself
    sweeps=10_000,
    retry_s=0.2,
)
"""Patience for kills every second. A machine under load will call living workers dead: that must do no harm."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of post, how many receipts it may become, and how often its source holds it as done in the end."""

    raw: bytes
    most: int = 1
    least: int = 1
    done: int = 1

    @property
    def digest(self) -> str:
        """SHA-256 in hex."""
        return sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Yard:
    """The folders of one torture."""

    root: Path

    @property
    def originals(self) -> Originals:
        """The write-once store."""
        return Originals(self.root / "originals")

    def tray(self, kind: str) -> Path:
        """Give the folder of a source."""
        return self.root / "inbox" / kind

    def sources(self, _database: Database | None = None) -> Mapping[str, Source]:
        """Open the sources: a mail drop, a fax tray, a scan folder."""
        for kind in ("mail", "fax", "scan"):
            self.tray(kind).mkdir(parents=True, exist_ok=True)
        return {
            "mail": MailDrop(TrayOptions(self.tray("mail"), quiet_seconds=0.0)),
            "fax": FaxTray(TrayOptions(self.tray("fax"), quiet_seconds=0.0)),
            "scan": ScanFolder(TrayOptions(self.tray("scan"), quiet_seconds=0.0)),
        }

    def feed(self, number: int, chance: random.Random) -> bytes:
        """Put one new piece of post into a tray, as a whole; give its bytes."""
        kind = chance.choice(("mail", "fax", "scan"))
        raw, suffix = _post(kind, number)
        self.put(kind, f"{number:06d}{suffix}", raw)
        return raw

    def put(self, kind: str, name: str, raw: bytes) -> Path:
        """Put a file into a tray, as a whole; give it."""
        half = self.tray(kind) / f".{name}.tmp"
        half.write_bytes(raw)
        return half.rename(self.tray(kind) / name)

    def look(self, receipt: Receipt, raw: bytes) -> Looked:
        """Look at a receipt of this yard."""
        return quick_look(receipt, raw)

    def look_again(self, _receipt: Receipt, _raw: bytes, slots: Sequence[Slot]) -> Looked:
        """Look again as a clerk told: the sheets that were named lie where they were said to."""
        time.sleep(0.02)
        pages = tuple(PageUse(slot.file, slot.number, slot.page, 1.0) for slot in slots)
        told = submission(Outcome.MANUAL_REVIEW)
        return Looked((replace(told, reading=replace(told.reading, pages=pages)),))

    def cases_of(self, raw: bytes) -> int:
        """Give how many cases a piece of post must become."""
        return cases_of(raw)

    def unsettled(self) -> list[str]:
        """List what still lies in the trays."""
        return [str(p.relative_to(self.root)) for p in self.root.glob("inbox/*/*") if p.is_file()]

    def settled(self) -> list[bytes]:
        """Give the bytes of every file that the sources settled."""
        return [p.read_bytes() for p in self.root.glob("inbox/*/done/*")]


def cases_of(raw: bytes) -> int:
    """Give how many cases a piece of post must become: one, two, or none for an advertisement."""
    return {0: 0, 1: 2, 2: 2}.get(sha256(raw).digest()[0] % 8, 1)


def quick_look(_receipt: Receipt, raw: bytes) -> Looked:
    """Look as fast as no reader can: the fate of the bytes is in their hash."""
    time.sleep(0.02 + sha256(raw).digest()[1] / 255 * 0.08)
    outcomes = (Outcome.READY, Outcome.MANUAL_REVIEW)[: cases_of(raw)]
    kind = MailKind.REQUEST if outcomes else MailKind.LIST
    return Looked(tuple(submission(outcome) for outcome in outcomes), kind=kind)


def _post(kind: str, number: int) -> tuple[bytes, str]:
    if kind == "mail":
        words = f"From: a@example.com\r\nTo: b@example.org\r\nSubject: {number}\r\n\r\nBuongiorno.\r\n"
        return words.encode(), ".eml"
    return sheet(kind, number), ".tif" if kind == "fax" else ".png"


def sheet(kind: str, number: int, note: bytes | None = None) -> bytes:
    """Make a fax or a scanned sheet that differs from all others; a scan carries the note, where there is one."""
    picture = Image.new("1", (64, 64), 1)
    for bit in range(24):
        picture.putpixel((bit, 0), number >> bit & 1)
    out = io.BytesIO()
    if kind == "fax":
        picture.save(out, "TIFF", compression="group4")
        return out.getvalue()
    words = PngInfo()
    if note is not None:
        words.add_text("Comment", note.decode())
    picture.save(out, "PNG", pnginfo=words)
    return out.getvalue()
