"""The note beside a fax: who sent it, when, and how the call went, as JSON or as key=value lines."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from intake.charsets import decode_text
from intake.names import one_line

LARGEST = 65_536
_KEYS = {
    "sender": "sender",
    "from": "sender",
    "mittente": "sender",
    "received_at": "received_at",
    "received": "received_at",
    "date": "received_at",
    "ricevuto": "received_at",
    "pages": "pages",
    "pagine": "pages",
    "status": "status",
    "stato": "status",
}


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the note says; a missing or senseless value is empty."""

    sender: str = ""
    received_at: datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


def read_sidecar(raw: bytes, zone: tzinfo) -> Sidecar:
    """Read a note; times without a zone are in ``zone``. Raises ``ValueError`` when it is no note at all."""
    text = decode_text(raw[:LARGEST], "").lstrip("\ufeff").strip()
    said = _from_json(text) if text.startswith("{") else _from_lines(text)
    if not said:
        raise ValueError("neither JSON nor key=value lines with sender, received_at, pages or status")
    facts = {key: said[key] for key in ("pages", "status") if said.get(key)}
    return Sidecar(said.get("sender", ""), _time(said.get("received_at", ""), zone), facts)


def _from_json(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    return _known(found.items())


def _from_lines(text: str) -> dict[str, str]:
    pairs = (line.partition("=" if "=" in line else ":") for line in text.splitlines())
    return _known((key, value) for key, _, value in pairs)


def _known(pairs: Iterable[tuple[object, object]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for key, value in pairs:
        name = _KEYS.get(str(key).strip().lower())
        if name and isinstance(value, (str, int)):
            known.setdefault(name, one_line(str(value)))
    return known


def _time(text: str, zone: tzinfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
