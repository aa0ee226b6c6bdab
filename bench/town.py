"""The town from which a day's traffic comes: a yard with a real mailbox, a virus scanner, and worse post."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final

from bench.clamd import MALWARE
from bench.dovecot import Box, Dovecot
from bench.yard import Yard, cases_of, quick_look, sheet
from cases.database import Database
from cases.sources import Sources
from cases.submission import Looked
from gateway.wiring import Place
from intake.fax import FaxTray
from intake.mailbox import Mailbox
from intake.receipt import Receipt
from intake.scanner import Scanner
from intake.scans import ScanFolder
from intake.source import Source
from intake.tray import TrayOptions
from jobs.child import ChildFailed, Limits, run_in_child, warm_with
from jobs.scanning import scanned

POISON: Final = b"TRAFFIC-POISON"
GREEDY: Final = b"TRAFFIC-GREEDY"
KINDS: Final = ("mail", "fax", "scan")
_LIMITS: Final = Limits(wall_s=30.0, cpu_s=20, memory_mb=700)
_SILENCE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Town(Yard):
    """The yard of a simulated day. ``port`` is where the mailbox is reached: through the gate that faults close."""

    server: Dovecot
    port: int
    scanner: Scanner

    @property
    def box(self) -> Box:
        """The mailbox, past the gate: as the server itself sees it."""
        return Box(self.server, "posta")

    def sources(self, database: Database | None = None) -> Mapping[str, Source]:
        """Open the mailbox, the fax tray and the scan folder."""
        if database is None:
            raise ValueError("a mailbox keeps its place in a database")
        options = self.box.options(port=self.port, read_seconds=_SILENCE_S)
        return {
            "posta": Mailbox(options, Place(Sources(database), "posta")),
            "fax": FaxTray(TrayOptions(self.tray("fax"), quiet_seconds=0.0)),
            "scan": ScanFolder(TrayOptions(self.tray("scan"), quiet_seconds=0.0)),
        }

    def look(self, receipt: Receipt, raw: bytes) -> Looked:
        """Have everything scanned as the gateway does, then look; some post kills its reader, or its parser."""
        warm_with("jobs.scanning")
        return scanned(_look, self.scanner, _LIMITS)(receipt, raw)

    def cases_of(self, raw: bytes) -> int:
        """Give one for what a clerk gets unread, and otherwise what its bytes stand for."""
        return 1 if spoiled(raw) else cases_of(raw)

    def settled(self) -> list[bytes]:
        """Give the bytes that the trays moved away, and all that is in the mailbox: there nothing is moved."""
        return [*Yard.settled(self), *self.box.folder("INBOX")]

    def drop(self, kind: str, name: str, raw: bytes) -> Path | None:
        """Let a piece of post arrive as a whole; give the file, where it is one."""
        if kind == "mail":
            self.box.put(raw)
            return None
        return self.put(kind, name, raw)


def mail(number: int, extra: bytes = b"") -> bytes:
    """Make a mail with an attachment, in the line endings in which a server gives it back."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "anna@example.com", "posta@example.org", f"Modulo {number}"
    message["Message-ID"] = f"<{number}@example.com>"
    message.set_content(f"In allegato il modulo {number}.")
    content = f"%PDF-1.7 {number}\n".encode() + random.Random(number).randbytes(3000) + extra
    message.add_attachment(content, maintype="application", subtype="pdf", filename="modulo.pdf")
    return message.as_bytes() + (extra + b"\r\n" if extra in {POISON, GREEDY} else b"")


def post(kind: str, number: int) -> tuple[str, bytes]:
    """Make an ordinary piece of post and its name."""
    raw = mail(number) if kind == "mail" else sheet(kind, number, b"")
    return f"{number:06d}{'.tif' if kind == 'fax' else '.png'}", raw


def _look(receipt: Receipt, raw: bytes) -> Looked:
    if POISON in raw:
        raise ValueError("a fault in a parser")
    if GREEDY in raw:
        try:
            run_in_child("bench.greedy:grab", raw, _LIMITS)
        except ChildFailed as failure:
            return Looked((), failure=str(failure))
    return quick_look(receipt, raw)


def spoiled(raw: bytes) -> bool:
    """Tell whether a clerk gets a piece of post unread: it is infected, or nothing can read it."""
    return any(mark in raw for mark in (POISON, GREEDY)) or _infected(raw)


def _infected(raw: bytes) -> bool:
    return b"X-Test-Infected: yes" in raw or MALWARE in raw


def infected_mail(number: int) -> bytes:
    """Make a mail in whose attachment the scanner finds something."""
    return b"X-Test-Infected: yes\r\n" + mail(number, MALWARE)
