"""How a line of the register is sealed and chained: what its hash says of it. Pure."""

import json
from datetime import UTC

from cases.chain import digest, seal
from cases.register_tables import LineRow


def line_seal(line: LineRow) -> str:
    """Seal what is personal in a line."""
    told = [line.sender, line.recipient, line.subject]
    return seal(line.salt, json.dumps(told, ensure_ascii=True, separators=(",", ":")))


def line_hash(line: LineRow) -> str:
    """Give the hash of a line: over the line before, its number, instants, digest and seal."""
    instants = [at.astimezone(UTC).isoformat() for at in (line.registered_at, line.received_at)]
    place = [line.previous, line.year, line.number, *instants, line.receipt_id, line.item]
    return digest([*place, line.direction, line.channel, line.digest, line.reference, line.seal])
