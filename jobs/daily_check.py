"""Check the files of the daily register: that they are there, unchanged, and say what the register says."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from cases.database import Database
from cases.register_day import ERASED, Body, Day, as_csv
from cases.register_tables import DayRow
from cases.register_written import check_noted, check_written
from jobs.daily import earlier_files, files_of, ready_of


@dataclass(frozen=True, slots=True)
class CheckedDays:
    """What a check of the written days found: how many there are, and what is wrong."""

    days: int
    wrong: tuple[str, ...]


def check_days(database: Database, body: Body, folder: Path | None) -> CheckedDays:
    """Compare every written day with the register, and its files with both; ``None`` looks at no file."""
    with database.transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        wrong, days = list(check_noted(session)), 0
        for row, now, told in check_written(session, body):
            days += 1
            wrong += told
            wrong += _files(folder, row, now) if folder else ()
    return CheckedDays(days, tuple(wrong))


def _files(folder: Path, row: DayRow, now: Day) -> Iterator[str]:
    for path, digest in files_of(folder, row):
        ready = ready_of(path, digest)
        there = next((p for p in (path, ready) if p.is_file()), None)
        if there is None:
            yield f"{path} is missing"
        elif sha256(raw := there.read_bytes()).hexdigest() != digest:
            yield f"{path} was changed: it has other bytes than were written"
        elif path.suffix == ".csv" and not says(raw, now):
            yield f"{path} does not say what the register says"
    yield from (f"{path} names whom the register has forgotten: remove it" for path in earlier_files(folder, row))


def says(raw: bytes, now: Day) -> bool:
    """Tell whether a CSV says what the register says of the day; what the register has forgotten is not compared."""
    pairs = zip_longest(_rows(raw), _rows(as_csv(now)), fillvalue=["nothing"])
    return all(
        len(told) == len(known) and all(b in {ERASED, a} for a, b in zip(told, known, strict=True))
        for told, known in pairs
    )


def _rows(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig", errors="replace"), newline=""), delimiter=";"))
