"""Trials as lines of JSON, so that collecting and fitting may run apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from parsers.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Trial:
    """One reading of a field whose truth is known; ``draft`` names the form that it stands on."""

    channel: str
    draft: int
    field: str
    evidence: Evidence
    right: bool
    read: str
    truth: str


_TRIAL = TypeAdapter(Trial)


def write(path: Path, trials: Iterable[Trial]) -> int:
    """Append trials to a file and answer how many; every line is written whole."""
    count = 0
    with path.open("ab") as out:
        for trial in trials:
            out.write(_TRIAL.dump_json(trial) + b"\n")
            count += 1
    return count


def read(paths: Iterable[Path]) -> Iterator[Trial]:
    """Yield the trials of files."""
    for path in paths:
        with path.open("rb") as lines:
            yield from (_TRIAL.validate_json(line) for line in lines)
