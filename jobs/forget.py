"""Forget: erase in the database first, then the files, and keep a list so that a restored backup forgets again."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from sqlalchemy import text
from sqlmodel import Session

from cases.erase import Erased, Erasure, erase, needed
from intake.instants import instant
from intake.originals import Originals
from jobs.app import Wiring
from letters.forgotten import forget_letters, forgotten_files
from letters.office import FOLDER as LETTERS_FOLDER

ERASURES: Final = "erasures.jsonl"
"""The list of erasures in the data folder: receipts and digests, no contents."""


@runtime_checkable
class Forgetful(Protocol):
    """A source that keeps a copy of what it settled, and can remove it."""

    def forget(self, digest: str) -> bool:
        """Remove the settled copy with a digest; False when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased, and what the gateway cannot reach: places where a person must remove the copy."""

    erased: Erased
    copies: int
    elsewhere: tuple[str, ...]


def forget(wiring: Wiring, home: Path, erasures: Iterable[Erasure]) -> Iterator[Forgotten]:
    """Erase, one receipt at a time. What a crash leaves undone of it, ``again`` does at the next start."""
    for erasure in erasures:
        with wiring.database.transaction() as session:
            erased = _erase(session, erasure, wiring.now())
            # Before the commit: a list that names too much does no harm, one that names too little would.
            _list(home / ERASURES, erasure, erased)
            instant("before erase commit")
        instant("after erase commit")
        _drop_letters(wiring, home)
        yield _remove(wiring, erased)


def again(wiring: Wiring, home: Path) -> int:
    """Erase what the list names and the database still has: after a restore, or a crash in the middle."""
    count = 0
    for erasure, digest in _listed(home / ERASURES):
        with wiring.database.transaction() as session:
            told = {"id": erasure.receipt_id, "digest": digest}
            row = session.execute(_STILL_THERE, told).one_or_none()
            if row and ((erasure.original and row.original) or (erasure.values and row.words)):
                _erase(session, replace(erasure, reason=f"{erasure.reason} (again)"), wiring.now())
                count += 1
    _left_over(wiring)
    _drop_letters(wiring, home)
    return count


def _erase(session: Session, erasure: Erasure, now: datetime) -> Erased:
    """Erase what came in, and what was written about it."""
    erased = erase(session, erasure, now)
    if erasure.values:
        forget_letters(session, erasure.receipt_id)
    return erased


def _drop_letters(wiring: Wiring, home: Path) -> None:
    """Remove the files of letters that were emptied, whether letters are switched on or not."""
    kept = Originals(home / LETTERS_FOLDER)
    with wiring.database.transaction() as session:
        gone = [digest for digest in forgotten_files(session) if kept.has(digest)]
    for digest in gone:
        kept.erase(digest, lambda: False)


_STILL_THERE: Final = text(
    """
    SELECT r.erased_at IS NULL AS original,
           EXISTS (SELECT 1 FROM case_ c WHERE c.receipt_id = r.id
                      AND NOT c.payload -> 'findings' @> '[{"rule": "erased"}]') AS words
      FROM receipt r WHERE r.id = :id AND r.digest = :digest
    """
)


def _left_over(wiring: Wiring) -> None:
    """Finish what a crash cut short: files set aside, and originals of which every receipt is erased."""
    for digest in wiring.originals.undecided():
        wiring.originals.decide(digest, lambda: _needed(wiring, digest))  # noqa: B023  called at once
    query = text("SELECT digest FROM receipt GROUP BY digest HAVING bool_and(erased_at IS NOT NULL)")
    with wiring.database.transaction() as session:
        gone = list(session.scalars(query))
    for digest in gone:
        wiring.originals.erase(digest, lambda: _needed(wiring, digest))  # noqa: B023  called at once


def _remove(wiring: Wiring, erased: Erased) -> Forgotten:
    copies = 0
    if erased.original and wiring.originals.erase(erased.digest, lambda: _needed(wiring, erased.digest)):
        copies += 1
        copies += sum(s.forget(erased.digest) for s in wiring.sources.values() if isinstance(s, Forgetful))
    elsewhere = (erased.origin,) if erased.original and erased.origin.startswith("imap:") else ()
    return Forgotten(erased, copies, elsewhere)


def _needed(wiring: Wiring, digest: str) -> bool:
    with wiring.database.transaction() as session:
        return needed(session, digest)


def _list(path: Path, erasure: Erasure, erased: Erased) -> None:
    line = {**asdict(erasure), "digest": erased.digest}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, (json.dumps(line) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _listed(path: Path) -> Iterator[tuple[Erasure, str]]:
    with suppress(FileNotFoundError):
        for line in path.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, KeyError, TypeError):  # a line that a crash cut short
                told = json.loads(line)
                digest = told.pop("digest")
                yield Erasure(**told), digest
