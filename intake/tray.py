"""A tray: a folder in which other programs put files. Files are read when whole, and moved, never deleted."""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from intake.census import Census, Holding
from intake.filetype import FileType, file_type
from intake.instants import instant
from intake.receipt import Delivery, Origin
from intake.source import NotSettled, Problem, SourceDown
from intake.whole import flaw

DONE = "done"
_HEAD = 262_144
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")


@dataclass(frozen=True, slots=True)
class TrayOptions:
    """Where a tray is, and when a file in it counts as whole.

    A file must be unchanged for ``quiet_seconds``. One that stays incomplete for ``patience_seconds`` is a problem.
    """

    folder: Path
    name: str = ""
    quiet_seconds: float = 5.0
    patience_seconds: float = 3600.0
    size_limit: int = 100_000_000

    @property
    def label(self) -> str:
        """The tray's name in origins: given, or the folder's."""
        return self.name or self.folder.name


@dataclass(frozen=True, slots=True)
class Found:
    """A whole file of a tray. ``cut_from`` is its size when only its head was read, else 0."""

    path: Path
    raw: bytes
    identity: tuple[int, ...]
    changed_at: datetime
    cut_from: int = 0

    def origin(self, source: str) -> Origin:
        """Name this file for good: trays start their numbering again, so the name alone would clash."""
        # What follows ":2," are the flags of a Maildir, which change when somebody reads the mail.
        return Origin(f"{source}/{self.path.name.split(':2,')[0]}/{sha256(self.raw).hexdigest()}")


class NotYet(Exception):
    """The file may still be growing."""


class Unusable(Exception):
    """The file will not be taken as it is: the message says why."""


class Tray:
    """The mechanics that fax trays, scan folders and mail drops share."""

    def __init__(
        self,
        options: TrayOptions,
        check: Callable[[bytes], None],
        *,
        heads: bool = False,
        ignored: frozenset[str] = frozenset(),
    ) -> None:
        """Take ``check``, which raises ``NotYet`` or ``Unusable``.

        ``heads`` reads only the head of oversize files; ``ignored`` names files that are no post.
        """
        self.options, self._check, self._heads, self._ignored = options, check, heads, ignored
        self._problems: list[Problem] = []
        self._sightings: dict[Path, tuple[tuple[int, ...], float]] = {}
        self._taken: dict[Origin, tuple[tuple[int, ...], tuple[Path, ...]]] = {}

    def problems(self) -> tuple[Problem, ...]:
        """Give what the last round left behind."""
        return tuple(self._problems)

    def start(self) -> None:
        """Begin a round: forget the problems of the last one, and what was not settled in it."""
        self._problems.clear()
        self._taken.clear()

    def files(self, folder: Path) -> list[Path]:
        """List a folder, oldest first, without hidden and unfinished names."""
        try:
            with os.scandir(folder) as entries:
                offered = (e for e in entries if _is_offered(e) and e.name not in self._ignored)
                listed = [(_age_key(entry), Path(entry.path)) for entry in offered]
        except OSError as error:
            remedy = "Create the folder, or correct the path and its permissions."
            raise SourceDown(
                f"the folder {folder} cannot be read: {error.strerror}. {remedy}", transient=True
            ) from error
        return [path for _, path in sorted(listed)]

    def whole(self, path: Path, *, quiet_seconds: float | None = None) -> Found | None:
        """Read a file when it is whole; otherwise None, and a problem where somebody should look."""
        quiet = self.options.quiet_seconds if quiet_seconds is None else quiet_seconds
        try:
            return self._read(path, quiet)
        except FileNotFoundError:
            return None
        except NotYet as error:
            if self.overdue(path):
                self.report(path, f"still incomplete: {error}. Deliver the file again, or remove it.")
        except Unusable as error:
            self.report(path, str(error))
        except OSError as error:
            self.report(path, f"cannot be read: {error.strerror}. Correct its permissions, or remove it.")
        return None

    def overdue(self, path: Path) -> bool:
        """Tell whether a file has been lying here, unchanged, longer than the patience allows."""
        return _seconds_old(path) > self.options.patience_seconds

    def report(self, path: Path, reason: str) -> None:
        """Note a file that stays where it is, and why."""
        self._problems.append(Problem(path.name, reason))

    def remember(self, delivery: Delivery, found: Found, *companions: Path) -> Delivery:
        """Keep in mind which file a delivery is, so that exactly that file is moved when it is settled."""
        self._taken[delivery.origin] = (found.identity, (*companions, found.path))
        return delivery

    def settle(self, delivery: Delivery) -> None:
        """Move the file of a delivery into the ``done`` folder. Raises ``NotSettled``."""
        if delivery.origin not in self._taken:
            raise NotSettled(f"{delivery.name} was not read from this tray in this round")
        identity, paths = self._taken.pop(delivery.origin)
        try:
            if _identity(paths[-1].lstat()) != identity:
                raise NotSettled(f"{delivery.name} was replaced by another file meanwhile; that one is taken next")
            # The file itself goes last: killed in between, it is found again, and nothing is left without it.
            for path in paths:
                _move(path, self.options.folder / DONE)
        except OSError as error:
            raise NotSettled(f"{delivery.name} cannot be moved to {DONE}: {error.strerror}") from error

    def census(self, source: str, folders: Iterable[Path], notes: tuple[str, ...] = ()) -> Census:
        """Count the settled files by their digest, and those that wait; ``notes`` are endings of companions."""
        waiting = sum(path.suffix.lower() not in notes for folder in folders for path in self.files(folder))
        done = self.options.folder / DONE
        settled = [p for p in self.files(done) if p.suffix.lower() not in notes] if done.is_dir() else []
        return Census(source, tuple(self._holding(path) for path in settled), waiting)

    def forget(self, digest: str, notes: tuple[str, ...] = ()) -> bool:
        """Remove the settled files with a digest, and the notes beside them: their contents were erased."""
        done = self.options.folder / DONE
        gone = [path for path in self.files(done) if self._holding(path).digest == digest] if done.is_dir() else []
        for path in gone:
            for suffix in notes:
                path.with_suffix(suffix).unlink(missing_ok=True)
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        return bool(gone)

    def _holding(self, path: Path) -> Holding:
        """Name a settled file by the digest of what was taken of it: of an oversize mail that is its head."""
        with path.open("rb") as file:
            over = path.stat().st_size > self.options.size_limit
            raw = _head(file.read(_HEAD)) if over and self._heads else file.read()
        return Holding(path.name, digest=sha256(raw).hexdigest())

    def _read(self, path: Path, quiet: float) -> Found:
        _refuse_specials(path.lstat())
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            _refuse_specials(before)
            _refuse_locked(descriptor)
            self._refuse_restless(path, before, quiet)
            over = before.st_size > self.options.size_limit
            if over and not self._heads:
                raise Unusable(f"larger than {self.options.size_limit} bytes. Split it, or raise the limit.")
            raw = _head(file.read(_HEAD)) if over else file.read()
            if _identity(os.fstat(descriptor)) != _identity(before):
                raise NotYet("it is changing")
        self._check(raw)
        changed = datetime.fromtimestamp(before.st_mtime, UTC)
        return Found(path, raw, _identity(before), changed, before.st_size if over else 0)

    def _refuse_restless(self, path: Path, status: os.stat_result, quiet: float) -> None:
        """Wait until size and time have been the same for a while: by the file's own time, or as seen by us."""
        identity, now = _identity(status), time.monotonic()
        seen, since = self._sightings.get(path, (identity, now))
        self._sightings[path] = (identity, since if seen == identity else now)
        # The file's own time may lie in the future, after a step of the clock: then only what we saw counts.
        if time.time() - status.st_mtime < quiet and now - self._sightings[path][1] < quiet:
            raise NotYet("it changed a moment ago")


def check_type(raw: bytes, types: frozenset[FileType], wanted: str) -> None:
    """Raise ``NotYet`` for a file that is not all there, ``Unusable`` for one of another type."""
    missing = flaw(raw)
    if missing:
        raise NotYet(missing)
    if file_type(raw) not in types:
        raise Unusable(f"not {wanted}. Convert it, or move it where it belongs.")


def _is_offered(entry: os.DirEntry[str]) -> bool:
    hidden = entry.name.startswith((".", "~$")) or entry.name.lower().endswith(_UNFINISHED)
    return not hidden and not (entry.name == DONE and entry.is_dir(follow_symlinks=False))


def _age_key(entry: os.DirEntry[str]) -> tuple[int, str]:
    try:
        return entry.stat(follow_symlinks=False).st_mtime_ns, entry.name
    except FileNotFoundError:
        return 0, entry.name


def _seconds_old(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0.0


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _refuse_specials(status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise Unusable("a symbolic link: it is not followed. Put the file itself here.")
    if stat.S_ISDIR(status.st_mode):
        raise Unusable("a folder: only files directly in the tray are taken.")
    if not stat.S_ISREG(status.st_mode):
        raise Unusable("not a regular file (a pipe, socket or device). Remove it.")


def _refuse_locked(descriptor: int) -> None:
    """HylaFAX writes under the final name and holds the lock until the call is over."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise NotYet("another program holds its lock") from error
    except OSError as error:
        # File systems without locks cannot say that a writer is there; quiet time and structure decide alone.
        if error.errno not in {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}:
            raise


def _head(raw: bytes) -> bytes:
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0]
    return raw[: min(ends)] + b"\r\n\r\n" if ends else raw


def _names(name: str) -> Iterator[str]:
    """Give the name, and then names with a number, for a folder that has that name already."""
    yield name
    path = Path(name)
    for number in range(2, 100_000):
        yield f"{path.stem}-{number}{path.suffix}"


def _move(path: Path, done: Path) -> None:
    """Move a file within its file system, never over another one; safe to repeat after a crash in the middle."""
    done.mkdir(mode=0o700, exist_ok=True)
    for name in _names(path.name):
        target = done / name
        if _link(path, target):
            instant("tray linked")
            with suppress(FileNotFoundError):
                path.unlink()
            return
    raise FileExistsError(errno.EEXIST, "no free name", str(done / path.name))


def _link(path: Path, target: Path) -> bool:
    """Give the file its second name; False when another file has that name."""
    try:
        os.link(path, target, follow_symlinks=False)
    except FileExistsError:
        return target.samefile(path)
    except PermissionError:
        # Some shares have no hard links, and Linux forbids them for files of others (fs.protected_hardlinks).
        if target.exists():
            return False
        path.rename(target)
    return True
