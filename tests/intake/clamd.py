"""A real clamd on a socket of its own, with one invented signature and no download."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

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
    """The daemon, which tests may stop and start."""

    root: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def scanner(self) -> Scanner:
        return Scanner(str(self.root / "clamd.sock"), timeout_s=20)

    def start(self) -> None:
        program = shutil.which("clamd") or "/usr/sbin/clamd"
        self.running.append(subprocess.Popen([program, "--foreground", "-c", self.root / "clamd.conf"]))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.scanner.scan(b"ready?") == "":
                    return
            except ScannerDown:
                time.sleep(0.1)
        raise RuntimeError((self.root / "clamd.log").read_text("utf-8", "replace"))

    def stop(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()
        self.running.clear()


@pytest.fixture(scope="session")
def clamd_server() -> Iterator[Clamd]:
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


@pytest.fixture
def clamd(clamd_server: Clamd) -> Clamd:
    """Give the daemon, running."""
    if not clamd_server.running:
        clamd_server.start()
    return clamd_server
