"""The emergency register: what was numbered by hand while the gateway stood still gets its numbers afterwards."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import select, text
from sqlmodel import Session, col

from cases.register import Direction, Entry, RegisterNumber, enter_and_note, number_of
from cases.register_tables import LineRow
from checks.context import ROME
from intake.receipt import Channel

COLUMNS: Final = ("numero", "data", "verso", "canale", "mittente", "destinatario", "oggetto")
_WAYS: Final = {"entrata": Direction.IN, "uscita": Direction.OUT}
_LOCK: Final = 0x454D_4552
_MOST: Final = 100_000


class BadSeries(Exception):
    """The list of the emergency register cannot be used; the message names the line and the remedy."""


def read_series(raw: bytes) -> tuple[Entry, ...]:
    """Read the list: CSV with semicolons, the columns of ``COLUMNS``, dates like 2026-11-26 09:30 in Rome.

    The digest is that of the row itself: the paper has none. Raises ``BadSeries``.
    """
    try:
        lines = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
        if tuple(lines.fieldnames or ()) != COLUMNS:
            raise BadSeries(f"the first line must name the columns {';'.join(COLUMNS)}")
        return tuple(_entries(lines))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadSeries(f"it is no CSV in UTF-8: {error}") from None


def merge_series(session: Session, series: tuple[Entry, ...], now: datetime) -> list[tuple[str, RegisterNumber]]:
    """Enter what is not in the register yet, in the order of the list; give emergency numbers with the new ones."""
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    asked = select(col(LineRow.reference)).where(col(LineRow.reference).in_([entry.reference for entry in series]))
    known = set(session.scalars(asked))
    lines = enter_and_note(session, None, [entry for entry in series if entry.reference not in known], now)
    return [(line.reference, number_of(line)) for line in lines]


def _entries(lines: Iterator[Mapping[str, str]]) -> Iterator[Entry]:
    seen: set[str] = set()
    for at, row in enumerate(lines, 2):
        if None in row or None in row.values():
            raise BadSeries(f"line {at} has not {len(COLUMNS)} columns")
        entry = _entry(at, row)
        if entry.reference in seen:
            raise BadSeries(f"line {at}: the number {row['numero']} comes twice")
        seen.add(entry.reference)
        if at > _MOST:
            raise BadSeries(f"more than {_MOST} lines: part the list")
        yield entry


def _entry(at: int, row: Mapping[str, str]) -> Entry:
    try:
        number = RegisterNumber.parse(row["numero"])
        then = datetime.fromisoformat(row["data"].strip())
        channel = Channel(row["canale"].strip().lower())
        way = _WAYS[row["verso"].strip().lower()]
    except (ValueError, KeyError) as error:
        raise BadSeries(f"line {at}: {error}. Use 2026/1, 2026-11-26 09:30, entrata or uscita, email or post") from None
    told = ";".join(row[name] for name in COLUMNS)
    return Entry(
        direction=way,
        channel=channel.value,
        digest=sha256(told.encode()).hexdigest(),
        received_at=then if then.tzinfo else then.replace(tzinfo=ROME),
        subject=row["oggetto"],
        sender=row["mittente"],
        recipient=row["destinatario"],
        reference=f"E{number}",
    )
