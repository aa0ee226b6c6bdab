"""Back a running system up, and restore it into an empty place.

The database is dumped from one snapshot, then the originals are copied. An original is durable before its row is
committed and never changes: so each row of the snapshot has its file in the copy, and a file without a row does no
harm. What is erased meanwhile is on the list of erasures, which is copied last and applied again by every restore.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from gateway.pgdump import dump, restore
from gateway.settings import FILE_NAME, Settings
from gateway.writing import KEY_FILE
from intake.originals import Originals
from jobs.forget import ERASURES
from letters.office import FOLDER

_MANIFEST: Final = "manifest.json"
_DUMP: Final = "database.dump"
_ORIGINALS: Final = "originals"
_REGISTER: Final = "register"
_TIPS: Final = "ledger.tips"
_VERSION: Final = 1
_BLOCK: Final = 1_048_576


class NotRestored(Exception):
    """A backup cannot be made or restored. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: every file with its SHA-256 and size, every table with its number of rows."""

    version: int
    made_at: str
    tables: Mapping[str, int]
    files: Mapping[str, tuple[str, int]]


def back_up(url: str, settings: Settings, originals: Originals, folder: Path, now: datetime) -> Manifest:
    """Write a backup into a new folder. It has its name only once it is whole."""
    if folder.exists():
        raise NotRestored(f"{folder} exists already: name a new folder for each backup.")
    half = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True, mode=0o700)
    for name, file in ((_TIPS, settings.tips_file), (FILE_NAME, settings.home / FILE_NAME)):
        if file.exists():
            _copy(file, half / name)
    tables = _dump(url, half / _DUMP)
    for file in originals.files():
        # What is erased at this very moment may be gone; the list of erasures, copied after it, says so.
        if file.exists():
            _copy(file, half / _ORIGINALS / file.parent.name / file.name)
    _copy_letters(settings.home, half)
    _copy_days(settings.register_folder, half / _REGISTER)
    for name in (ERASURES, KEY_FILE):
        if (settings.home / name).exists():
            _copy(settings.home / name, half / name)
    manifest = Manifest(_VERSION, now.isoformat(timespec="seconds"), tables, dict(_facts(half)))
    (half / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    _sync(half)
    half.rename(folder)
    _sync_one(folder.parent)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Read a backup's manifest, and compare every file with it. Raises ``NotRestored`` naming what does not fit."""
    try:
        told: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        files = {name: (digest, size) for name, (digest, size) in told["files"].items()}
        manifest = Manifest(told["version"], told["made_at"], told["tables"], files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotRestored(f"{folder} is no backup of the gateway ({error}): name a folder that it wrote.") from error
    if manifest.version != _VERSION:
        raise NotRestored(f"{folder} was written by another version of the gateway: use that one to restore it.")
    found = dict(_facts(folder))
    wrong = sorted(name for name in files.keys() | found.keys() if found.get(name) != files.get(name))
    if wrong:
        raise NotRestored(f"{folder}: {', '.join(wrong[:5])} is missing or was changed. Use another backup.")
    return manifest


def bring_settings(home: Path, folder: Path) -> None:
    """Take the settings of a backup over, unless the data folder has its own; they say where the originals go."""
    read_manifest(folder)
    if (folder / FILE_NAME).exists() and not (home / FILE_NAME).exists():
        _copy(folder / FILE_NAME, home / FILE_NAME)


def put_back(url: str, settings: Settings, originals: Path, folder: Path) -> Manifest:
    """Restore a backup into an empty database and an empty folder of originals."""
    manifest = read_manifest(folder)
    if any(originals.glob("??/*")):
        raise NotRestored(f"{originals} is not empty: restore into a new data folder (--home).")
    if _tables(url):
        raise NotRestored("The database is not empty: restore into a new data folder, or an empty database.")
    for file in sorted((folder / _ORIGINALS).glob("??/*")):
        _copy(file, originals / file.parent.name / file.name)
    _copy_letters(folder, settings.home)
    _copy_days(folder / _REGISTER, settings.register_folder)
    named = ((_TIPS, settings.tips_file), *((name, settings.home / name) for name in (ERASURES, KEY_FILE)))
    for name, target in named:
        if (folder / name).exists() and not target.exists():
            _copy(folder / name, target)
    if originals.exists():
        _sync(originals)
    restore(url, folder / _DUMP)
    found = _tables(url)
    if found != manifest.tables:
        raise NotRestored("The restored tables have other numbers of rows than the backup says: use another backup.")
    _hold_letters(url)
    return manifest


def _copy_letters(here: Path, there: Path) -> None:
    """Copy the letters as they were sent; what is erased at this very moment may be gone."""
    for file in sorted((here / FOLDER).glob("??/*")):
        if file.exists():
            _copy(file, there / FOLDER / file.parent.name / file.name)


def _copy_days(here: Path | None, there: Path | None) -> None:
    """Copy the written days of the register; a file that stands there already is left."""
    if here is None or there is None:
        return
    for file in sorted(here.glob("*/[!.]*")):
        target = there / file.parent.name / file.name
        if file.exists() and not target.exists():
            _copy(file, target)


def _hold_letters(url: str) -> None:
    """Let every letter that was to be sent wait for a clerk: it may have left after the backup was made."""
    with psycopg.connect(url) as connection:
        there = connection.execute("SELECT to_regclass('letter')").fetchone()
        if there and there[0]:
            connection.execute(
                "UPDATE letter SET state = 'held', reason = 'restored', version = version + 1 "
                "WHERE state IN ('ready', 'sending')"
            )


def _dump(url: str, file: Path) -> dict[str, int]:
    """Dump one snapshot, and count the rows of every table in the same."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        counts = _counted(connection)
        dump(url, file, str(row[0]) if row else "")
        return counts


def _tables(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return _counted(connection)


def _counted(connection: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, int]:
    named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    names = [name for (name,) in connection.execute(named).fetchall()]
    counts = {}
    for name in names:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


def _facts(folder: Path) -> Iterator[tuple[str, tuple[str, int]]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != _MANIFEST:
            yield file.relative_to(folder).as_posix(), (_digest(file), file.stat().st_size)


def _digest(file: Path) -> str:
    seen = sha256()
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            seen.update(block)
    return seen.hexdigest()


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copy2(file, target)


def _sync(folder: Path) -> None:
    """Make sure that all of it is on the disk before it gets its name."""
    for path in (*folder.rglob("*"), folder):
        _sync_one(path)


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
