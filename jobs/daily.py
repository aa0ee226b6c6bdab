"""Write the register of each finished day into a folder: once, whole, and as the database notes it.

The files lie ready under hidden names before the row that vouches for them is committed, and get their names after it.
So whatever stands in the folder under its name was noted; a crash in between leaves files that are put in place, or
thrown away, at the next turn.
"""

import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from cases.database import Database
from cases.register_day import as_csv, day_of
from cases.register_tables import DayRow
from cases.register_written import DayMoved, close_day, day_due, edition_of, newest, row_of
from cases.sources import note_trouble, said_lately
from intake.durable import sync_folder, write_file
from intake.instants import instant
from jobs.app import Daily, Wiring
from jobs.setting import NotSet, set_day

_LOG: Final = logging.getLogger(__name__)
_TURN: Final = "register/days"
_AT_ONCE: Final = 20
_OLD_S: Final = 86_400.0
_READY: Final = ".ready"
_PART: Final = ".part"


def write_days(wiring: Wiring, most: int = _AT_ONCE) -> int:
    """Write what is due, the oldest day first; give how many days. What goes wrong is told to the operator.

    One worker at a time; should two meet all the same, the row of the day has one winner.
    """
    daily = wiring.keeping.daily if wiring.keeping else None
    if daily is None:
        return 0
    done = 0
    with wiring.ledger.turn(_TURN) as mine:
        with _told(wiring):
            if mine:
                put_in_place(wiring.database, daily.folder)
        with _told(wiring):
            while mine and done < most and write_next(wiring, daily):
                done += 1
    return done


def write_next(wiring: Wiring, daily: Daily) -> bool:
    """Write the one day that is due next; False when none is. Raises ``OSError``, ``DayMoved``, ``NotSet``."""
    with wiring.database.transaction() as session:
        day = day_due(session, wiring.now())
        if day is None:
            return False
        told, edition = day_of(session, daily.body, day), edition_of(session, day) + 1
    pdf, csv = set_day(told), as_csv(told)
    row = row_of(told, edition, sha256(pdf).hexdigest(), sha256(csv).hexdigest(), wiring.now())
    for (path, digest), raw in zip(files_of(daily.folder, row), (pdf, csv), strict=True):
        _lay_ready(ready_of(path, digest), raw)
    instant("day laid ready")
    with wiring.database.transaction() as session:
        close_day(session, row, daily.body)
    instant("day noted")
    _place(daily.folder, row)
    return True


def files_of(folder: Path, row: DayRow) -> tuple[tuple[Path, str], tuple[Path, str]]:
    """Give the PDF and the CSV of a written day, each with its SHA-256."""
    named = folder / f"{row.day.year}" / (f"{row.day}" if row.edition == 1 else f"{row.day}.{row.edition}")
    return (named.with_name(f"{named.name}.pdf"), row.pdf), (named.with_name(f"{named.name}.csv"), row.csv)


def earlier_files(folder: Path, row: DayRow) -> Iterator[Path]:
    """Yield the files of earlier editions that are still there: they say what was erased since."""
    for edition in range(1, row.edition):
        earlier = row.model_copy(update={"edition": edition})
        yield from (path for path, _ in files_of(folder, earlier) if path.exists())


def ready_of(path: Path, digest: str) -> Path:
    """Give the name under which a file lies ready until its row is committed."""
    return path.with_name(f".{path.name}.{digest}{_READY}")


def put_in_place(database: Database, folder: Path) -> None:
    """Finish what a crash cut short: give noted files their names, throw old ones away that nobody noted."""
    ready = {path: _day_of(path) for path in folder.glob(f"*/.*{_READY}")}
    with database.transaction() as session:
        rows = newest(session, sorted({day for day in ready.values() if day}))
    for row in rows:
        _place(folder, row)
    for path in (*ready, *folder.glob(f"*/.*{_PART}")):
        if path.exists() and time.time() - path.stat().st_mtime > _OLD_S:
            path.unlink()


def _place(folder: Path, row: DayRow) -> None:
    """Give the files of a noted day their names; those of an earlier edition go first."""
    for path in earlier_files(folder, row):
        path.unlink()
    for path, digest in files_of(folder, row):
        ready = ready_of(path, digest)
        if not ready.exists():
            continue
        if path.exists() and sha256(path.read_bytes()).hexdigest() != digest:
            raise FileExistsError(f"another file stands at {path}: move it away")
        ready.rename(path)
        instant("day named")
    sync_folder(folder / f"{row.day.year}")


def _lay_ready(ready: Path, raw: bytes) -> None:
    ready.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    part = ready.with_name(f".{secrets.token_hex(8)}{_PART}")
    write_file(part, raw, 0o440, os.O_EXCL)
    part.rename(ready)
    for folder in (ready.parent, ready.parent.parent):
        sync_folder(folder)


def _day_of(ready: Path) -> date | None:
    try:
        return date.fromisoformat(ready.name[1:11])
    except ValueError:
        return None


@contextmanager
def _told(wiring: Wiring) -> Iterator[None]:
    """End a step that goes wrong, and tell whom it concerns: what comes after it goes on."""
    try:
        yield
    except DayMoved as error:
        _LOG.info("%s; it is written at the next turn", error)
    except (OSError, NotSet) as error:
        _say(wiring, error)


def _say(wiring: Wiring, error: OSError | NotSet) -> None:
    """Tell the operator, once an hour; the day stays due."""
    _LOG.warning("the daily register was not written: %s", type(error).__name__)
    now = wiring.now()
    with wiring.database.transaction() as session:
        if not said_lately(session, "not_written", NAME, now):
            note_trouble(session, "not_written", NAME, f"{error}. Each day waits until it can be written.", now)


NAME: Final = "daily register"
"""What operators read in 'gateway status' when it cannot be written."""
