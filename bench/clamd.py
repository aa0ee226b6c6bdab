"""A real clamd on a socket of its own, with one invented signature and no download, for benches and tests."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from intake.scanner import Scanner, ScannerDown

MALWARE = b"GATEWAY-TEST-MALWARE"
FINDING = "Gateway.Test.UNOFFICIAL"
_CONFIG = """\
DatabaseDirectory {root}/db
LocalSocket {root}/clamd.sock
LogFile {root}/clamd.log
StreamMaxLength 1M
MaxScanTime 30000
AlertEncrypted yes
"""


@dataclass
class Clamd:
    """The daemon, which may be stopped and started."""

    root: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def scanner(self) -> Scanner:
        """The door to it."""
        return Scanner(str(self.root / "clamd.sock"), timeout_s=20)

    def start(self) -> None:
        """Start it and wait until it answers. Raises ``RuntimeError`` with its log."""
        program = shutil.which("clamd") or "/usr/sbin/clamd"
        words = [program, "--foreground", "-c", str(self.root / "clamd.conf")]
        self.running.append(subprocess.Popen(words, stdout=subprocess.DEVNULL))  # noqa: S603  our own server
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.scanner.scan(b"ready?") == "":
                    return
            except ScannerDown:
                time.sleep(0.1)
        raise RuntimeError((self.root / "clamd.log").read_text("utf-8", "replace"))

    def stop(self) -> None:
        """Kill it."""
        for process in self.running:
            process.kill()
            process.wait()
        self.running.clear()


@contextmanager
def clamd_server() -> Iterator[Clamd]:
    """Give a daemon that is not started yet; it and its folder are gone at the end."""
    root = Path(tempfile.mkdtemp(prefix="gw-clamd-"))
    (root / "db").mkdir()
    (root / "db/local.ndb").write_text(f"Gateway.Test:0:*:{MALWARE.hex()}\n", "ascii")
    user = "User clamav\n" if os.geteuid() == 0 else ""
    (root / "clamd.conf").write_text(_CONFIG.format(root=root) + user, "ascii")
    if user:
        for path in (root, root / "db", root / "db/local.ndb"):
            shutil.chown(path, "clamav", "clamav")
    daemon = Clamd(root)
    try:
        yield daemon
    finally:
        daemon.stop()
        shutil.rmtree(root)
