"""Cursor: a place in a list, as an opaque word. It names no person, and one that was tampered with is refused."""

import base64
import binascii
from datetime import UTC, datetime

from cases.listing import Position

_LONGEST = 100
_LARGEST_ID = 2**63 - 1


class BadCursor(ValueError):
    """The word is no cursor of ours."""


def cursor_of(position: Position) -> str:
    """Write a position as a cursor.

    >>> from datetime import datetime, UTC
    >>> place = Position(datetime(2026, 11, 24, 9, 30, tzinfo=UTC), 7)
    >>> position_of(cursor_of(place)) == place
    True
    """
    text = f"{position.received_at.astimezone(UTC).isoformat()}/{position.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position_of(cursor: str) -> Position:
    """Read a cursor. Raises ``BadCursor``."""
    if len(cursor) > _LONGEST:
        raise BadCursor("a cursor is shorter")
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        at, _, number = raw.decode("ascii").rpartition("/")
        position = Position(datetime.fromisoformat(at), int(number))
    except (binascii.Error, ValueError) as error:
        raise BadCursor("no cursor of a list") from error
    if position.received_at.tzinfo is None or not 0 <= position.id <= _LARGEST_ID:
        raise BadCursor("no cursor of a list")
    return position
