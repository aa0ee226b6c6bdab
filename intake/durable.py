"""Two moves of writing so that a power cut loses nothing: all bytes to the disk, then the folder that names them."""

import os
from pathlib import Path


def write_all(descriptor: int, raw: bytes) -> None:
    """Write every byte, however few the system takes at a time."""
    rest = memoryview(raw)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
