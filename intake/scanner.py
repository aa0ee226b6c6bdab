"""Door to clamd, the daemon of ClamAV: a second opinion on bytes, behind our own limits.

Only the answer ``stream: OK`` to a stream that was not empty counts as scanned. clamd is known to say OK to an empty
stream, and to break the pipe, without an answer, on a stream over its StreamMaxLength. OK means "nothing known found".
"""

import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOUND: Final = "virus"
"""The fact of a receipt that names what the scanner found in it."""
_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_CLEAN: Final = "stream: OK"
_FOUND: Final = " FOUND"


class ScannerDown(Exception):
    """Nobody answers at the scanner's address: what waits for it must wait on."""


class NotScanned(Exception):
    """The scanner lives, but gave no verdict on these bytes: they are too many, or it failed over them."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd at ``address``: the path of its socket, or host:port."""

    address: str
    timeout_s: float = 60.0

    def scan(self, raw: bytes) -> str:
        """Give the name of what was found in bytes, or "" when nothing known was. Empty bytes hold nothing.

        Raises ``ScannerDown`` or ``NotScanned``.
        """
        if not raw:
            return ""
        try:
            said = self._ask(b"zINSTREAM\0", raw)
        except OSError as error:
            self._live(error)
            raise NotScanned(f"the virus scanner broke off ({error}): is StreamMaxLength too small?") from error
        if said == _CLEAN:
            return ""
        if said.startswith("stream: ") and said.endswith(_FOUND):
            return said.removeprefix("stream: ").removesuffix(_FOUND)
        raise NotScanned(f"the virus scanner says: {said[:200] or 'nothing'}")

    def _live(self, cause: OSError) -> None:
        """Raise ``ScannerDown`` unless the scanner answers."""
        try:
            alive = self._ask(b"zPING\0") == "PONG"
        except OSError as error:
            raise ScannerDown(f"the virus scanner at {self.address} does not answer: {error}. Start clamd.") from cause
        if not alive:
            raise ScannerDown(f"what answers at {self.address} is no clamd. Correct scanner.address.") from cause

    def _ask(self, command: bytes, raw: bytes = b"") -> str:
        with self._connected() as link:
            link.sendall(command)
            if raw:
                for start in range(0, len(raw), _CHUNK):
                    chunk = raw[start : start + _CHUNK]
                    link.sendall(struct.pack("!I", len(chunk)) + chunk)
                link.sendall(struct.pack("!I", 0))
            return _answer(link)

    def _connected(self) -> socket.socket:
        if self.address.startswith("/"):
            link = socket.socket(socket.AF_UNIX)
            link.settimeout(self.timeout_s)
            try:
                link.connect(str(Path(self.address)))
            except OSError:
                link.close()
                raise
            return link
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), self.timeout_s)


def _answer(link: socket.socket) -> str:
    """Read up to the closing zero byte, or what there is of an answer that never ends."""
    told = b""
    while not told.endswith(b"\0") and len(told) < _LONGEST_ANSWER:
        more = link.recv(_LONGEST_ANSWER)
        if not more:
            break
        told += more
    return told.rstrip(b"\0").decode("utf-8", "replace").strip()
