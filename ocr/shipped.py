"""The weights of our own nets: part of the package, and only those that were measured."""

from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "weights"


class WeightsDamaged(RuntimeError):
    """Weights of ours are not there, or not the ones that were measured."""


def read_weights(file: Path, digest: str) -> bytes:
    """Read a file of weights. Raises ``WeightsDamaged`` unless its SHA-256 is the one of its model card."""
    remedy = "install the package anew; the file is part of it"
    if not file.is_file():
        raise WeightsDamaged(f"the weights {file.name} are missing: {remedy}")
    content = file.read_bytes()
    if sha256(content).hexdigest() != digest:
        raise WeightsDamaged(f"the weights {file.name} are not the ones that were measured: {remedy}")
    return content
