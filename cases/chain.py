"""How a line of the register is sealed and chained: what its hash says of it. Pure."""

import json
from datetime import UTC
from hashlib import sha256
from typing import Final

from cases.register_tables import LineRow

FIRST: Final = "0" * 64
"""What the first line of a year follows."""


def line_seal(line: LineRow) -> str:
    """Seal what is personal in a line; with the salt gone, the seal tells nothing of it."""
    told = json.dumps([line.sender, line.recipient, line.subject], ensure_ascii=True, separators=(",", ":"))
    return sha256(f"{line.salt}\n{told}".encode()).hexdigest()


def line_hash(line: LineRow) -> str:
    """Give the hash of a line: over the line before, its number, instants, digest and seal."""
    instants = [at.astimezone(UTC).isoformat() for at in (line.registered_at, line.received_at)]
    place = [line.previous, line.year, line.number, *instants, line.receipt_id, line.item]
    told = [*place, line.direction, line.channel, line.digest, line.reference, line.seal]
    return sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
