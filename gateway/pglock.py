"""Lock files beside the embedded server's data folder: one owner, and any number of users."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Served:
    """What the owner tells the others: where the server is, and which process it is."""

    url: str
    pid: int
    started: float


class Lock:
    """An advisory lock on a file. The system frees it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = -1

    @property
    def held(self) -> bool:
        """Tell whether this object holds the lock."""
        return self._fd >= 0

    def take(self, *, shared: bool = False) -> bool:
        """Try to take the lock, without waiting."""
        self.release()
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self._fd = fd
        return True

    def release(self) -> None:
        """Give the lock back, if held."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def write(self, served: Served | None) -> None:
        """Tell others what we serve; only the holder may."""
        text = json.dumps(asdict(served)).encode() if served else b""
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, text, 0)

    def read(self) -> Served | None:
        """Read what the owner tells, or the last owner told; None when it tells nothing (whole) yet."""
        try:
            return Served(**json.loads(self.path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
