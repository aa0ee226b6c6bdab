"""Originals: every byte that arrived, kept once under its SHA-256 and never rewritten."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from intake.instants import instant
from intake.source import StoreDown

_DIGEST_LENGTH = 64


class Damaged(Exception):
    """The file kept under a digest is missing or has other bytes: restore it from the backup."""


@dataclass(frozen=True, slots=True)
class Originals:
    """A folder of originals; ``spare`` bytes of its disk are left free for the database and the rest of the machine."""

    root: Path
    spare: int = 0

    def keep(self, raw: bytes) -> str:
        """Keep the bytes durably and give their digest; keeping them again changes nothing.

        Raises ``StoreDown`` when the disk refuses, and ``Damaged`` when other bytes stand under this digest.
        """
        digest = sha256(raw).hexdigest()
        try:
            if self.has(digest):
                self.read(digest)
            else:
                self._write(self._path(digest), raw)
            # Also for a file that was here already: its writer may have died before the folder was safe.
            self._sync_folders(self._path(digest).parent)
        except OSError as error:
            raise StoreDown(f"cannot keep an original in {self.root}: {error}. Free or repair the disk.") from error
        instant("original kept")
        return digest

    def read(self, digest: str) -> bytes:
        """Give the bytes kept under a digest, or raise ``Damaged`` when they are not what the digest says."""
        path = self._path(digest)
        try:
            raw = path.read_bytes()
        except FileNotFoundError as error:
            raise Damaged(f"original {digest} is missing: restore it from the backup") from error
        if sha256(raw).hexdigest() != digest:
            raise Damaged(f"original {digest} has other bytes than it arrived with: restore it from the backup")
        return raw

    def has(self, digest: str) -> bool:
        """Tell whether a file stands under this digest."""
        return self._path(digest).is_file()

    def digests(self) -> Iterator[str]:
        """Yield every digest kept; half-written files have other names and are left out."""
        for path in sorted(self.root.glob("??/*")):
            if len(path.name) == _DIGEST_LENGTH:
                yield path.name

    def verify_all(self) -> tuple[str, ...]:
        """Read every original again and give the digests of the damaged ones."""
        return tuple(digest for digest in self.digests() if not self._sound(digest))

    def _sound(self, digest: str) -> bool:
        try:
            self.read(digest)
        except Damaged:
            return False
        return True

    def _path(self, digest: str) -> Path:
        if len(digest) != _DIGEST_LENGTH or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("a digest is 64 lower case hex digits")
        return self.root / digest[:2] / digest

    def _write(self, path: Path, raw: bytes) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        self._leave_spare(len(raw))
        part = path.parent / f".{path.name[:16]}.{secrets.token_hex(8)}.part"
        try:
            _write_durably(part, raw)
            instant("original synced")
            # The name is the content: should another process win this race, it put the same bytes there.
            part.rename(path)
            instant("original renamed")
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _leave_spare(self, size: int) -> None:
        disk = os.statvfs(self.root)
        if disk.f_bavail * disk.f_frsize < self.spare + size:
            raise OSError(f"less than {self.spare} bytes would be left free")

    def _sync_folders(self, folder: Path) -> None:
        for each in (folder, self.root, self.root.parent):
            _sync_folder(each)


def _write_durably(path: Path, raw: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o400)
    try:
        rest = memoryview(raw)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        instant("original written")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
