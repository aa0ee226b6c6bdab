"""A tray whose files may have a note beside them: who sent it, when it was received."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.census import Census
from intake.filetype import FileType
from intake.receipt import Channel, Delivery
from intake.sidecar import LARGEST, Sidecar, read_sidecar
from intake.source import Problem
from intake.tray import Found, Tray, TrayOptions, Unusable, check_type

_ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class Take:
    """What a noted tray takes: the channel, the types of file and how to name them to an operator."""

    prefix: str
    channel: Channel
    types: frozenset[FileType]
    words: str
    notes: tuple[str, ...] = (".json", ".txt", ".info")
    """The endings of notes, the first found counts."""
    ignored: frozenset[str] = frozenset()
    """Names of files that the writer of the tray keeps there for itself."""


class NotedTray:
    """A folder of files, each with an optional note.

    The note of ``0042.tif`` is ``0042.json`` or ``0042.tif.json``, and so for the other endings of notes.
    """

    def __init__(self, options: TrayOptions, take: Take, zone: tzinfo = _ROME) -> None:
        self._tray = Tray(options, self._check, ignored=take.ignored)
        self._notes = Tray(options, _check_note)
        self._take, self._zone = take, zone
        self.name = f"{take.prefix}:{options.label}"

    def waiting(self) -> Iterator[Delivery]:
        """Yield the whole files, oldest first."""
        self._tray.start()
        self._notes.start()
        files = self._tray.files(self._tray.options.folder)
        notes = {path for path in files if path.suffix.lower() in self._take.notes}
        beside = {path: _note(path, notes, self._take.notes) for path in files if path not in notes}
        for orphan in sorted(notes - set(beside.values())):
            if self._tray.overdue(orphan):
                self._tray.report(orphan, "a note without its file. Deliver the file again, or remove the note.")
        for path, note in beside.items():
            yield from self._one(path, note)

    def settle(self, delivery: Delivery) -> None:
        """Move the file and its note into the ``done`` folder."""
        self._tray.settle(delivery)

    def census(self) -> Census:
        """Count the settled files and those that wait; their notes go with them."""
        return self._tray.census(self.name, (self._tray.options.folder,), self._take.notes)

    def forget(self, digest: str) -> bool:
        """Remove the settled file with a digest, and its note: its contents were erased."""
        return self._tray.forget(digest, self._take.notes)

    def problems(self) -> tuple[Problem, ...]:
        """Give the files that were left behind, and why."""
        return (*self._tray.problems(), *self._notes.problems())

    def _one(self, path: Path, note: Path | None) -> Iterator[Delivery]:
        """Yield one file when it is whole and its note, if there is one, is written to the end."""
        found = self._tray.whole(path)
        if found is None:
            return
        beside = self._notes.whole(note) if note else None
        bad = {problem.name for problem in self._notes.problems()}
        if note is None or beside is not None or note.name in bad:
            said = read_sidecar(beside.raw, self._zone) if beside else self._without_note(path, found.raw)
            yield self._deliver(found, note, said)

    def _without_note(self, path: Path, raw: bytes) -> Sidecar:  # noqa: ARG002 - some trays know better
        """Say what a file without a note says of itself."""
        return Sidecar()

    def _deliver(self, found: Found, note: Path | None, said: Sidecar) -> Delivery:
        delivery = Delivery(
            origin=found.origin(self.name),
            channel=self._take.channel,
            name=found.path.name,
            raw=found.raw,
            received_at=said.received_at or found.changed_at,
            sender=said.sender,
            facts=said.facts,
        )
        companions = [note] if note is not None and not note.is_symlink() else []
        return self._tray.remember(delivery, found, *companions)

    def _check(self, raw: bytes) -> None:
        check_type(raw, self._take.types, self._take.words)


def _note(path: Path, notes: set[Path], suffixes: tuple[str, ...]) -> Path | None:
    names = [name for suffix in suffixes for name in (path.with_suffix(suffix), path.with_name(path.name + suffix))]
    return next((name for name in names if name in notes), None)


def _check_note(raw: bytes) -> None:
    if len(raw) > LARGEST:
        raise Unusable("too large for a note: the file is taken without it.")
    try:
        read_sidecar(raw, _ROME)
    except ValueError as error:
        raise Unusable(f"a note that cannot be read ({error}): the file is taken without it.") from error
