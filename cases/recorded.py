"""Recorded: a whole look as it is kept with its receipt, small and versioned."""

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pydantic import TypeAdapter, ValidationError

from cases.plain import plain_json
from cases.submission import Looked
from cases.transcript import Transcript
from parsers.reading import Reading

RECORD_VERSION: Final = 1
"""The shape of a record. A reader of a later version still reads this one; names never change their meaning."""
_MOST_BYTES: Final = 100_000_000


class NoRecord(Exception):
    """A stored record cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Told:
    """One submission as it was read: its values before the checks, and the inks that they came from."""

    reading: Reading
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Recorded:
    """One look: when it was, what the delivery told of itself, and each submission.

    ``looked_on`` is the day that the checks went by; ``failure`` is the sentence of a look that failed.
    """

    looked_on: date | None
    sender: str = ""
    certified_at: datetime | None = None
    failure: str = ""
    submissions: tuple[Told, ...] = ()


_RECORDED: Final = TypeAdapter(Recorded)
_JSON: Final = TypeAdapter(object)


def recorded(looked: Looked) -> Recorded:
    """Give what is kept of a look."""
    told = tuple(Told(s.reading, s.transcript or Transcript()) for s in looked.submissions)
    return Recorded(looked.looked_on, looked.sender, looked.certified_at, looked.failure, told)


def pressed(record: Recorded) -> bytes:
    """Bring a record to the bytes that are stored: JSON, deflated."""
    return zlib.compress(_JSON.dump_json(plain_json(_RECORDED.dump_python(record, mode="json"))), 9)


def unpressed(body: bytes, version: int) -> Recorded:
    """Read a stored record. Raises ``NoRecord`` for one of a later version, or damaged."""
    if version > RECORD_VERSION:
        raise NoRecord(f"the reading was stored by a newer program (record version {version}): update this one")
    try:
        opener = zlib.decompressobj()
        raw = opener.decompress(body, _MOST_BYTES)
        if opener.unconsumed_tail:
            raise NoRecord("the stored reading is larger than any true one")
        return _RECORDED.validate_json(raw)
    except (zlib.error, ValidationError) as error:
        raise NoRecord(f"the stored reading is damaged: {type(error).__name__}") from error
