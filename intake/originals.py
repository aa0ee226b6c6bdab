"""Originals: every byte that arrived, kept once under the SHA-256 of its plain bytes and never rewritten.

With a key a new original is encrypted on its way to the disk; one that lies there in plain stays readable.
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

from intake.durable import sync_folder, write_all
from intake.instants import instant
from intake.sealed import Broken, Keyring, id_of, key_id, seal, unseal
from intake.source import StoreDown

_T = TypeVar("_T")
_DIGEST_LENGTH = 64
_AT_ONCE = 8
_SEALED = ".sealed"
_ASIDE = ".erased"


class Damaged(Exception):
    """The file kept under a digest is missing or has other bytes: restore it from the backup."""


@dataclass(frozen=True, slots=True)
class Originals:
    """A folder of originals; ``spare`` bytes of its disk are left free for the database and the rest of the machine."""

    root: Path
    spare: int = 0
    ring: Keyring = field(default_factory=Keyring)

    def keep(self, raw: bytes) -> str:
        """Keep the bytes durably and give their digest; keeping them again changes nothing.

        Raises ``StoreDown`` when the disk refuses, and ``Damaged`` when other bytes stand under this digest.
        """
        return self.keep_all([raw])[0]

    def keep_all(self, raws: Sequence[bytes]) -> list[str]:
        """Keep several as ``keep`` does one: side by side, because a disk syncs many files in the time of a few."""
        digests = [sha256(raw).hexdigest() for raw in raws]
        once = dict(zip(digests, raws, strict=True))
        try:
            _side_by_side(lambda digest: self._keep_one(digest, once[digest]), once)
            # Also for a file that was here already: its writer may have died before the folder was safe.
            _side_by_side(sync_folder, {self._path(digest).parent for digest in once})
            for folder in (self.root, self.root.parent):
                sync_folder(folder)
        except OSError as error:
            raise StoreDown(f"cannot keep an original in {self.root}: {error}. Free or repair the disk.") from error
        instant("original kept")
        return digests

    def _keep_one(self, digest: str, raw: bytes) -> None:
        if self.has(digest):
            self.read(digest)
        else:
            self._write(digest, raw)

    def read(self, digest: str) -> bytes:
        """Give the bytes kept under a digest.

        Raises ``Damaged`` when they are not what the digest says, ``KeyMissing`` when they cannot be decrypted.
        """
        try:
            raw = self._plain_bytes(digest)
        except FileNotFoundError as error:
            raise Damaged(f"original {digest} is missing: restore it from the backup") from error
        except Broken as error:
            raise Damaged(f"original {digest} cannot be decrypted ({error}): restore it from the backup") from error
        if sha256(raw).hexdigest() != digest:
            raise Damaged(f"original {digest} has other bytes than it arrived with: restore it from the backup")
        return raw

    def has(self, digest: str) -> bool:
        """Tell whether a file stands under this digest, in plain or sealed."""
        return self._found(digest) is not None

    def age_s(self, digest: str, now: float) -> float:
        """Give for how many seconds an original has been here; 0 when it is not."""
        path = self._found(digest)
        return now - path.stat().st_mtime if path else 0.0

    def digests(self) -> Iterator[str]:
        """Yield every digest kept, once; half-written files have other names and are left out."""
        yield from sorted({path.name.removesuffix(_SEALED) for path in self.files()})

    def files(self) -> Iterator[Path]:
        """Yield every file that holds an original."""
        yield from sorted(self._each())

    def verify_all(self) -> tuple[str, ...]:
        """Read every original again and give the digests of the damaged ones."""
        return tuple(digest for digest in self.digests() if not self.sound(digest))

    def sound(self, digest: str) -> bool:
        """Tell whether the bytes kept are what the digest says."""
        try:
            self.read(digest)
        except Damaged:
            return False
        return True

    def erase(self, digest: str, needed: Callable[[], bool]) -> bool:
        """Remove an original for good unless it is ``needed``; False when it stays, or is gone already.

        It goes aside before the question: whoever takes the same bytes in at this moment either is seen by it, or
        misses the file after the commit and keeps the bytes again.
        """
        for path in (self._path(digest), self._path(digest, _SEALED)):
            if path.exists():
                path.rename(_aside(path))
        return self.decide(digest, needed)

    def decide(self, digest: str, needed: Callable[[], bool]) -> bool:
        """Finish an erasure that a crash may have cut short: put the file back when it is needed, else remove it."""
        paths = [p for p in (self._path(digest), self._path(digest, _SEALED)) if _aside(p).exists()]
        back = bool(paths) and needed()
        for path in paths:
            if back:
                _aside(path).rename(path)
            else:
                _aside(path).unlink()
        if paths:
            sync_folder(self._path(digest).parent)
        return bool(paths) and not back

    def undecided(self) -> tuple[str, ...]:
        """Give the digests whose erasure was cut short."""
        return tuple(path.name[1 : 1 + _DIGEST_LENGTH] for path in sorted(self.root.glob(f"??/.*{_ASIDE}")))

    def seal_again(self, digest: str) -> bool:
        """Put an original under the current key, whatever it lay under; False when it does already.

        The sealed file is whole before the other one goes: a crash in between leaves both, and either will do.
        """
        key, plain, path = self.ring.current, self._path(digest), self._path(digest, _SEALED)
        if key is None or (not plain.exists() and path.exists() and _key_of(path) == key_id(key)):
            return False
        raw = self.read(digest)
        self._put(path, seal(raw, digest, key))
        plain.unlink(missing_ok=True)
        sync_folder(path.parent)
        return True

    def sealed_with(self, most: int | None = None) -> dict[str, int]:
        """Count the originals by the id of their key; "" is for those in plain. ``most`` looks at so many only."""
        counted: dict[str, int] = {}
        for path in islice(self._each(), most):
            which = _key_of(path).hex() if path.name.endswith(_SEALED) else ""
            counted[which] = counted.get(which, 0) + 1
        return counted

    def sweep_parts(self, older_s: float, now: float) -> tuple[str, ...]:
        """Remove the half-written files that a crash left; they were never an original. Give their names."""
        swept = [path for path in self.root.glob("??/.*.part") if now - path.stat().st_mtime > older_s]
        for path in swept:
            path.unlink(missing_ok=True)
        return tuple(path.name for path in swept)

    def _each(self) -> Iterator[Path]:
        for path in self.root.glob("??/*"):
            if len(path.name.removesuffix(_SEALED)) == _DIGEST_LENGTH:
                yield path

    def _found(self, digest: str) -> Path | None:
        paths = (self._path(digest, _SEALED), self._path(digest))
        return next((path for path in paths if path.is_file()), None)

    def _plain_bytes(self, digest: str) -> bytes:
        sealed = self._path(digest, _SEALED)
        if sealed.is_file():
            return unseal(sealed.read_bytes(), digest, self.ring)
        return self._path(digest).read_bytes()

    def _path(self, digest: str, suffix: str = "") -> Path:
        if len(digest) != _DIGEST_LENGTH or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("a digest is 64 lower case hex digits")
        return self.root / digest[:2] / f"{digest}{suffix}"

    def _write(self, digest: str, raw: bytes) -> None:
        key = self.ring.current
        if key is None:
            self._put(self._path(digest), raw)
        else:
            self._put(self._path(digest, _SEALED), seal(raw, digest, key))

    def _put(self, path: Path, raw: bytes) -> None:
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


def _side_by_side(work: Callable[[_T], object], things: Iterable[_T]) -> None:
    """Do the same to each, several at a time. Raises what the first that failed raised, after all have ended."""
    todo = list(things)
    if len(todo) == 1:
        work(todo[0])
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(work, thing) for thing in todo]:
            done.result()


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}{_ASIDE}")


def _key_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return id_of(file.read(64))


def _write_durably(path: Path, raw: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o400)
    try:
        write_all(descriptor, raw)
        instant("original written")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
